"""How a past story is told: by the verbs the pages use, each called with the moment it happened.

A story is a few threads (generators) that take turns by their times: the desk, a department, the customer. What a
thread yields says when it goes on, in somebody's working hours:

    def the_department(told, task):
        yield hours(1.5, "quality")
        handling.accept(task, by=told.person("dai"), now=told.now)

Before each turn the clocks of the firm run up to that moment, so that reminders, breaches and levels stand at their
own times and with the authorities of that day. A turn that lies ahead of the present is not taken: there the story
stops, and the case is open today.

One story is one transaction, in which no other is half told. A worker may be at work meanwhile: it never sees a case
between two turns, and goes on truly with what the story leaves running.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any

from django.db import connection, transaction
from django.db.models import Min

from guixin.channels.models import Notice
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Department, Person
from guixin.promise.keeping import fire_due
from guixin.promise.models import Clock
from guixin.promise.terms import all_calendars, calendar_of_department
from guixin.serve.intake import Arrival, open_case
from guixin.serve.models import Case, Task
from guixin.worktime import due_at

A_SECOND = timedelta(seconds=1)
READ_WITHIN = timedelta(days=1)  # older notices of the past were looked at then


@dataclass(frozen=True)
class Wait:
    """Working time of a department, or of nobody in particular (round the clock)."""

    time: timedelta
    department: str


@dataclass(slots=True)
class Place:
    """When a case comes in, and the number that is due to it among all the others."""

    at: datetime
    number: int = 0


Thread = Generator[Wait | datetime, None, None]


def hours(number: float, department: str = "desk") -> Wait:
    return Wait(timedelta(hours=number), department)


def days(number: float) -> Wait:
    """Of the calendar."""
    return Wait(timedelta(days=number), "")


class Cast:
    """The people and departments of demo/firm.toml, read once."""

    def __init__(self) -> None:
        self.people = {person.login: person for person in Person.objects.all()}
        self.departments = {department.code: department for department in Department.objects.all()}
        self.calendars = {
            code: all_calendars()[calendar_of_department()[department.pk]]
            for code, department in self.departments.items()
        }
        self.by_id = {person.pk: person for person in self.people.values()}

    def later(self, moment: datetime, wait: Wait) -> datetime:
        if not wait.department:
            return moment + wait.time
        return due_at(moment, wait.time, self.calendars[wait.department])


class Telling:
    """One story on its way from its beginning to its end, or to the present."""

    def __init__(self, cast: Cast, present: datetime, chance: Random):
        self.cast, self.present, self.chance = cast, present, chance
        self.now = present
        self._order = count()
        self._turns: list[tuple[datetime, int, Thread]] = []

    def begin(self, moment: datetime, thread: Thread) -> None:
        """A thread that takes its first turn then."""
        heappush(self._turns, (moment, next(self._order), thread))

    def beside(self, thread: Thread, wait: Wait | None = None) -> None:
        """Somebody else begins to act, now or after a while."""
        self.begin(self._when(wait) if wait else self.now, thread)

    def then(self, wait: Wait, act: Callable[..., None], *arguments: Any) -> None:
        """One thing somebody does after a while."""
        self.beside(_once(act, *arguments), wait)

    @transaction.atomic
    def run(self) -> None:
        while self._turns and self._turns[0][0] <= self.present:
            moment, _order, thread = heappop(self._turns)
            let_clocks_run(moment)
            self.now = moment
            try:
                wait = next(thread)
            except StopIteration:
                continue
            self.begin(self._when(wait), thread)
        if self._turns:
            let_clocks_run(self.present)

    def _when(self, wait: Wait | datetime) -> datetime:
        """Nobody acts on the stroke: a little later than the hours say."""
        moment = wait if isinstance(wait, datetime) else self.cast.later(self.now, wait)
        return moment + timedelta(seconds=self.chance.randrange(3, 300))

    # -- words for the stories ---------------------------------------------------------------------------------

    def person(self, login: str) -> Person:
        return self.cast.people[login]

    def owner(self, case: Case) -> Person:
        return self.cast.by_id[Case.objects.values_list("owner_id", flat=True).get(pk=case.pk)]

    def department(self, code: str) -> Department:
        return self.cast.departments[code]

    def somebody(self, department: str) -> Person:
        """One of those who handle its tasks and are there."""
        there = Ladder.at(self.now).handlers(self.department(department).pk)
        return self.cast.by_id[self.chance.choice(sorted(there))]

    def open(self, place: Place, by: str | None, **arrival: Any) -> Case:
        """Take in a case under the number that belongs to its moment.

        departments   their codes; without any the firm's rules decide
        desk_only     the front desk answers by itself
        """
        named, desk_only = arrival.pop("departments", ()), arrival.pop("desk_only", False)
        chosen = None if desk_only else [self.department(code).pk for code in named]
        next_number(place.number)
        told = Arrival(opened_at=self.now, departments=chosen, **arrival)
        return open_case(told, now=self.now, by=self.person(by) if by else None)

    def is_open(self, case: Case) -> bool:
        return Case.objects.open().filter(pk=case.pk).exists()

    def open_tasks(self, case: Case) -> list[Task]:
        return list(Task.objects.filter(case=case).open().select_related("department", "case").order_by("pk"))


def _once(act: Callable[..., None], *arguments: Any) -> Thread:
    act(*arguments)
    yield from ()


def let_clocks_run(until: datetime) -> None:
    """What a worker would have done by then, looking a second after each step falls due."""
    while True:
        due = Clock.objects.filter(next_at__lte=until).aggregate(first=Min("next_at"))["first"]
        if due is None or not fire_due(min(due + A_SECOND, until)):
            return


def notices_were_read(present: datetime) -> int:
    """People have looked at what they were told before yesterday."""
    old = Notice.objects.filter(read_at__isnull=True, happened_at__lt=present - READ_WITHIN)
    return old.update(read_at=present - READ_WITHIN, told_at=present)


# -- numbers -------------------------------------------------------------------------------------------------------
# The stories are told in any order, while today goes on under numbers of its own; yet a number says when a case came.
# So each takes the number of its place in time, from a sequence that only this connection sees under that name.


def count_numbers_here() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP SEQUENCE IF NOT EXISTS serve_case_number")


def next_number(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('pg_temp.serve_case_number', %s, false)", [number])


def count_numbers_as_usual() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP SEQUENCE IF EXISTS pg_temp.serve_case_number")


def keep_numbers_free(up_to: int) -> None:
    """What comes in from now on is numbered behind the history."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval('public.serve_case_number', greatest(nextval('public.serve_case_number'), %s))",
            [up_to],
        )
