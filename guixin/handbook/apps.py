from django.apps import AppConfig


class HandbookConfig(AppConfig):
    name = "guixin.handbook"
    label = "handbook"
    default_auto_field = "django.db.models.BigAutoField"
