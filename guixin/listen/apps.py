from django.apps import AppConfig


class ListenConfig(AppConfig):
    name = "guixin.listen"
    label = "listen"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guixin.listen import passing_on

        passing_on.offer()
