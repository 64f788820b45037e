"""Every address the product answers."""

urlpatterns: list = []
