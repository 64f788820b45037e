"""The price of what went wrong (涉及金额): known by itself from the purchases a case names, see orders.py, or stated by somebody,
from an order of its customer or by hand.

What is given for a case is held against it by the authority matrix: see organisation/prices.py. What somebody states stands over
what the orders say. Stated anew it replaces what was stated before; it is never taken away, and the ledger keeps what it was.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.organisation.prices import Price
from guixin.serve import goodwill_events as events
from guixin.serve.models import Case, CasePurchase, Stake
from guixin.serve.routing import locked_open
from guixin.understand.models import Purchase
from guixin.web import money
from guixin.web.refusals import Refused


class CannotState(Refused):
    """The price cannot be like this, and why."""

    about_input = True


@transaction.atomic
def state_price(
    case: Case, amount: int | None, currency: str, *, by: Person, now: datetime, order: str = ""
) -> Stake:
    """What went wrong costs this.

    amount   minor units of `currency`, more than nothing; None: all of the order
    order    the number of the customer's order it stands in; the price is at most what was paid for it
    """
    case, order = locked_open(case), order.strip()
    if order:
        found = paid_for(case, order)
        if not found:
            raise CannotState(_("This customer has no order “%s”.") % order)
        if len(found) > 1:
            raise CannotState(_("Order “%s” is in several currencies; give the sum without it.") % order)
        (paid,) = found
        if not paid.amount:
            raise CannotState(_("Order “%s” came back in full; it tells no price.") % order)
        amount, currency = (paid.amount, paid.currency) if amount is None else (amount, currency)
        if (currency or paid.currency) != paid.currency or amount > paid.amount:
            raise CannotState(
                _("Order “%(order)s” came to %(sum)s; what went wrong in it costs no more.")
                % {"order": order, "sum": money.shown(paid.amount, paid.currency)}
            )
    try:
        currency = money.currency_code(currency or money.firm_currency())
    except money.NotMoney as why:
        raise CannotState(str(why)) from why
    if amount is None or not 0 < amount < money.LARGEST:
        raise CannotState(
            _("Give the price of what went wrong: more than nothing, or the order it stands in.")
        )
    before = Stake.objects.filter(case=case).first()
    if before and (before.amount, before.currency, before.order) == (amount, currency, order):
        return before
    stake, _fresh = Stake.objects.update_or_create(
        case=case, defaults={"amount": amount, "currency": currency, "order": order, "by": by, "at": now}
    )
    record(
        events.PriceStated(
            happened_at=now, actor_id=by.pk, about=case.about, case_id=case.pk, sum=_written(stake),
            before=_written(before) if before else "", order=order,
        )
    )  # fmt: skip
    return stake


def paid_for(case: Case, order: str) -> list[Price]:
    """What the customer paid for it, less what came back, by currency; nothing: no such order of theirs."""
    lines = Purchase.objects.filter(
        customer=case.customer_id, order_key=order, kind=Purchase.Kind.SALE, amount__gt=0
    ).with_what_came_back()
    sums: dict[str, int] = defaultdict(int)
    for line in lines:
        sums[line.currency] += line.amount_of(None)
    return [Price(amount, currency) for currency, amount in sums.items()]


def latest_orders(case: Case, number: int = 12) -> list[str]:
    """Numbers of the orders the price may stand in, the newest first."""
    if case.customer_id is None:
        return []
    lines = Purchase.objects.filter(customer=case.customer_id, kind=Purchase.Kind.SALE).order_by()
    return list(
        lines.values("order_key")
        .annotate(at=Max("bought_at"))
        .order_by("-at")
        .values_list("order_key", flat=True)[:number]
    )


def price_of_cases(case_ids: Collection[int]) -> Price | None:
    """Of cases that are one matter: what was stated, else what the purchases they name come to; each counts once, so that splitting
    a case makes no second price. In several currencies there is none that could be compared: the first stands, and the next
    authority decides over others."""
    stakes = list(Stake.objects.filter(case__in=case_ids).order_by("at", "pk"))
    return _stated(stakes) if stakes else next(iter(prices_of_orders(case_ids)), None)


def _stated(stakes: Sequence[Stake]) -> Price:
    """Different orders add up; what was stated by hand does not."""
    currency = stakes[0].currency
    same = [each for each in stakes if each.currency == currency]
    by_order = {each.order: each.amount for each in same if each.order}
    by_hand = [each.amount for each in same if not each.order]
    return Price(max(sum(by_order.values()), *by_hand, 0), currency)


def prices_of_orders(case_ids: Collection[int]) -> list[Price]:
    """What the purchases these cases name come to, less what came back: by currency, in the order they were named."""
    # A line named in two of the cases counts once, as the larger share of it.
    largest: dict[int, CasePurchase] = {}
    for each in CasePurchase.objects.standing().filter(case__in=case_ids):
        other = largest.get(each.purchase_id)
        if other is None or each.amount > other.amount:
            largest[each.purchase_id] = each
    return sums_of(largest.values())


def sums_of(named: Iterable[CasePurchase]) -> list[Price]:
    """What these come to by currency, in their order; what came back in full tells no price."""
    sums: dict[str, int] = {}
    for each in named:
        currency = each.purchase.currency
        sums[currency] = sums.get(currency, 0) + each.amount
    return [Price(amount, currency) for currency, amount in sums.items() if amount > 0]


def _written(stake: Stake) -> str:
    return f"{money.written(stake.amount, stake.currency)} {stake.currency}"
