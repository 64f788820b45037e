"""Goodwill (善意补偿): money promised to the customer of a case, by whoever's authority it was."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from guixin.ledger.wording import shown_by
from guixin.organisation.models import Person, Use
from guixin.promise.models import AuthorityRequest
from guixin.serve.models.case import Case
from guixin.web import money


class Goodwill(models.Model):
    """One sum for one case. It is promised when an authority allowed it; until then it is asked for."""

    class State(models.TextChoices):
        ASKED = "asked"
        PROMISED = "promised"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"  # asked for in vain, or promised and taken back: the authority is free again

    case = models.ForeignKey(Case, models.PROTECT, related_name="goodwill")
    amount = models.BigIntegerField()  # minor units
    currency = models.TextField()
    reason = models.TextField()
    state = models.TextField(choices=State, default=State.ASKED)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    use = models.OneToOneField(Use, models.PROTECT, null=True, related_name="+")
    request = models.OneToOneField(AuthorityRequest, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="goodwill_is_money", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="goodwill_promised_by_authority", condition=~Q(state="promised") | Q(use__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.state}"

    @property
    def about(self) -> tuple[str, int]:
        return "goodwill", self.pk


def _sum(written: str) -> str:
    amount, currency = written.split(" ")
    return money.shown(money.minor_units(Decimal(amount), currency), currency)


shown_by("sum", _sum, of="serve.goodwill_")
