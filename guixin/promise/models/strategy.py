"""How the firm serves one segment, on purpose: five steps and a review, round after round (差异化服务五步法)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.ledger.wording import coded
from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.understand.models import Segment


class CycleQuerySet(models.QuerySet["StrategyCycle"]):
    def visible_to(self, person: Person) -> "CycleQuerySet":
        """Everybody who works here: whoever carries a strategy out must know it, and it names no customer."""
        return self if scope_of(person).person_id else self.none()

    def open(self) -> "CycleQuerySet":
        return self.filter(reviewed_at__isnull=True)


class StrategyCycle(models.Model):
    """One round of a segment's strategy. Its review opens the next, which begins with what was learnt."""

    segment = models.ForeignKey(Segment, models.PROTECT, related_name="strategy_cycles")
    number = models.PositiveIntegerField()
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    carried = models.TextField(blank=True, default="")  # what the round before learnt
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    learnt = models.TextField(blank=True, default="")
    broken = models.JSONField(default=list)  # at which moments of truth promises were, as the review found it

    objects = CycleQuerySet.as_manager()

    class Meta:
        verbose_name = _("strategy")
        constraints = [
            models.UniqueConstraint(fields=["segment", "number"], name="one_cycle_a_number"),
            models.UniqueConstraint(
                fields=["segment"], condition=Q(reviewed_at__isnull=True), name="one_cycle_at_work"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.segment} {self.number}"


class StrategyStep(models.Model):
    """One of the six. `version` moves with every edit: the guard against overwriting each other."""

    class Kind(models.TextChoices):
        NEEDS = "needs", _("What they need")
        PROPOSITION = "proposition", _("What we offer them")
        PACKAGE = "package", _("What we promise them")
        IMPLEMENTATION = "implementation", _("How we make it happen")
        COMMUNICATION = "communication", _("How we tell them")
        REVIEW = "review", _("What we learnt")

    class State(models.TextChoices):
        OPEN = "open", _("Not begun")
        AT_WORK = "at_work", _("At work")
        DONE = "done", _("Done")
        CARRIED = "carried", _("Carried into the next round")

    ABOUT = "strategy_step"

    cycle = models.ForeignKey(StrategyCycle, models.CASCADE, related_name="steps")
    kind = models.TextField(choices=Kind)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+")
    state = models.TextField(choices=State, default=State.OPEN)
    words = models.TextField(blank=True, default="")
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "kind"], name="one_step_of_a_kind"),
            models.CheckConstraint(
                name="strategy_step_state", condition=Q(state__in=["open", "at_work", "done", "carried"])
            ),
            models.CheckConstraint(
                name="strategy_step_done_has_time",
                condition=Q(state="done", done_at__isnull=False)
                | (~Q(state="done") & Q(done_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} {self.kind}"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.OPEN, self.State.AT_WORK)


class StrategyTask(models.Model):
    """Something somebody does by a day so that the strategy comes true."""

    ABOUT = "strategy_task"

    step = models.ForeignKey(StrategyStep, models.CASCADE, related_name="tasks")
    what = models.TextField()
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    outcome = models.TextField(blank=True, default="")
    carried_from = models.ForeignKey(  # the same of the round before, which it did not get done in
        "self", models.PROTECT, null=True, related_name="+", db_index=False
    )
    carried = models.BooleanField(default=False)  # into the next round

    def __str__(self) -> str:
        return self.what

    @property
    def is_open(self) -> bool:
        return self.done_at is None and not self.carried


class StrategyEvidence(models.Model):
    """What a step rests on: words, and a page of ours that shows it."""

    step = models.ForeignKey(StrategyStep, models.CASCADE, related_name="evidence")
    words = models.TextField()
    address = models.TextField(blank=True, default="")  # a path of ours; never another site
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    def __str__(self) -> str:
        return self.words


coded("step", StrategyStep.Kind.choices)
