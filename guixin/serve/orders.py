"""A case names the purchases it is about (涉及订单): lines of orders of its own customer, never of anybody else.

What is named tells the price of what went wrong by itself, see stakes.py. Taken off, a line stays as history.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Q, Subquery
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.serve.models import Case, CasePurchase
from guixin.serve.order_events import PurchaseNamed, PurchaseTakenOff
from guixin.serve.routing import locked_open
from guixin.understand.models import Customer, Merge, Purchase
from guixin.understand.models.purchase import PurchaseQuerySet
from guixin.web import money
from guixin.web.refusals import Refused

OFFERED = 12
LONGEST_ORDER = 200


class CannotName(Refused):
    """The case cannot be about this purchase, and why."""

    about_input = True


def last_purchases(customer: Customer | int, number: int = OFFERED) -> list[Purchase]:
    """What a case of theirs may be about, the newest first, with what came back of it."""
    return list(sales_to(customer.pk if isinstance(customer, Customer) else customer)[:number])


def sales_to(customer: int | Subquery) -> PurchaseQuerySet:
    lines = Purchase.objects.filter(customer=customer, kind=Purchase.Kind.SALE).with_what_came_back()
    return lines.select_related("product").newest_first()


def lines_meant(lines: Sequence[Purchase], product: str) -> list[Purchase]:
    """Of the sales of one order number: those of `product` alone where it is among them. Of a number that stands in the books of
    several sources none: nobody knows which is meant."""
    if len({line.source for line in lines}) > 1:
        return []
    wanted = product.strip().casefold()
    of_product = [
        each for each in lines if each.product and wanted in map(str.casefold, each.product.called())
    ]
    return of_product or list(lines)


def only_purchase_of(case: Case) -> int | None:
    """What an answer about the case is also about: the purchase it names, where it is one."""
    named = list(case.named_purchases.filter(off_at=None).values_list("purchase_id", flat=True)[:2])
    return named[0] if len(named) == 1 else None


@transaction.atomic
def name_order(case: Case, order: str, *, by: Person, now: datetime) -> list[CasePurchase]:
    """Every line of this order of the customer, or of the case's product alone where the order has it."""
    case, order = locked_open(case), order.strip()[:LONGEST_ORDER]
    if not order:
        raise CannotName(_("Give the number of the order, or choose its lines."))
    _has_customer(case)
    theirs = Purchase.objects.filter(customer=case.customer_id, order_key=order).select_related("product")
    lines = [line for line in theirs.order_by("pk") if line.kind == Purchase.Kind.SALE]
    if not lines and not theirs:
        raise CannotName(_("This customer has no order “%s”.") % order)
    if not lines:
        raise CannotName(_("“%s” took something back; name the purchase itself.") % order)
    if not (lines := lines_meant(lines, case.product)):
        raise CannotName(_("Several sources have an order “%s” of this customer; choose its lines.") % order)
    return name_purchases(case, {line.pk: None for line in lines}, by=by, now=now)


@transaction.atomic
def name_purchases(
    case: Case, wanted: Mapping[int, Decimal | None], *, by: Person | None, now: datetime,
    how: str = CasePurchase.How.CHOSEN,
) -> list[CasePurchase]:  # fmt: skip
    """By their ids, each with how many of it went wrong (None: all of it). Named already, it stays; with another number of pieces it
    is named anew."""
    case = locked_open(case)
    _has_customer(case)
    lines = {
        line.pk: line
        for line in Purchase.objects.filter(pk__in=wanted, customer=case.customer_id)
        .with_what_came_back()
        .select_related("product")
    }
    before = {each.purchase_id: each for each in case.named_purchases.standing()}
    made, said = [], []
    for pk, quantity in wanted.items():
        line = lines.get(pk)
        if line is None:
            raise CannotName(_("This customer has no such purchase."))
        _check(line, quantity)
        quantity = None if quantity == line.quantity else quantity
        if (standing := before.get(pk)) and standing.quantity == quantity:
            made.append(standing)
            continue
        if standing:
            _take_off([standing], by, now, "quantity")
        named = CasePurchase(case=case, purchase=line, quantity=quantity, how=how, at=now, by=by)
        named.save()
        made.append(named)
        said.append(
            PurchaseNamed(
                happened_at=now, actor_id=by.pk if by else None, about=case.about, case_id=case.pk,
                how=str(how), **_facts(named),
            )
        )  # fmt: skip
    record(*said)
    return made


def _has_customer(case: Case) -> None:
    if case.customer_id is None:
        raise CannotName(_("No customer is named in this case, so no order can be theirs."))


def _check(line: Purchase, quantity: Decimal | None) -> None:
    if line.kind == Purchase.Kind.CORRECTION:
        raise CannotName(_("This line corrects the books; name the purchase itself."))
    if line.kind != Purchase.Kind.SALE:
        raise CannotName(_("“%s” took something back; name the purchase itself.") % line.order_key)
    if quantity is not None and not 0 < quantity <= line.quantity:
        raise CannotName(
            _("In order “%(order)s” %(number)s were bought; say how many of them went wrong.")
            % {"order": line.order_key, "number": line.shown_quantity()}
        )


@transaction.atomic
def take_off(named: CasePurchase, *, by: Person, now: datetime) -> CasePurchase:
    """It is not about this purchase after all. Taken off already, nothing happens."""
    locked_open(named.case)
    standing = CasePurchase.objects.standing().filter(pk=named.pk)
    _take_off(list(standing), by, now, "hand")
    return named


@transaction.atomic
def take_back_naming(named: CasePurchase, *, by: Person, now: datetime) -> list[CasePurchase]:
    """Undo: all that was named in the same act."""
    locked_open(named.case)
    together = list(
        CasePurchase.objects.standing().filter(case=named.case_id, at=named.at, by=named.by_id, how=named.how)
    )
    _take_off(together, by, now, "hand")
    return together


@transaction.atomic
def name_again(named: CasePurchase, *, by: Person, now: datetime) -> CasePurchase:
    """Undo of taking off: the same line with the same number of pieces."""
    again = {named.purchase_id: named.quantity}
    return name_purchases(named.case, again, by=by, now=now)[0]


def _take_off(rows: Sequence[CasePurchase], by: Person | None, now: datetime, why: str) -> None:
    CasePurchase.objects.filter(pk__in=[row.pk for row in rows]).update(off_at=now, off_by=by)
    record(
        *[
            PurchaseTakenOff(
                happened_at=now, actor_id=by.pk if by else None, about=("case", row.case_id), case_id=row.case_id,
                why=why, **_facts(row),
            )
            for row in rows
        ]
    )  # fmt: skip


def _facts(named: CasePurchase) -> dict:
    line = named.purchase
    return {
        "purchase_id": line.pk,
        "order": line.order_key,
        "product": line.what(),
        "quantity": "" if named.quantity is None else f"{named.quantity.normalize():f}",
        "sum": f"{money.written(named.amount, line.currency)} {line.currency}",
    }


# -- cases and customers that become one, or two again -----------------------------------------------------------------


def bring_along(case: Case, into: Case) -> None:
    """Two cases are one: what was named goes with it, unless it is named there, or its buyer is not the customer there."""
    rows = CasePurchase.objects.filter(case=case, off_at=None, purchase__customer=into.customer_id)
    there = CasePurchase.objects.filter(case=into, off_at=None).values("purchase")
    rows.exclude(purchase__in=there).update(case=into)


def copy_to(fresh: Case, case: Case, *, by: Person, now: datetime) -> None:
    """One matter was taken out of a case: it is about the same purchases, which count once."""
    wanted = {each.purchase_id: each.quantity for each in case.named_purchases.filter(off_at=None)}
    decided = set(fresh.named_purchases.filter(off_at=None).values_list("purchase_id", flat=True))
    wanted = {pk: quantity for pk, quantity in wanted.items() if pk not in decided}
    if wanted:
        name_purchases(fresh, wanted, by=by, now=now, how=CasePurchase.How.CARRIED)


def part_with_strangers(undone: Iterable[Any]) -> None:
    """Reaction: two customers are two again; a case keeps what its own customer bought."""
    for event in undone:
        moved = Merge.objects.get(pk=event.merge_id).moved
        theirs = Q(purchase__in=moved.get("purchase", ())) | Q(case__in=moved.get("case", ()))
        rows = CasePurchase.objects.standing().filter(theirs).exclude(purchase__customer=F("case__customer"))
        _take_off(list(rows), None, event.happened_at, "customer")
