"""The purchases a case is about, beside it: what is named, what may be, and what went wrong costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guixin.desks.forms.orders import came_back_words
from guixin.serve.models import Case, CasePurchase, Stake
from guixin.serve.permitting import may_serve
from guixin.serve.stakes import sums_of
from guixin.understand.models import Purchase
from guixin.web import money


@dataclass(frozen=True)
class ShownLine:
    """A purchase as people read it; `named` where the case is about it."""

    line: Purchase
    came_back: str
    named: CasePurchase | None = None


@dataclass(frozen=True)
class CaseOrders:
    case: Case
    named: list[ShownLine]
    offered: list[ShownLine]
    price: str
    may_name: bool

    @property
    def is_worth_showing(self) -> bool:
        return bool(self.named or self.price or self.may_name)


def orders_of(case: Case, person: Any, read: Mapping[str, list]) -> CaseOrders:
    """`read`: the rows of ORDERS (case_readings.py)."""
    named, lines = read["named"], {line.pk: line for line in read["named_lines"]}
    for each in named:
        each.purchase = lines[each.purchase_id]
    may = case.is_open and case.customer_id is not None and may_serve(case, person)
    taken = {each.purchase_id for each in named}
    offered = read["last_purchases"] if may else []
    return CaseOrders(
        case,
        [ShownLine(each.purchase, came_back_words(each.purchase), each) for each in named],
        [ShownLine(line, came_back_words(line)) for line in offered if line.pk not in taken],
        price_words(named, next(iter(read["stakes"]), None)),
        may,
    )


def price_words(named: Sequence[CasePurchase], stake: Stake | None) -> str:
    """What went wrong costs, and how we know; blank: nobody knows."""
    known = [money.shown(each.amount, each.currency) for each in sums_of(named)]
    together = " + ".join(known)
    if stake:
        words = _("What went wrong costs %(price)s, stated by %(name)s.") % {
            "price": money.shown(stake.amount, stake.currency), "name": stake.by.name,
        }  # fmt: skip
        besides = _("The orders named come to %s.") % together if known else ""
        return f"{words} {besides}".strip()
    if len(known) > 1:
        return _(
            "The orders named are in several currencies, %(sums)s: what is given is held against %(first)s alone, and the next"
            " authority decides over another currency."
        ) % {"sums": together, "first": known[0]}
    if known:
        return _("What went wrong costs %s, by the orders named.") % together
    return _("What is named came back in full; it tells no price.") if named else ""
