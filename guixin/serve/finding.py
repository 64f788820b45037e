"""One box for everything: a customer by anything known of them, a case by its number, its last digits or its order,
and by its words whatever can be found.

Page, palette and API ask here, so that none finds what another does not, or what the asker may not see.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guixin.ledger.rounds import Asking, answer, ask, together
from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.search import asking, kinds
from guixin.serve.case_texts import FOUND_AS
from guixin.serve.customers import finding_newest
from guixin.serve.models import Case
from guixin.serve.orders_in_words import written
from guixin.understand.finding import FoundCustomer, called, finding

FOUND_AT_MOST = 10
WHY = {
    "number": _("number"),
    "order": _("order"),
    "product": _("product or order"),
    "customer": _("case of the customer"),
    "words": _("words"),
}

_NUMBER = re.compile(r"#?(\d{4})-(\d{1,12})", re.ASCII)
_TAIL = re.compile(r"#?(\d{1,9})", re.ASCII)
SHORTEST_TAIL = 3  # fewer digits mean this number, not every number that ends so
SHORTEST_PRODUCT = 3
SHORTEST_ORDER = 3
YEARS_BACK = 6


@dataclass(frozen=True)
class FoundCase:
    case: Case
    why: str  # a key of WHY

    def in_words(self) -> str:
        return str(WHY[self.why])


@dataclass(frozen=True)
class Found:
    cases: list[FoundCase]
    customers: list[FoundCustomer]
    texts: list[asking.Found] = field(
        default_factory=list
    )  # articles, lessons, knowledge: by kind, the best first


def find(text: str | None, person: Person) -> Found:
    """What this person may see of what was meant, the most certain first, ten of each at most.

    Who does not see every customer finds those of the cases they see, and nothing of the others.
    """
    typed = " ".join(unicodedata.normalize("NFKC", text or "").replace("\x00", "").split())
    return answer(_finding(typed, person)) if typed else Found([], [])


def _finding(typed: str, person: Person) -> Asking[Found]:
    """All at once, and the cases when all is known."""
    others = [kind.name for kind in kinds.all_kinds() if kind.name != FOUND_AS and not kind.is_names]
    numbered, (of_order, customers, newest), of_product, hits, texts = yield from together(
        _by_number(typed),
        _people(typed),
        _by_product(typed),
        _by_words(typed, person, [FOUND_AS]),
        _by_words(typed, person, others),
    )
    why: dict[int, str] = {}
    of_words = [hit.key for hit in hits]
    for reason, pks in (
        ("number", numbered),
        ("order", of_order),
        ("product", of_product),
        ("words", of_words),
    ):
        for pk in pks:
            why.setdefault(pk, reason)
    texts.sort(key=lambda hit: hit.kind.place)  # keeps the order within a kind
    wanted = Case.objects.visible_to(person).select_related("department", "owner", "customer")
    some = {*why, *newest}
    seen = {case.pk: case for case in (yield from ask(wanted.filter(pk__in=some)))} if some else {}
    theirs = [seen[pk] for pk in newest if pk in seen]
    surest = {pk: reason for pk, reason in why.items() if reason != "words"}
    surest |= {case.pk: "customer" for case in theirs if case.pk not in surest}
    reasons = surest | {pk: reason for pk, reason in why.items() if pk not in surest}
    cases = [FoundCase(seen[pk], reason) for pk, reason in reasons.items() if pk in seen]
    scope = scope_of(person)
    if not (scope.sees_everything or scope.is_front_desk):
        known = {case.customer_id for case in theirs}
        customers = [each for each in customers if each.customer.pk in known]
    return Found(cases[:FOUND_AT_MOST], customers[:FOUND_AT_MOST], texts)


def _people(typed: str) -> Asking[tuple[list[int], list[FoundCustomer], list[int]]]:
    """(cases that name a purchase of this order, who is meant, then who bought it, the newest cases of these)."""
    meant, (of_order, buyers) = yield from together(finding(typed), _by_order(typed))
    reasons = meant | {pk: "order" for pk in buyers if pk not in meant}
    customers, newest = yield from together(called(reasons), finding_newest(list(reasons)))
    return of_order, customers, newest


def _by_words(typed: str, person: Person, among: list[str]) -> Asking[list[asking.Found]]:
    if not any(letter.isalpha() for letter in typed):  # a number means a number
        return []
    return (
        yield from asking.searching(typed, person, kinds=among, at_most=FOUND_AT_MOST, is_being_typed=True)
    )


def _by_number(typed: str) -> Asking[list[int]]:
    """Cases with this number, or whose number ends in these digits, the newest first.

    The digits after the year are never given twice, so the numbers that can be meant are written out and looked
    up in the unique index; the table is not searched.
    """
    if whole := _NUMBER.fullmatch(typed):
        return (yield from _with_numbers([f"{whole[1]}-{int(whole[2]):06d}"]))
    if not (tail := _TAIL.fullmatch(typed)):
        return []
    ((last,),) = yield from ask("SELECT last_value FROM serve_case_number")
    this_year = timezone.localtime().year
    years = range(this_year - YEARS_BACK, this_year + 2)  # the database may live at another time than we
    numbers = [f"{year}-{number:06d}" for number in _ending_in(tail[1], last) for year in years]
    return (yield from _with_numbers(numbers))[:FOUND_AT_MOST]


def _ending_in(tail: str, last: int) -> list[int]:
    """The numbers up to `last` that end in these digits: the one itself, then the latest."""
    number = int(tail)
    if len(tail) < SHORTEST_TAIL:
        return [number]
    step = 10 ** len(tail)
    latest = last - (last - number) % step
    others = range(latest, number, -step)[: 2 * FOUND_AT_MOST]
    return [number, *others]


def _with_numbers(numbers: list[str]) -> Asking[list[int]]:
    """In the order of the numbers given."""
    rows = yield from ask(
        "SELECT c.id FROM unnest(%s::text[]) WITH ORDINALITY AS asked (number, place)"
        " JOIN serve_case c ON c.number = asked.number ORDER BY asked.place",
        [numbers],
    )
    return [pk for (pk,) in rows]


def _by_order(typed: str) -> Asking[tuple[list[int], list[int]]]:
    """The cases that name a purchase of this very order, the newest first, and who bought it."""
    if len(typed) < SHORTEST_ORDER:
        return [], []
    rows = yield from ask(_ORDER, [written([typed])])
    return [pk for pk, names_it, _at in rows if names_it], [pk for pk, names_it, _at in rows if not names_it]


_ORDER = """
    WITH line AS MATERIALIZED (SELECT id, customer_id, bought_at FROM understand_purchase WHERE order_key = ANY(%s::text[]) LIMIT 500)
    (SELECT c.id, true, c.opened_at AS at FROM serve_case c
     WHERE c.id IN (SELECT n.case_id FROM line JOIN serve_casepurchase n ON n.purchase_id = line.id AND n.off_at IS NULL)
     ORDER BY at DESC LIMIT 10)
    UNION ALL
    (SELECT customer_id, false, max(bought_at) AS at FROM line WHERE customer_id IS NOT NULL
     GROUP BY customer_id ORDER BY at DESC LIMIT 10)
    ORDER BY at DESC
"""


def _by_product(typed: str) -> Asking[list[int]]:
    if len(typed) < SHORTEST_PRODUCT:
        return []
    beginning = typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    rows = yield from ask(_PRODUCT, [beginning])
    return [pk for (pk,) in rows]


# The newest of some that fit: a common product is in ten thousand cases, and nobody wants to sort those.
_PRODUCT = """
    SELECT id FROM (SELECT id, opened_at FROM serve_case
                    WHERE product <> '' AND upper(product) LIKE upper(%s::text) LIMIT 100) AS hit
    ORDER BY opened_at DESC LIMIT 10
"""
