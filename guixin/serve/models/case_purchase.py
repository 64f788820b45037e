"""What a case is about, out of what its customer bought (涉及订单)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.organisation.models import Person
from guixin.serve.models.case import Case
from guixin.understand.models import Purchase
from guixin.web import money


class CasePurchaseQuerySet(models.QuerySet["CasePurchase"]):
    def standing(self) -> "CasePurchaseQuerySet":
        """Those that were not taken off again, with what came back of each purchase, in the order they were named."""
        came_back = Purchase.objects.with_what_came_back().select_related("product")
        rows = self.filter(off_at=None).order_by("at", "pk")
        return rows.prefetch_related(models.Prefetch("purchase", queryset=came_back))


class CasePurchase(models.Model):
    """One line of an order, named in one case. Taken off it stays as history; named again it is another row.

    `quantity`: how many of it went wrong, blank: all of the line. `by`: blank, its number stood in the words of the case.
    """

    ABOUT = "case_purchase"

    class How(models.TextChoices):
        CHOSEN = "chosen", _("chosen")
        FOUND = "found", _("found by its number in the words")
        CARRIED = "carried", _("came from another case")
        ASKED = "asked", _("the survey asked about it")

    case = models.ForeignKey(Case, models.CASCADE, related_name="named_purchases")
    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="+", db_index=False)
    quantity = models.DecimalField(max_digits=15, decimal_places=3, null=True)
    how = models.TextField(choices=How, default=How.CHOSEN)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    off_at = models.DateTimeField(null=True)
    off_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = CasePurchaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "purchase"], name="purchase_named_once", condition=Q(off_at=None)
            ),
            models.CheckConstraint(
                name="named_quantity", condition=Q(quantity__isnull=True) | Q(quantity__gt=0)
            ),
        ]
        indexes = [
            models.Index(fields=["purchase"], name="cases_of_purchase", condition=Q(off_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.purchase_id}"

    @property
    def amount(self) -> int:
        """What went wrong in it costs this, less what came back: minor units of its currency."""
        return self.purchase.amount_of(self.quantity)

    def shown_quantity(self) -> str:
        whole = self.purchase.shown_quantity()
        if self.quantity is None:
            return whole
        return _("%(part)s of %(whole)s") % {"part": f"{self.quantity.normalize():f}", "whole": whole}

    def shown_amount(self) -> str:
        return money.shown(self.amount, self.purchase.currency)
