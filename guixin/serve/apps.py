from django.apps import AppConfig


class ServeConfig(AppConfig):
    name = "guixin.serve"
    label = "serve"
    default_auto_field = "django.db.models.BigAutoField"
