"""What a promise is about when it is no part of a case: a proposal, a monthly statement, a planned contact.

A clock is about (kind, id), and most belong to a case: `case_id` says which, and the case is what people open, see
and lock. A clock with `case_id=None` is about a matter of its own. Its package says here what the matter is called
and where it is done; reminders, breaches, the ladder, notices, Today and the page of escalations then work for
it as for a case.

    looked_up_by("proposal", proposals_seen, proposals_as_matters)  # in the AppConfig.ready of the package

To start one: `start([Promise(about=("proposal", 17), case_id=None, version=…, …)])`, its measure a row of
`Measure` with a first standard in `indispensable`; to end it, `stop` or `void`, like any clock.

Order of locks: a verb locks the row of its matter, then the clocks. The worker locks clocks only, so a reaction to
the steps of such a clock must leave the row of the matter alone. See decisions/0013-promises-without-a-case.md.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from guixin.ledger.reading import read_at_once

About = tuple[str, int]


@dataclass(frozen=True)
class Matter:
    """What stands where a case has its number and subject, in the reader's language; and the page it is done on."""

    subject: str
    address: str
    number: str = ""


# (ids, person) -> those of them this person may see. Whoever an escalation is addressed to must be among those who may.
Seen = Callable[[Collection[int], Any], QuerySet]
Named = Callable[[Sequence[Any]], Mapping[int, Matter]]
_look_ups: dict[str, tuple[Seen, Named]] = {}


def looked_up_by(about_kind: str, seen: Seen, named: Named) -> None:
    """Say who may see matters of this kind, which is asked together with those of others, and how these rows are called."""
    _look_ups[about_kind] = seen, named


def kinds() -> list[str]:
    return sorted(_look_ups)


def matters_for(person: Any, abouts: Iterable[About | None]) -> dict[About, Matter]:
    """Those of these matters the person may see; cases and what nobody looks up are not among them."""
    by_kind: dict[str, set[int]] = {}
    for about in abouts:
        if about and about[0] in _look_ups:
            by_kind.setdefault(about[0], set()).add(about[1])
    found = read_at_once(*(_look_ups[kind][0](list(ids), person) for kind, ids in by_kind.items()))
    return {
        (kind, pk): matter
        for kind, rows in zip(by_kind, found, strict=True)
        if rows
        for pk, matter in _look_ups[kind][1](rows).items()
    }


def matter_for(person: Any, about: About | None) -> Matter | None:
    return matters_for(person, [about]).get(about) if about else None
