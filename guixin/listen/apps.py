from django.apps import AppConfig


class ListenConfig(AppConfig):
    name = "guixin.listen"
    label = "listen"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guixin.listen import passing_on, sharing_results
        from guixin.promise.reading import shown_on

        passing_on.offer()
        shown_on(sharing_results.ABOUT, sharing_results.pages_of)
