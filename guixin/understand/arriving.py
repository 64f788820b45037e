"""Which customer a new case is for.

An identity alone proves nothing: families share a phone, offices a switchboard. So a known customer is taken
only if an identity *and* the name match, or if no name was given and exactly one customer holds
the identities. Everybody else is a new customer, with those they may really be listed beside them, for a
person to decide. Joining two customers can be done later; taking one apart hardly.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from guixin.ledger.bulk import insert_models, insert_rows
from guixin.understand.duplicates import Likeness
from guixin.understand.folding import folded_name
from guixin.understand.identities import Known, known
from guixin.understand.models import Customer, Identity

_IDENTITY = {"customer_id": "bigint", "kind": "text", "raw": "text", "normal": "text", "last4": "text"}


@dataclass(frozen=True)
class Arrival:
    """What is known about somebody at the door. `identities`: (kind, raw) pairs as they were written."""

    kind: str = "person"
    name: str = ""
    identities: Sequence[tuple[str, str]] = ()
    language: str = "zh-hans"
    organisation: str = ""
    region: str = "CN"


@transaction.atomic(savepoint=False)  # all or nothing together with the case; half of it is never wanted
def arrive(arrivals: Sequence[Arrival], *, now: datetime) -> list[tuple[Customer, bool]]:
    """(customer, is new) for each arrival, in order. One look-up and two inserts for all of them.

    Arrivals meet each other too: the same new person twice in one file is one customer. A known customer
    keeps what is on record and gains identities that were not.
    """
    written = [known(each.identities, each.region) for each in arrivals]
    holders = _holders(each for identities in written for each in identities)
    fresh: list[Customer] = []
    gained: list[Identity] = []
    answers: list[tuple[Customer, bool]] = []
    for arrival, identities in zip(arrivals, written, strict=True):
        keys = [(each.kind, each.normal) for each in identities]
        customer = _recognised(arrival.name, keys, holders)
        is_new = customer is None
        if customer is None:
            customer = Customer(
                kind=arrival.kind,
                name=" ".join((arrival.name or "").split()),
                language=arrival.language,
                organisation=arrival.organisation,
                created_at=now,
            ).spell_name()
            customer.likely_duplicates = _alike(keys, holders)
            fresh.append(customer)
        for each, key in zip(identities, keys, strict=True):
            if not any(holder is customer for holder in holders[key]):
                holders[key].append(customer)
                gained.append(Identity.of(customer, each))
        answers.append((customer, is_new))
    insert_models(fresh)
    for identity in gained:
        identity.customer_id = identity.customer.pk  # given to new customers only just now
    # Two cases of one customer at the same moment may both bring the same new address.
    insert_rows(
        "understand_identity",
        _IDENTITY,
        [[getattr(identity, name) for name in _IDENTITY] for identity in gained],
        on_conflict="ON CONFLICT DO NOTHING",
    )
    return answers


def recognise(arrival: Arrival) -> Customer | None:
    """The customer `arrive` would take for this one, without making anybody."""
    identities = known(arrival.identities, arrival.region)
    return _recognised(arrival.name, [(each.kind, each.normal) for each in identities], _holders(identities))


def _holders(identities: Iterable[Known]) -> dict[tuple[str, str], list[Customer]]:
    """Who holds each of these identities already, the longest known first."""
    asked = {(each.kind, each.normal) for each in identities}
    holders: dict[tuple[str, str], list[Customer]] = defaultdict(list)
    if not asked:
        return holders
    rows = Identity.objects.filter(
        customer__merged_into=None,  # what a merged customer still holds, the one that remains holds too
        kind__in={kind for kind, _normal in asked},
        normal__in={normal for _kind, normal in asked},
    )
    one_each: dict[int, Customer] = {}  # so that one customer found by phone and by e-mail is one object
    for row in rows.select_related("customer").order_by("customer_id"):
        if (row.kind, row.normal) in asked:
            customer = one_each.setdefault(row.customer_id, row.customer)
            holders[row.kind, row.normal].append(customer)
    return holders


def _recognised(name: str, keys: list[tuple[str, str]], holders) -> Customer | None:
    asked = folded_name(name)
    held_by = [customer for key in keys for customer in holders[key]]
    if asked:
        return next((customer for customer in held_by if folded_name(customer.name) == asked), None)
    different = {id(customer) for customer in held_by}
    return held_by[0] if len(different) == 1 else None


def _alike(keys: list[tuple[str, str]], holders) -> tuple[Likeness, ...]:
    alike: dict[int, Likeness] = {}
    for kind, normal in keys:
        for customer in holders[kind, normal]:
            before = alike.get(id(customer), Likeness(customer, ()))
            alike[id(customer)] = Likeness(customer, (*before.reasons, f"same_{kind}"))
    return tuple(alike.values())
