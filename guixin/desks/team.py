"""What whoever looks after others must know of them today: late, due soon, with nobody; by department and by person.

The same figures as on the board, cut down to those that ask for something; every number has a list behind it with
exactly these rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guixin.channels.mail.repairing import quarantined
from guixin.organisation.access import scope_of
from guixin.organisation.models import Department, Person
from guixin.organisation.models.position import Rank
from guixin.serve.models.counter import all_counted
from guixin.serve.overview import Deadlines, Number, deadlines, departments_of, people_of, sees_all, unrouted

SHOWN = 6  # departments, and people, at most; the board has them all


@dataclass(frozen=True)
class Figure:
    """A number and the list it counts; no address where this reader has no such list."""

    words: str
    number: Number
    address: str
    look: str = ""


@dataclass(frozen=True)
class Row:
    """A department or a person with the figures that are not nought."""

    name: str
    words: str
    figures: Sequence[Figure]
    address: str = ""

    @property
    def late(self) -> int:
        return sum(each.number.value for each in self.figures if each.look == "late")


@dataclass(frozen=True)
class Team:
    """`more`: how many rows are only on the board."""

    departments: Sequence[Row] = field(default_factory=tuple)
    people: Sequence[Row] = field(default_factory=tuple)
    whose: str = ""
    unrouted: Number | None = None
    more: int = 0
    mail: int = 0  # in quarantine

    @property
    def is_quiet(self) -> bool:
        return not (self.departments or self.people or self.unrouted or self.mail)


def team_of(person: Person, now: datetime) -> Team | None:
    """None for whoever looks after nobody."""
    scope = scope_of(person)
    if scope.rank < Rank.SUPERVISOR:
        return None
    everything, departments = sees_all(scope), departments_of(person)
    if not departments:
        return None
    lists = ("all", "all-tasks") if everything else ("department", "tasks")
    rows = _by_department(departments, lists, now)
    own = next((each for each in departments if each.pk in scope.own_department_ids), departments[0])
    people = _by_person(own, person, lists, everything, now)
    return Team(
        departments=rows[:SHOWN],
        people=people[:SHOWN],
        whose=own.shown_name(get_language() or "zh-hans"),
        unrouted=unrouted(person, now) if everything else None,
        mail=quarantined() if everything else 0,
        more=max(len(rows) - SHOWN, 0) + max(len(people) - SHOWN, 0),
    )


def _by_department(departments: Sequence[Department], lists: tuple[str, str], now: datetime) -> list[Row]:
    ids, language = [each.pk for each in departments], get_language() or "zh-hans"
    of_cases, of_tasks = deadlines(ids, now, serve_case="department_id", serve_task="department_id")
    given = all_counted([("unaccepted_tasks", f"department:{pk}") for pk in ids])
    rows = []
    for each in departments:
        figures = [
            *_near(of_cases[each.pk], of_tasks[each.pk], lists, f"department={each.code}"),
            Figure(
                _("Not accepted"), Number(given["unaccepted_tasks", f"department:{each.pk}"]),
                f"/queues/{lists[1]}?department={each.code}&state=given", "soon",
            ),
        ]  # fmt: skip
        name = each.shown_name(language)
        rows.append(Row(name, "", _told(figures), f"/now?department={each.code}#people"))
    return _worst_first(rows)


def _by_person(
    department: Department, reader: Person, lists: tuple[str, str], everything: bool, now: datetime
) -> list[Row]:
    rows = []
    for each in people_of(department, now):
        if each.person == reader:
            continue  # their own stand above
        login = each.person.login
        figures = [
            *(_near(each.of_cases, Deadlines(), lists, f"owner={login}") if everything else ()),
            *_near(Deadlines(), each.of_tasks, lists, f"handler={login}"),
        ]
        away = _("away, %s stands in") % each.deputy if each.away_until and each.deputy else ""
        rows.append(
            Row(each.person.name, away or (_("away") if each.away_until else each.title), _told(figures))
        )
    return _worst_first(rows)


def _near(cases: Deadlines, tasks: Deadlines, lists: tuple[str, str], whose: str) -> list[Figure]:
    return [
        Figure(_("Cases late"), cases.late, f"/queues/{lists[0]}?{whose}&due=late", "late"),
        Figure(_("Cases due in 30 min"), cases.soon, f"/queues/{lists[0]}?{whose}&due=soon", "soon"),
        Figure(_("Tasks late"), tasks.late, f"/queues/{lists[1]}?{whose}&due=late", "late"),
        Figure(_("Tasks due in 30 min"), tasks.soon, f"/queues/{lists[1]}?{whose}&due=soon", "soon"),
    ]


def _told(figures: Sequence[Figure]) -> list[Figure]:
    return [each for each in figures if each.number]


def _worst_first(rows: Sequence[Row]) -> list[Any]:
    return sorted((row for row in rows if row.figures), key=lambda row: -row.late)
