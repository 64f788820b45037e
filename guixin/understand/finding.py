"""Customers by whatever somebody has in hand: a number in any writing, four last digits, a name or its initials."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext_lazy as _

from guixin.ledger.rounds import Asking, answer, ask, together
from guixin.organisation.pinyin import spell
from guixin.search.asking import named
from guixin.understand.customer_texts import FOUND_AS
from guixin.understand.folding import folded_name, simplified
from guixin.understand.identities import IdentityKind, could_be, fold
from guixin.understand.models import Customer, Identity

FOUND_AT_MOST = 20

WHY = {
    **{kind.value: kind.label for kind in IdentityKind},
    "last4": _("last four digits"),
    "attribute": _("what we know of them"),
    "name": _("name"),
    "beginning": _("beginning of the name"),
    "initials": _("initials of the name"),
    "pinyin": _("sound of the name"),
    "words": _("words of the name"),
    "order": _("order"),
}


@dataclass(frozen=True)
class FoundCustomer:
    """Somebody who may be meant, and by what (a key of WHY)."""

    customer: Customer
    why: str

    def in_words(self) -> str:
        return str(WHY[self.why])


def find_customers(text: str | None, at_most: int = FOUND_AT_MOST) -> list[FoundCustomer]:
    """Whoever may be meant, the most certain first; a customer who was merged answers as the one that remains.

    Every question is a walk of one index and all go to the database in one statement, so that it costs the same
    at a hundred customers and at a million. Nobody's right to see is asked here; serve/finding.py does that.
    """
    found = answer(finding(text, at_most))
    return answer(called(found))


def finding(text: str | None, at_most: int = FOUND_AT_MOST) -> Asking[dict[int, str]]:
    """Of whoever may be meant, the most certain first, by what (a key of WHY)."""
    typed = " ".join((text or "").replace("\x00", "").split())
    if not typed:
        return {}
    statement, values, whys = _asked(_questions(typed))
    found: dict[int, str] = {}
    for pk, rank in (yield from ask(statement, values)):
        found.setdefault(pk, whys[rank])
    return dict(islice(found.items(), at_most))


def called(found: Mapping[int, str]) -> Asking[list[FoundCustomer]]:
    """These customers, in this order, with what they are reached by."""
    if not found:
        return []
    rows, reached = yield from together(
        ask(Customer.objects.filter(pk__in=list(found))),
        ask(Identity.objects.filter(customer__in=list(found)).order_by("pk")),
    )
    customers = {each.pk: each for each in rows}
    for pk, customer in customers.items():  # as prefetch_related leaves them
        theirs = customer.identities.all()
        theirs._result_cache = [each for each in reached if each.customer_id == pk]
        theirs._prefetch_done = True
        customer._prefetched_objects_cache = {"identities": theirs}
    return [FoundCustomer(customers[pk], why) for pk, why in found.items() if pk in customers]


def _questions(typed: str) -> list[tuple[str, str, list]]:
    """(why, the SELECT of customer ids, its values), the most certain first."""
    asked: list[tuple[str, str, list]] = [
        (
            str(kind),
            "SELECT customer_id FROM understand_identity WHERE kind = %s AND normal = %s",
            [kind, normal],
        )
        for kind, normal in could_be(typed)
    ]
    if typed.isdecimal() and len(typed) == 4:
        digits = "".join(str(int(digit)) for digit in typed)  # full-width ones too
        asked.append(("last4", "SELECT customer_id FROM understand_identity WHERE last4 = %s", [digits]))
    name = folded_name(typed)
    asked.append(("name", "SELECT id FROM understand_customer WHERE name_folded = %s", [name]))
    asked.append(
        ("attribute", "SELECT customer_id FROM understand_attributevalue WHERE folded = %s", [fold(typed)])
    )
    letters = name if name.isascii() and name.isalnum() else ""
    if letters:
        asked.append(("initials", "SELECT id FROM understand_customer WHERE name_initials = %s", [letters]))
    if letters.isdecimal():
        return asked  # a number begins nobody's name
    asked.append(_beginning("beginning", "name_folded", name))
    if letters:
        asked.append(_beginning("pinyin", "name_pinyin", letters))
        asked.append(_beginning("initials", "name_initials", letters))
    elif len(name) > 1 and (
        sound := spell(simplified(typed)).full
    ):  # 张晓明 on the phone is 张小明 on record
        asked.append(("pinyin", "SELECT id FROM understand_customer WHERE name_pinyin = %s", [sound]))
    if by_words := named(FOUND_AS, typed):
        asked.append(("words", f"SELECT key AS customer_id FROM ({by_words[0]}) AS n", by_words[1]))  # noqa: S608
    return asked


def _beginning(why: str, column: str, letters: str) -> tuple[str, str, list]:
    pattern = letters.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return why, f"SELECT id FROM understand_customer WHERE {column} LIKE %s", [pattern]  # noqa: S608  our columns


def _asked(questions: list[tuple[str, str, list]]) -> tuple[str, list, list[str]]:
    """(the statement, its values, the why of each rank): by certainty and then the newest; those who were merged as the one
    that remains."""
    parts, values = [], []
    for rank, (_why, select, about) in enumerate(questions):
        column = "customer_id" if "customer_id FROM" in select else "id"
        # The newest few of each. A walk of the whole prefix would be a sort of everybody called Wang.
        parts.append(
            f"(SELECT {rank} AS rank, {column} AS id FROM ({select} LIMIT {_SORTED}) AS hit)"  # noqa: S608  as below
        )
        values += about
    hits = " UNION ALL ".join(parts)
    statement = (
        "SELECT coalesce(c.merged_into_id, c.id), h.rank "  # noqa: S608  built from our own words, values apart
        f"FROM ({hits}) AS h JOIN understand_customer c ON c.id = h.id ORDER BY h.rank, c.id DESC"
    )
    return statement, values, [why for why, _select, _about in questions]


_SORTED = 100  # of these the newest twenty are shown
