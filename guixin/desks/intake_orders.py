"""The purchases a new case may be about, beside its form: ticked by hand, or found by their number in what is typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guixin.desks.case_orders import ShownLine
from guixin.desks.forms.orders import came_back_words
from guixin.serve.orders import last_purchases
from guixin.serve.orders_in_words import order_numbers, purchases_named, written
from guixin.understand.models import Customer, Purchase

AT_FIRST = 4  # what would be promised stands below them


@dataclass(frozen=True)
class IntakeOrders:
    """`found` stand in the words and are named by themselves; `offered` can be ticked; `strangers`: numbers of orders of others."""

    found: list[ShownLine]
    offered: list[ShownLine]
    ticked: frozenset[int]
    strangers: list[str]

    @property
    def latest(self) -> list[ShownLine]:
        return self.offered[:AT_FIRST]

    @property
    def earlier(self) -> list[ShownLine]:
        return self.offered[AT_FIRST:]

    @property
    def is_ticked_earlier(self) -> bool:
        return any(each.line.pk in self.ticked for each in self.earlier)

    @property
    def is_worth_showing(self) -> bool:
        return bool(self.found or self.offered or self.strangers)

    @property
    def warning(self) -> str:
        """Said to the front desk, which sees every customer, and without a word of whose it is."""
        if not self.strangers:
            return ""
        return _("Not an order of this customer: %s. Make sure who it is.") % ", ".join(self.strangers)


def orders_beside(known: Customer, said: dict[str, Any], ticked: Sequence[str]) -> IntakeOrders:
    """In two queries, three where the words hold numbers."""
    numbers = numbers_in(said)
    found = purchases_named(known.pk, numbers, said.get("product", ""))
    here = {line.pk for line in found}
    chosen = frozenset(int(each) for each in ticked if each.isdecimal() and len(each) <= 18)
    offered = [line for line in last_purchases(known) if line.pk not in here]
    theirs = {line.order_key for line in (*found, *offered)}
    others = (
        Purchase.objects.filter(order_key__in=written(numbers)).exclude(customer=known) if numbers else []
    )
    strangers = dict.fromkeys(line.order_key for line in others if line.order_key not in theirs)
    return IntakeOrders(
        [ShownLine(line, came_back_words(line)) for line in found],
        [ShownLine(line, came_back_words(line)) for line in offered],
        chosen,
        list(strangers)[:3],
    )


def numbers_in(said: dict[str, Any]) -> list[str]:
    """What may be the number of an order, anywhere in the form."""
    fields = ("subject", "story", "product", "customer_name", "phone")
    return order_numbers(*(str(said.get(name) or "") for name in fields))


def buyers_of(numbers: Sequence[str], at_most: int) -> list[tuple[Customer, str]]:
    """Whose order it is, offered to the front desk where nobody was chosen yet; nobody is chosen by it."""
    if not numbers:
        return []
    lines = Purchase.objects.filter(order_key__in=written(numbers), customer__isnull=False)
    rows = (
        lines.select_related("customer").prefetch_related("customer__identities").order_by("-bought_at", "pk")
    )
    found: dict[int, tuple[Customer, str]] = {}
    for line in rows[:100]:
        if line.customer:
            found.setdefault(line.customer.pk, (line.customer, line.order_key))
    return list(found.values())[:at_most]
