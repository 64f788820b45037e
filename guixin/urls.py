"""Every address the product answers."""

from django.urls import include, path

urlpatterns: list = [
    path("api/", include("guixin.channels.api.urls")),
    path("", include("guixin.desks.urls")),
]

handler400 = "guixin.web.body_size.refused"
