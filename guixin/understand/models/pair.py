from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guixin.organisation.models import Person
from guixin.understand.models.customer import Customer


class Pair(models.Model):
    """Two customers who may be one, found by a worker; and what somebody decided, so that nobody is asked twice."""

    class State(models.TextChoices):
        OPEN = "open", _("To be decided")
        DIFFERENT = "different", _("Not the same")
        MERGED = "merged", _("Merged")

    first = models.ForeignKey(
        Customer, models.CASCADE, related_name="+", db_index=False
    )  # the one with the smaller id
    second = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    reasons = ArrayField(models.TextField())  # keys of duplicates.REASONS
    weight = models.PositiveSmallIntegerField()
    found_at = models.DateTimeField()
    state = models.TextField(choices=State, default=State.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_in_order"),
        ]
        indexes = [
            models.Index(fields=["-weight", "id"], name="pair_open", condition=Q(state="open")),
            models.Index(fields=["second"], name="pair_second"),
        ]

    def __str__(self):
        return f"{self.first_id} and {self.second_id}"
