"""What a person's day is written in: lines that lead to where something is done, and parts of lines with their number."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from guixin.ledger.reading import Reading
from guixin.organisation.models import Person
from guixin.promise.matters import About, Matter, matters_for
from guixin.promise.models import Escalation
from guixin.serve.models import (
    Case,
    Task,
)
from guixin.serve.overview import NONE, Number

SHOWN = 6  # rows of a part on the page


LISTED = 200  # rows of a part shown on its own


class Read:
    """How the parts of a day read what waits for a person: `read(NEWS)` gives the rows.

    at_once    what was read in one statement, by its reading; the cases it names are asked for once, too. Whatever is not
               among it is read when a part wants it.
    """

    def __init__(self, person: Person, at_once: Mapping[Reading, list[Any]] | None = None):
        self.person, self._at_once = person, at_once or {}
        self._cases: dict[int, Case] = {}
        self._asked: set[int | None] = {None}

    def __call__(self, reading: Reading) -> list[Any]:
        return self._at_once[reading] if reading in self._at_once else reading.rows(self.person.pk)

    def cases(self, rows: Sequence[Any]) -> dict[int, Case]:
        """Of the cases these rows name by their id, those this person may see."""
        if any(row.case_id not in self._asked for row in rows):
            known = [row for found in self._at_once.values() for row in found[:LISTED]]
            wanted = {getattr(row, "case_id", None) for row in [*known, *rows]} - self._asked
            self._cases |= Case.objects.visible_to(self.person).in_bulk(wanted)
            self._asked |= wanted
        return self._cases


@dataclass(frozen=True)
class Line:
    """A row: where it is done, what it is, and since when it waits or when it is due."""

    address: str
    number: str
    words: str
    tag: str = ""
    since: datetime | None = None
    due: datetime | None = None
    level: int = 0


@dataclass(frozen=True)
class Part:
    """`more` leads to the list behind the number; `key` names the part in addresses."""

    key: str
    title: Any
    number: Number
    lines: Sequence[Line]
    more: str = ""

    @property
    def address(self) -> str:
        return self.more or f"/?show={self.key}"


def case_line(case: Case, **more: Any) -> Line:
    return Line(f"/cases/{case.number}", case.number, case.subject, level=case.level, **more)


def task_line(task: Task) -> Line:
    words = f"{task.case.subject} · {task.instruction}" if task.instruction else task.case.subject
    return Line(
        f"/tasks/{task.pk}", task.case.number, words, str(_("Task")), due=task.queue_at, level=task.level
    )


def lines_of_cases(rows: Sequence[Any], read: Read, line: Callable[[Any, Case], Line]) -> list[Line]:
    """Rows that name a case by its id, with those cases this person may see."""
    cases = read.cases(rows)
    return [line(row, cases[row.case_id]) for row in rows if row.case_id in cases]


def lines_of_matters(
    rows: Sequence[Any], read: Read, line: Callable[[Any, Case | Matter], Line]
) -> list[Line]:
    """The same with rows that may be about another matter: what an escalation's clock is about, or a notice."""
    cases = read.cases(rows)
    about: dict[Any, About] = {
        row: (row.matter or _NOTHING) if isinstance(row, Escalation) else (row.about_kind, row.about_id)
        for row in rows
        if row.case_id is None
    }
    matters = matters_for(read.person, about.values())
    found = [(row, cases.get(row.case_id) or matters.get(about.get(row, _NOTHING))) for row in rows]
    return [line(row, what) for row, what in found if what is not None]


_NOTHING: About = ("", 0)


def bounded(lines: Sequence[Line], found: Sequence[Any]) -> Number:
    """As many as the list of the part shows."""
    return Number(min(len(found), LISTED), len(found) > LISTED) if lines else NONE
