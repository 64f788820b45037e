from django.apps import AppConfig


class HandbookConfig(AppConfig):
    name = "guixin.handbook"
    label = "handbook"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guixin.handbook import passing_on

        passing_on.offer()
