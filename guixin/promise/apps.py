from django.apps import AppConfig


class PromiseConfig(AppConfig):
    name = "guixin.promise"
    label = "promise"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guixin.promise import authorising
        from guixin.promise.matters import looked_up_by
        from guixin.promise.models import AuthorityRequest

        looked_up_by(AuthorityRequest.ABOUT, authorising.as_matters)
