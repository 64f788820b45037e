"""Purchases: every line of an order, and every line that took something back."""

from typing import Any

from django.db import models
from django.db.models import Q
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
