"""A rung of the ladder that was reached: who was told, at which level, because of what."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guixin.ledger.wording import coded
from guixin.organisation.models import Department, Person
from guixin.promise.models.clock import Clock


class EscalationQuerySet(models.QuerySet):
    def of_case(self, case_id: int) -> "EscalationQuerySet":
        return self.filter(case_id=case_id).order_by("happened_at", "level", "id")

    def raised(self) -> "EscalationQuerySet":
        """Real escalations; level 0 is the reminder to the one who holds the promise."""
        return self.filter(level__gte=1)

    def waiting(self) -> "EscalationQuerySet":
        """Raised, and somebody still has to decide; the highest level first, of one level the oldest."""
        return self.raised().filter(over_at__isnull=True).order_by("-level", "happened_at", "id")

    def waiting_for(self, person_id: int) -> "EscalationQuerySet":
        return self.waiting().filter(to_person_id=person_id)


class Escalation(models.Model):
    """Responsibility went up to `to_person`. Unique by (clock, level, round): never twice, by constraint.

    Level 0 is the reminder before the deadline, 1 the breach itself, told to the first authority above;
    at the top of the ladder `round` counts the reminders that follow until somebody acts.

    It waits for `to_person` until it is over: an authority acted, the promise ended, or it went up a level.
    """

    class Cause(models.TextChoices):
        LATE = "late", _("late")
        DISSATISFIED = "dissatisfied", _("customer dissatisfied")
        REPEAT = "repeat", _("same complaint again")
        BY_HAND = "by_hand", _("raised by hand")

    class How(models.TextChoices):
        """What the authority did."""

        ACTED = "acted", _("acted")
        TOOK_OVER = "took_over", _("took over")
        INSTRUCTED = "instructed", _("instructed")
        REASSIGNED = "reassigned", _("reassigned")
        SILENCED = "silenced", _("silenced")

    case_id = models.BigIntegerField(null=True)  # none: what its clock is about is no part of a case
    clock = models.ForeignKey(Clock, models.PROTECT, null=True, related_name="escalations", db_index=False)
    cause = models.TextField(choices=Cause, default=Cause.LATE)
    level = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField(default=0)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", db_index=False)
    from_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    to_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    is_top = models.BooleanField(default=False)
    skipped = models.JSONField(default=list)  # [{"person_id", "reason", "deputy_id"}]: who was absent
    reason = models.TextField(default="")
    happened_at = models.DateTimeField()  # when the step was due, not when we noticed
    made_at = models.DateTimeField()
    acted_at = models.DateTimeField(null=True)
    acted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    act_note = models.TextField(default="")
    acted_how = models.TextField(choices=How, blank=True, default="")
    look_again_at = models.DateTimeField(null=True)  # until then the ladder rests
    over_at = models.DateTimeField(null=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["case_id"], name="escalation_of_case"),
            models.Index(
                fields=["to_person", "-level", "happened_at", "id"],
                name="escalation_waiting_for",
                condition=models.Q(over_at__isnull=True, level__gte=1),
            ),
            models.Index(
                fields=["-level", "happened_at", "id"],
                name="escalation_waiting",
                condition=models.Q(over_at__isnull=True, level__gte=1),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["clock", "level", "round"], name="one_escalation_a_step"),
            models.CheckConstraint(  # nothing is raised about nothing
                name="escalation_about_something",
                condition=models.Q(case_id__isnull=False) | models.Q(clock__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.case_id} level {self.level}.{self.round}"

    @property
    def matter(self) -> tuple[str, int] | None:
        """What it is about when that is no part of a case, for `matters`; None for a case."""
        return self.clock.about if self.case_id is None and self.clock else None


coded("cause", Escalation.Cause.choices)
