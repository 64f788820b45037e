from django.apps import AppConfig


class RecoverConfig(AppConfig):
    name = "guixin.recover"
    label = "recover"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guixin.promise.matters import looked_up_by
        from guixin.recover import passing_on
        from guixin.recover.models import Recovery
        from guixin.recover.plans import as_matters, seen_by

        looked_up_by(Recovery.ABOUT, seen_by, as_matters)
        passing_on.offer()
