"""Closing a case, reopening it under the same number, and asking afterwards whether it was good."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.ledger.wording import coded
from guixin.organisation.models import Department, Person
from guixin.serve.models.case import Case


class Closing(models.Model):
    """One closing, with its classification. A reopened case has several."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="closings", db_index=False)
    generation = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")  # responsible
    quality_point = models.TextField(blank=True, default="")  # code of a Term
    cause = models.TextField(blank=True, default="")
    severity = models.PositiveSmallIntegerField(null=True)
    summary = models.TextField(blank=True, default="")
    version = models.PositiveSmallIntegerField(
        db_default=1
    )  # moves with every correction of the classification
    suggested = models.JSONField(
        null=True
    )  # {field: [code, probability]} when it was closed; see `suggesting`

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "generation"], name="one_closing_a_generation")
        ]
        indexes = [  # what was found out on a day
            models.Index(
                fields=["at"], name="closing_classified", condition=~Q(quality_point="") | ~Q(cause="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}.{self.generation}"


class Reopening(models.Model):
    """A closed case opened again: same number, new generation of promises."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="reopenings")
    generation = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # none: the customer
    reason = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "generation"], name="one_reopening_a_generation")
        ]

    def __str__(self) -> str:
        return f"{self.case_id}.{self.generation}"


class FollowUp(models.Model):
    """Asking the customer after the closing (回访), scheduled by the system."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    class Outcome(models.TextChoices):
        SATISFIED = "satisfied", _("Satisfied")
        DISSATISFIED = "dissatisfied", _("Dissatisfied")
        NOT_REACHED = "not_reached", _("Not reached")

    case = models.ForeignKey(Case, models.CASCADE, related_name="follow_ups")
    generation = models.PositiveSmallIntegerField()
    state = models.TextField(choices=State, default=State.PLANNED)
    planned_for = models.DateTimeField()
    holder = models.ForeignKey(Person, models.PROTECT, related_name="+")
    outcome = models.TextField(choices=Outcome, blank=True, default="")
    department_at_fault = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    comment = models.TextField(blank=True, default="")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # none: the customer

    class Meta:
        indexes = [
            models.Index(
                fields=["holder", "planned_for"], name="follow_up_planned", condition=Q(state="planned")
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "generation"], name="one_follow_up_a_generation"),
            models.CheckConstraint(
                name="follow_up_done_has_outcome",
                condition=~Q(state="done") | (~Q(outcome="") & Q(done_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}.{self.generation} {self.state}"

    @property
    def about(self) -> tuple[str, int]:
        return "follow_up", self.pk


coded("outcome", FollowUp.Outcome.choices)
