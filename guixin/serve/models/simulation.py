"""A draft of a standard tried on past cases: what was asked, how far it is, and each promise it would have changed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.organisation.models import Department, Person
from guixin.promise.models import Standard
from guixin.serve.models.case import Case
from guixin.understand.models import Segment


class Simulation(models.Model):
    """`terms` are the draft's, as plain values; none of them is in force. Without terms: what a withdrawal would do."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being worked out")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    standard = models.ForeignKey(Standard, models.CASCADE, null=True, related_name="+")  # none yet: a new one
    measure = models.TextField()  # a Measure
    terms = models.JSONField(null=True)
    named = models.JSONField(default=dict)  # name, name_en and owner of a new one
    opened_from = models.DateTimeField()  # of the cases it is tried on
    opened_until = models.DateTimeField()
    state = models.TextField(choices=State, default=State.WAITING)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    cases = models.PositiveIntegerField(default=0)  # in the span
    looked_at = models.PositiveIntegerField(default=0)  # of them, so far
    promises = models.PositiveIntegerField(default=0)  # of this measure that they were given
    after_at = models.DateTimeField(null=True)  # where the next piece begins
    after_id = models.BigIntegerField(default=0)
    problem = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="simulation_to_do", condition=Q(state="waiting")),
        ]
        constraints = [
            models.CheckConstraint(
                name="simulation_state", condition=Q(state__in=["waiting", "done", "failed"])
            ),
            models.CheckConstraint(
                name="simulation_span", condition=Q(opened_until__gt=models.F("opened_from"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.pk} {self.state}"

    @property
    def percent(self) -> int:
        return 100 * self.looked_at // self.cases if self.cases else 0


class SimulatedPromise(models.Model):
    """One promise as it was and as it would have been.

    No old deadline: nothing was promised then. No new one: nothing would be. A new deadline without a new level: it
    would have been promised, and whether it would have been kept is not recorded anywhere.
    """

    simulation = models.ForeignKey(Simulation, models.CASCADE, related_name="rows", db_index=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    department = models.ForeignKey(  # that kept it
        Department, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    segment = models.ForeignKey(  # of the customer
        Segment, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    grade = models.TextField()
    category = models.TextField()
    old_due_at = models.DateTimeField(null=True)
    new_due_at = models.DateTimeField(null=True)
    old_reminded = models.BooleanField(default=False)
    new_reminded = models.BooleanField(default=False)
    old_level = models.PositiveSmallIntegerField(null=True)  # 0 kept, 1 broken, 2 and above climbed
    new_level = models.PositiveSmallIntegerField(null=True)
    old_again = models.PositiveSmallIntegerField(default=0)  # times the top was told once more
    new_again = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["simulation", "id"], name="simulated_of_one")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.old_due_at} → {self.new_due_at}"
