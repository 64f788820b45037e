"""Goodwill (善意补偿): what is promised to the customer of a case, by whoever's authority, until they have it."""

from decimal import Decimal

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guixin.ledger.wording import coded, shown_by
from guixin.organisation.access import scope_of
from guixin.organisation.models import Person, Use
from guixin.organisation.models.position import Duty
from guixin.promise.models import AuthorityRequest
from guixin.serve.models.case import Case
from guixin.web import money


class GoodwillQuerySet(models.QuerySet["Goodwill"]):
    def owed_or_given(self) -> "GoodwillQuerySet":
        """What authority was used for and not given back."""
        return self.filter(state__in=[Goodwill.State.PROMISED, Goodwill.State.GIVEN])

    def visible_to(self, person: Person) -> "GoodwillQuerySet":
        """Whoever sees the case, who promised or decided it, and finance, which pays it."""
        scope = scope_of(person)
        if scope.sees_everything or scope.is_front_desk or scope.has_duty(Duty.FINANCE):
            return self
        if scope.person_id is None:
            return self.none()
        cases = Case.objects.visible_to(person).filter(pk=OuterRef("case"))
        return self.filter(Q(by=person) | Q(use__decided_by=person) | Exists(cases))


class Goodwill(models.Model):
    """One thing for one case, worth a sum. It is promised when an authority allowed it; until then it is asked for.

    settled_at   when it was decided, or taken back
    given_on     the day the customer had it, with the number of the payment or parcel; whose entry that is, and when
    """

    class Kind(models.TextChoices):
        GOODWILL = "goodwill", _("Goodwill")
        REFUND = "refund", _("Refund")
        REPLACEMENT = "replacement", pgettext_lazy("recovery", "Replacement")
        CREDIT = "credit", _("Credit")
        GIFT = "gift", _("Gift")

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("compensation", "Asked for")
        PROMISED = "promised", pgettext_lazy("compensation", "Promised")
        GIVEN = "given", pgettext_lazy("compensation", "Paid or handed over")
        REFUSED = "refused", pgettext_lazy("compensation", "Refused")
        # asked for in vain, or promised and taken back: the authority is free again
        WITHDRAWN = "withdrawn", pgettext_lazy("compensation", "Taken back")

    kind = models.TextField(choices=Kind, default=Kind.GOODWILL, db_default=Kind.GOODWILL)
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
    given_on = models.DateField(null=True)
    given_at = models.DateTimeField(null=True)
    given_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    reference = models.TextField(blank=True, default="")

    objects = GoodwillQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-at", "-id"], name="goodwill_latest")]
        constraints = [
            models.CheckConstraint(name="goodwill_is_money", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="goodwill_promised_by_authority",
                condition=~Q(state__in=["promised", "given"]) | Q(use__isnull=False),
            ),
            models.CheckConstraint(
                name="goodwill_given_has_day",
                condition=Q(
                    state="given", given_on__isnull=False, given_at__isnull=False, given_by__isnull=False
                )
                | (~Q(state="given") & Q(given_on__isnull=True, given_at__isnull=True)),
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


coded("compensation", Goodwill.Kind.choices)
shown_by("sum", _sum, of="serve.goodwill_")
shown_by("sum", _sum, of="serve.price_stated")
shown_by("sum", _sum, of="serve.purchase_")
shown_by("before", lambda written: _sum(written) if written else "", of="serve.price_stated")
