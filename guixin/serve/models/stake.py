"""The price of what went wrong (涉及金额): what is given for a case is held against it."""

from django.db import models
from django.db.models import Q

from guixin.organisation.models import Person
from guixin.serve.models.case import Case


class Stake(models.Model):
    """One a case, in minor units; stated anew it is another. `order`: the order of the customer it stands in, blank: by hand."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="stake")
    amount = models.BigIntegerField()
    currency = models.TextField()
    order = models.TextField(blank=True, default="")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="stake_is_money", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"{self.case_id} {self.amount} {self.currency}"
