"""Purchases: every line of an order, and every line that took something back."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Abs, Coalesce
from django.utils.translation import gettext_lazy as _

from guixin.organisation.access import scope_of
from guixin.understand.models.customer import Customer
from guixin.understand.models.product import Product
from guixin.web import money


class PurchaseQuerySet(models.QuerySet["Purchase"]):
    def visible_to(self, person) -> "PurchaseQuerySet":
        """Whoever may see every customer may see every purchase. What one customer bought is reached through
        the customer, by whoever may see that customer."""
        scope = scope_of(person)
        return self if scope.sees_everything or scope.is_front_desk else self.none()

    def newest_first(self) -> "PurchaseQuerySet":
        return self.order_by("-bought_at", "-pk")

    def with_what_came_back(self) -> "PurchaseQuerySet":
        """`back_quantity` and `back_amount` beside each line: what returns and cancellations took of it, counted up."""

        def taken(field: str, zero: Any, kind: models.Field) -> Coalesce:
            backs = Purchase.objects.filter(
                takes_back=OuterRef("pk"), kind__in=[Purchase.Kind.RETURN, Purchase.Kind.CANCELLATION]
            ).order_by()
            total = backs.values("takes_back").annotate(sum=Sum(Abs(field))).values("sum")
            return Coalesce(Subquery(total), Value(zero), output_field=kind)

        return self.annotate(
            back_quantity=taken("quantity", Decimal(0), models.DecimalField()),
            back_amount=taken("amount", 0, models.BigIntegerField()),
        )


class Purchase(models.Model):
    """One line of an order, a return, or a cancellation. Never edited: what is wrong is taken back by another line.

    `amount` is the whole line in minor units of `currency`; negative where money went back.
    `line_key` is the source's own key of the line, or one made of its content and of how many lines of the order
    read the same before it, so that a second real copy is kept and a second reading of the file is not.
    """

    class Kind(models.TextChoices):
        SALE = "sale", _("Purchase")
        RETURN = "return", _("Return")
        CANCELLATION = "cancellation", _("Cancellation")
        CORRECTION = "correction", _("Correction")  # of the books or the stock: no customer's doing

    # Statements are checked as sets, by triggers (migration 0019): keys of the database ask once for each line.
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, related_name="purchases", db_index=False, db_constraint=False
    )
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    kind = models.TextField(choices=Kind, default=Kind.SALE)
    bought_at = models.DateTimeField()
    quantity = models.DecimalField(max_digits=15, decimal_places=3, default=1)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    order_key = models.TextField()
    line_key = models.TextField()
    source = models.TextField()
    takes_back = (
        models.ForeignKey(  # the line of the order this return or cancellation is about, where it is known
            "self",
            models.PROTECT,
            null=True,
            related_name="taken_back_by",
            db_index=False,
            db_constraint=False,
        )
    )
    landed_at = models.DateTimeField()

    objects = PurchaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "line_key"], name="purchase_lands_once"),
            models.CheckConstraint(
                name="purchase_kind_known",
                condition=Q(kind__in=["sale", "return", "cancellation", "correction"]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer", "-bought_at"],
                name="purchase_of_customer",
                condition=Q(customer__isnull=False),
            ),
            models.Index(fields=["-bought_at", "-id"], name="purchase_newest"),
            models.Index(fields=["order_key"], name="purchase_of_order"),
            models.Index(
                fields=["product", "-bought_at"],
                name="purchase_of_product",
                condition=Q(product__isnull=False),
            ),
            models.Index(
                fields=["takes_back"], name="purchase_taken_back", condition=Q(takes_back__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.order_key} {self.kind}"

    # Of a line that was read `with_what_came_back`; else nothing came back.
    back_quantity: Decimal = Decimal(0)
    back_amount: int = 0

    @property
    def came_back(self) -> str:
        """ "whole", "part" or nothing."""
        if not self.back_quantity and not self.back_amount:
            return ""
        is_whole = self.back_amount >= self.amount if self.amount else self.back_quantity >= self.quantity
        return "whole" if is_whole else "part"

    def amount_of(self, quantity: Decimal | None) -> int:
        """What so many of it cost, all of it without a number; never more than what is left after what came back."""
        left = max(self.amount - self.back_amount, 0)
        if quantity is None or self.quantity <= 0:
            return left
        share = Decimal(self.amount) * quantity / self.quantity
        return min(int(share.quantize(Decimal(1), ROUND_HALF_UP)), left)

    def what(self) -> str:
        """The product by name or code, where the line names one."""
        return (self.product.name or self.product.code) if self.product else "–"

    def shown_quantity(self) -> str:
        return f"{self.quantity.normalize():f}"

    def shown_amount(self) -> str:
        return money.shown(self.amount, self.currency)

    def facts(self) -> dict[str, Any]:
        """What a program is told about it."""
        return {
            "id": self.pk,
            "customer": self.customer_id,
            "product": self.product.code if self.product else None,
            "kind": self.kind,
            "bought_at": self.bought_at,
            "quantity": float(self.quantity),
            "amount": self.amount,
            "currency": self.currency,
            "order": self.order_key,
            "line": self.line_key,
            "source": self.source,
            "takes_back": self.takes_back_id,
        }
