"""What a customer means to the cases: who may see them through a case, whom we heard of last, what moves in a merge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from guixin.ledger.bulk import fetch_rows
from guixin.ledger.rounds import Asking, ask
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Person
from guixin.serve.models import Case
from guixin.serve.queues import PAGE, NoSuchQueue, Page
from guixin.understand.models import Customer, Merge


def visible_customer(customers: QuerySet, person: Person, pk: Any) -> Customer:
    """The customer, for the front desk and for whoever sees one of their cases; for others there is none."""
    try:
        return get_visible_or_404(customers, person, pk=pk)
    except Http404:
        could_be = str(pk).isdecimal() and len(str(pk)) <= 18
        if could_be and Case.objects.visible_to(person).filter(customer_id=pk).exists():
            return customers.get(pk=pk)
        raise


def ids_visible_to(person: Person, ids: Sequence[int]) -> set[int]:
    """Which of these customers the person may see, by themselves or through a case."""
    some = set(Customer.objects.visible_to(person).filter(pk__in=ids).values_list("pk", flat=True))
    if rest := set(ids) - some:
        some |= set(
            Case.objects.visible_to(person).filter(customer__in=rest).values_list("customer_id", flat=True)
        )
    return some


@dataclass(frozen=True)
class Seen:
    """A customer as a line of the list: the case we heard of last, how many are open, how high the worst stands."""

    customer: Customer
    last_at: datetime | None  # not asked for those who were looked for
    open_cases: int
    level: int


def latest_seen(after: str | None = None, size: int = PAGE) -> Page:
    """The customers whose cases came last, newest first, each once. For those who may see every customer.

    The newest cases are walked by index, and each is kept if it is its customer's newest, which is one look into
    another index: a page costs the same at a thousand customers and at a million.
    """
    at, pk = _place(after) if after else (None, None)
    rows = fetch_rows(_LATEST, [at, at, pk, size + 1])
    more, rows = len(rows) > size, rows[:size]
    ids = [customer_id for customer_id, _at, _pk in rows]
    customers = Customer.objects.prefetch_related("identities").in_bulk(ids)
    standing = open_cases_of(ids)
    seen = [
        Seen(customers[customer_id], last_at, *standing.get(customer_id, (0, 0)))
        for customer_id, last_at, _pk in rows
    ]
    return Page(seen, f"{rows[-1][1].isoformat()}~{rows[-1][2]}" if more else None)


def _place(after: str) -> tuple[datetime, int]:
    at, _tilde, pk = after.replace(" ", "+").partition("~")
    try:
        return datetime.fromisoformat(at), int(pk)
    except ValueError as wrong:
        raise NoSuchQueue(_("This page of the list no longer exists; begin again from the first.")) from wrong


# A sub-select and not NOT EXISTS, which the planner may turn into a join over all cases.
_LATEST = """
    SELECT c.customer_id, c.opened_at, c.id FROM serve_case c
    WHERE c.customer_id IS NOT NULL
      AND (%s::timestamptz IS NULL OR (c.opened_at, c.id) < (%s::timestamptz, %s::bigint))
      AND c.id = (SELECT n.id FROM serve_case n WHERE n.customer_id = c.customer_id
                  ORDER BY n.opened_at DESC, n.id DESC LIMIT 1)
    ORDER BY c.opened_at DESC, c.id DESC LIMIT %s::int
"""


def open_cases_of(customer_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """How many open cases each customer has, and the highest level of them; nothing for who has none."""
    rows = fetch_rows(_OPEN, [list(customer_ids)])
    return {customer_id: (number, level) for customer_id, number, level in rows}


_OPEN = """
    SELECT customer_id, count(*)::int, max(level)::int FROM serve_case
    WHERE customer_id = ANY(%s::bigint[]) AND state IN ('open', 'waiting', 'answered') GROUP BY customer_id
"""


def finding_newest(customer_ids: Sequence[int], of_each: int = 3) -> Asking[list[int]]:
    """The newest few cases of each, in the order of the customers; who may see them is not asked here."""
    if not customer_ids:
        return []
    rows = yield from ask(_NEWEST, [list(customer_ids), of_each])
    return [pk for (pk,) in rows]


_NEWEST = """
    SELECT c.id FROM unnest(%s::bigint[]) WITH ORDINALITY AS asked (id, place), LATERAL (
        SELECT id, opened_at FROM serve_case WHERE customer_id = asked.id AND state <> 'merged'
        ORDER BY opened_at DESC LIMIT %s::int) AS c
    ORDER BY asked.place, c.opened_at DESC
"""


def carry_cases(merges: Iterable[Any]) -> None:
    """Reaction: two customers became one; the cases come along, and the merge knows which."""
    for event in merges:
        cases = Case.objects.filter(customer_id=event.merged_customer_id)
        ids = list(cases.order_by("pk").values_list("pk", flat=True))
        Case.objects.filter(pk__in=ids).update(customer_id=event.about[1])
        Merge.objects.get(pk=event.merge_id).carry("case", ids)


def return_cases(undone: Iterable[Any]) -> None:
    """Reaction: they are two again; the cases that had come go back, later ones stay."""
    for event in undone:
        ids = Merge.objects.get(pk=event.merge_id).moved.get("case", ())
        Case.objects.filter(pk__in=ids, customer_id=event.about[1]).update(
            customer_id=event.merged_customer_id
        )
