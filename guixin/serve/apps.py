from django.apps import AppConfig


class ServeConfig(AppConfig):
    name = "guixin.serve"
    label = "serve"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guixin.organisation.prices import prices_told_by
        from guixin.promise.matters import looked_up_by
        from guixin.serve import passing_on, trying_rules
        from guixin.serve.asking_experts import as_matters, seen_by
        from guixin.serve.call_backs import call_backs_as_matters, call_backs_seen_by
        from guixin.serve.emergencies import reviews_as_matters, reviews_seen_by
        from guixin.serve.models import CallBack, Emergency, HardProblem
        from guixin.serve.stakes import price_of_cases
        from guixin.serve.surges import surges_as_matters, surges_seen_by

        looked_up_by(CallBack.ABOUT, call_backs_seen_by, call_backs_as_matters)
        looked_up_by(Emergency.REVIEW, reviews_seen_by, reviews_as_matters)
        looked_up_by(HardProblem.ABOUT, seen_by, as_matters)
        looked_up_by("surge", surges_seen_by, surges_as_matters)
        prices_told_by(price_of_cases)
        passing_on.offer()
        trying_rules.offer()
