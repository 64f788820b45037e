"""Which of its orders a complaint is about: the last one of the product it speaks of."""

from datetime import datetime

from guixin.serve import orders
from guixin.serve.models import Case
from guixin.understand.models import Customer, Purchase
from guixin.understand.models.product import product_key


def last_order(customer: Customer | None, product: str, at: datetime) -> Purchase | None:
    if customer is None:
        return None
    lines = Purchase.objects.filter(
        customer=customer, product__key=product_key(product), bought_at__lt=at, kind=Purchase.Kind.SALE
    )
    return lines.newest_first().first()


def name_by_hand(case: Case, now: datetime) -> None:
    """The owner looks it up, where the customer has not said it."""
    if not case.is_open or case.named_purchases.exists():
        return
    if line := last_order(case.customer, case.product, case.opened_at):
        orders.name_purchases(case, {line.pk: None}, by=case.owner, now=now)
