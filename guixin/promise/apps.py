from django.apps import AppConfig


class PromiseConfig(AppConfig):
    name = "guixin.promise"
    label = "promise"
    default_auto_field = "django.db.models.BigAutoField"
