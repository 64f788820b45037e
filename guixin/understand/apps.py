from django.apps import AppConfig


class UnderstandConfig(AppConfig):
    name = "guixin.understand"
    label = "understand"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guixin.understand import passing_on

        passing_on.offer()
