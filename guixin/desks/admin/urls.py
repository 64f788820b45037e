"""Every address under /admin."""

from django.urls import path

from guixin.desks.admin import index

urlpatterns = [
    path("", index.index, name="admin"),
]
