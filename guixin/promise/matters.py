"""What a promise is about when it is no part of a case: a proposal, a monthly statement, a planned contact.

A clock is about (kind, id), and most belong to a case: `case_id` says which, and the case is what people open, see
and lock. A clock with `case_id=None` is about a matter of its own. Its package says here what the matter is called
and where it is done; reminders, breaches, the ladder, notices, Today and the page of escalations then work for
it as for a case.

    looked_up_by("proposal", proposals_as_matters)          # in the AppConfig.ready of the package

To start one: `start([Promise(about=("proposal", 17), case_id=None, version=…, …)])`, its measure a row of
`Measure` with a first standard in `indispensable`; to end it, `stop` or `void`, like any clock.

Order of locks: a verb locks the row of its matter, then the clocks. The worker locks clocks only, so a reaction to
the steps of such a clock must leave the row of the matter alone. See decisions/0013-promises-without-a-case.md.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

About = tuple[str, int]


@dataclass(frozen=True)
class Matter:
    """What stands where a case has its number and subject, in the reader's language; and the page it is done on."""

    subject: str
    address: str
    number: str = ""


# ids -> those of them this person may see. Whoever an escalation is addressed to must be among those who may.
LookUp = Callable[[Collection[int], Any], Mapping[int, Matter]]
_look_ups: dict[str, LookUp] = {}


def looked_up_by(about_kind: str, look_up: LookUp) -> None:
    """Say how matters of this kind are called and who may see them: two queries at most, however many ids."""
    _look_ups[about_kind] = look_up


def kinds() -> list[str]:
    return sorted(_look_ups)


def matters_for(person: Any, abouts: Iterable[About | None]) -> dict[About, Matter]:
    """Those of these matters the person may see; cases and what nobody looks up are not among them."""
    by_kind: dict[str, set[int]] = {}
    for about in abouts:
        if about and about[0] in _look_ups:
            by_kind.setdefault(about[0], set()).add(about[1])
    return {
        (kind, pk): matter
        for kind, ids in by_kind.items()
        for pk, matter in _look_ups[kind](ids, person).items()
    }


def matter_for(person: Any, about: About | None) -> Matter | None:
    return matters_for(person, [about]).get(about) if about else None
