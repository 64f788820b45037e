"""What a person's day is written in: lines that lead to where something is done, and parts of lines with their number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

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


def lines_of_cases(rows: Sequence[Any], person: Person, line: Callable[[Any, Case], Line]) -> list[Line]:
    """Rows that name a case by its id, with those cases this person may see."""
    cases = Case.objects.visible_to(person).in_bulk({row.case_id for row in rows})
    return [line(row, cases[row.case_id]) for row in rows if row.case_id in cases]


def lines_of_matters(
    rows: Sequence[Any], person: Person, line: Callable[[Any, Case | Matter], Line]
) -> list[Line]:
    """The same with rows that may be about another matter: what an escalation's clock is about, or a notice."""
    cases = Case.objects.visible_to(person).in_bulk({row.case_id for row in rows})
    about: dict[Any, About] = {
        row: (row.matter or _NOTHING) if isinstance(row, Escalation) else (row.about_kind, row.about_id)
        for row in rows
        if row.case_id is None
    }
    matters = matters_for(person, about.values())
    found = [(row, cases.get(row.case_id) or matters.get(about.get(row, _NOTHING))) for row in rows]
    return [line(row, what) for row, what in found if what is not None]


_NOTHING: About = ("", 0)


def bounded(lines: Sequence[Line], found: Sequence[Any]) -> Number:
    """As many as the list of the part shows."""
    return Number(min(len(found), LISTED), len(found) > LISTED) if lines else NONE
