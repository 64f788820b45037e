"""An extension (延期): more time, asked for before the deadline, granted or refused by the next authority."""

from django.db import models
from django.db.models import Q

from guixin.organisation.models import Person
from guixin.promise.models.clock import Clock


class Extension(models.Model):
    """Asked for one clock. A granted one changes the clock's budget; the old deadline stays readable here."""

    class State(models.TextChoices):
        ASKED = "asked"
        GRANTED = "granted"
        REFUSED = "refused"
        EXPIRED = "expired"  # the promise ended before anybody decided

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="extensions")
    case_id = models.BigIntegerField()
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reason = models.TextField()
    old_due_at = models.DateTimeField()
    wanted_until = models.DateTimeField()
    authority = models.ForeignKey(Person, models.PROTECT, related_name="+")  # who decides
    state = models.TextField(choices=State, default=State.ASKED)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.TextField(default="")
    new_due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["case_id"], name="extension_of_case"),
            models.Index(
                fields=["authority", "old_due_at", "id"],
                name="extension_waiting_for",
                condition=Q(state="asked"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=Q(state="asked"), name="one_request_at_a_time"
            ),
            models.CheckConstraint(
                name="extension_decided",
                condition=Q(state="asked", decided_at__isnull=True)
                | Q(state="granted", decided_at__isnull=False, new_due_at__isnull=False)
                | Q(state__in=["refused", "expired"], decided_at__isnull=False, new_due_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id}: {self.state}"
