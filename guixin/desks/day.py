"""What one person's day is made of: the most urgent first, then everything that waits for a word of theirs.

Each part shows its first few rows and how many there are; the number leads to a list of exactly these. A part of which
there may be thousands is counted by counters or walked by an index, up to a bound, never counted through.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from guixin.desks import day_of_cases, day_of_customers, day_of_promises
from guixin.desks.day_lines import LISTED, SHOWN, Line, Part, Read, case_line, task_line
from guixin.ledger.reading import Reading, Together
from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.promise.verdicts import Share, Week, share_of_person
from guixin.serve.models import (
    Case,
    Snooze,
    Task,
)
from guixin.serve.models.case import NO_DEADLINE
from guixin.serve.overview import Deadlines, Number, deadlines, sees_all


@dataclass(frozen=True)
class Tile:
    """A number of risk, and the list it counts."""

    words: Any
    number: Number
    address: str
    look: str = ""

    @property
    def icon(self) -> str:
        return "pause" if self.look == "paused" else self.look


@dataclass(frozen=True)
class Day:
    tiles: Sequence[Tile]
    urgent: Sequence[Line]
    parts: Sequence[Part]
    share: Share
    has_news: bool

    @property
    def is_quiet(self) -> bool:
        return not self.urgent and not self.parts


def day_of(person: Person, now: datetime) -> Day:
    read = _read_at_once(person)
    parts = [part for build in _PARTS.values() if (part := build(person, now, SHOWN, read)).number]
    return Day(
        tiles=_tiles(person, now),
        urgent=_urgent(read),
        parts=parts,
        share=share_of_person(person.pk, Week.of(now)),
        has_news=any(part.key == "news" for part in parts),
    )


def part_of(key: str, person: Person, now: datetime) -> Part | None:
    """One part on its own, with all its rows."""
    return _PARTS[key](person, now, LISTED, Read(person)) if key in _PARTS else None


def _tiles(person: Person, now: datetime) -> list[Tile]:
    cases, tasks = (
        found.get(person.pk, Deadlines())
        for found in deadlines([person.pk], now, serve_case="owner_id", serve_task="handler_id")
    )
    every = [
        Tile(_("My cases, late"), cases.late, "/queues/mine?due=late", "late"),
        Tile(_("My cases, due within 30 minutes"), cases.soon, "/queues/mine?due=soon", "soon"),
        Tile(_("My tasks, late"), tasks.late, "/queues/my-tasks?due=late", "late"),
        Tile(_("My tasks, due within 30 minutes"), tasks.soon, "/queues/my-tasks?due=soon", "soon"),
    ]
    # Whoever talks to customers works with cases, the others with tasks; the other two stand there when they count.
    usual = every[:2] if sees_all(scope_of(person)) else every[2:]
    return [tile for tile in every if tile.number or tile in usual]


NEXT_CASES = Reading(
    lambda person_id: (
        Case.objects.open()
        .filter(Snooze.none_of(), owner_id=person_id, queue_at__lt=NO_DEADLINE)
        .order_by("queue_at", "pk")[:SHOWN]
    )
)


NEXT_TASKS = Reading(
    lambda person_id: (
        Task.objects.open()
        .filter(handler_id=person_id, queue_at__lt=NO_DEADLINE)
        .select_related("case")
        .order_by("queue_at", "pk")[:SHOWN]
    )
)


_READINGS = (
    NEXT_CASES,
    NEXT_TASKS,
    *day_of_cases.READ_AT_ONCE,
    *day_of_customers.READ_AT_ONCE,
    *day_of_promises.READ_AT_ONCE,
)
_AT_ONCE = Together(**{f"reading_{place}": reading for place, reading in enumerate(_READINGS)})


def _read_at_once(person: Person) -> Read:
    """What waits for them in most of the parts, in one statement."""
    rows = _AT_ONCE.rows(person_id=person.pk).values()
    return Read(person, dict(zip(_READINGS, rows, strict=True)))


def _urgent(read: Read) -> list[Line]:
    """Their cases and accepted tasks, the next deadline first."""
    lines = [
        *(case_line(case, due=case.queue_at) for case in read(NEXT_CASES)),
        *(task_line(task) for task in read(NEXT_TASKS)),
    ]
    return sorted(lines, key=lambda line: line.due or NO_DEADLINE)[:SHOWN]


_PARTS: dict[str, Callable[[Person, datetime, int, Read], Part]] = {
    "surges": day_of_cases.surges_raised,
    "decisions": day_of_cases.decisions,
    "call-backs": day_of_customers.call_backs,
    "requests": day_of_promises.requests,
    "reviews": day_of_cases.reviews,
    "problems": day_of_cases.problems,
    "recoveries": day_of_cases.recoveries,
    "proposals": day_of_promises.proposals,
    "questions": day_of_cases.questions,
    "news": day_of_cases.news,
    "unaccepted": day_of_cases.unaccepted,
    "follow-ups": day_of_cases.follow_ups,
    "contacts": day_of_customers.contacts,
    "missed-contacts": day_of_customers.missed_by_others,
    "watched": day_of_cases.watched,
    "strategies": day_of_promises.steps_due,
    "must-know": day_of_customers.must_know,
    "knowledge": day_of_customers.knowledge,
}


def take_next(person: Person, now: datetime) -> str:
    """Where the most urgent thing is done: their own next deadline, or a task of the department nobody took."""
    read = Read(person)
    own = _urgent(read)
    if own and own[0].due and own[0].due < NO_DEADLINE:
        return own[0].address
    waiting = (line for key in ("decisions", "call-backs", "requests", "problems", "questions", "unaccepted", "news", "follow-ups", "contacts", "must-know")
               for line in _PARTS[key](person, now, 1, read).lines)  # fmt: skip
    return next((line.address for line in islice(waiting, 1)), "")
