from django.apps import AppConfig


class PromiseConfig(AppConfig):
    name = "guixin.promise"
    label = "promise"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guixin.promise import (
            authorising,
            passing_on,
            proposing,
            reading,
            stating,
            strategies,
            trial_ways,
        )
        from guixin.promise.matters import looked_up_by
        from guixin.promise.models import AuthorityRequest, Proposal, Statement, StrategyStep, StrategyTask
        from guixin.understand.models import KnowledgeShare

        looked_up_by(AuthorityRequest.ABOUT, authorising.seen_by, authorising.as_matters)
        looked_up_by(Proposal.ABOUT, proposing.seen_by, proposing.as_matters)
        looked_up_by(Statement.ABOUT, stating.seen_by, stating.as_matters)
        looked_up_by(StrategyStep.ABOUT, strategies.steps_seen_by, strategies.steps_as_matters)
        looked_up_by(KnowledgeShare.ABOUT, reading.seen_by, reading.as_matters)
        looked_up_by(StrategyTask.ABOUT, strategies.tasks_seen_by, strategies.tasks_as_matters)
        passing_on.offer()
        trial_ways.offer()
