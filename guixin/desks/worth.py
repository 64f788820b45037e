"""What a customer bought and is worth, as their page shows it."""

from dataclasses import dataclass
from typing import Any

from guixin.ledger.models import Entry
from guixin.ledger.reading import Reading
from guixin.understand.grade_events import CustomerGraded
from guixin.understand.models import Customer, CustomerWorth, Purchase
from guixin.understand.worth_words import since_last_time, why
from guixin.web import money

PURCHASES_SHOWN, GRADES_SHOWN = 8, 6

PURCHASES = Reading(
    lambda customer_id: (
        Purchase.objects.filter(customer_id=customer_id)
        .select_related("product")
        .newest_first()[:PURCHASES_SHOWN]
    )
)
TOLD = Reading(
    lambda customer_id: CustomerWorth.objects.filter(customer_id=customer_id).select_related("grading__rules")
)
GRADED = Reading(
    lambda customer_id: Entry.objects.filter(
        about_kind="customer", about_id=customer_id, case_id__isnull=True, kind=CustomerGraded.kind
    ).order_by("-id")[:GRADES_SHOWN]
)


@dataclass(frozen=True)
class Worth:
    """The last grading in words, the newest purchases, and every grade before."""

    told: CustomerWorth | None
    why: list[str]
    since: list[str]
    purchases: list[Purchase]
    history: list[tuple[Any, str]]  # when, words

    @property
    def gross(self) -> str:
        return self._sum("gross")

    @property
    def returned(self) -> str:
        return self._sum("returned")

    @property
    def net(self) -> str:
        return self._sum("net")

    def _sum(self, name: str) -> str:
        return money.shown(getattr(self.told, name), money.firm_currency()) if self.told else ""


def worth_of(customer: Customer) -> Worth | None:
    """In three queries; None for somebody who never bought anything. The customer was reached by who may see them."""
    purchases, told = PURCHASES.rows(customer.pk), TOLD.first(customer.pk)
    if told is None and not purchases:
        return None
    history = [(entry.happened_at, entry.in_words()) for entry in GRADED.rows(customer.pk)]
    return Worth(told, why(told) if told else [], since_last_time(told) if told else [], purchases, history)
