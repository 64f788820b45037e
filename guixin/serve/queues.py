"""The lists people work from, page by page. A page costs the same at a thousand cases and at a million.

Keyset paging: the next page begins after the last row seen, found by index; nothing is counted and nothing
skipped over. The numbers in the rail come from counters (`models/counter.py`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from guixin.ledger.clock import database_now
from guixin.organisation.access import Scope, scope_of
from guixin.organisation.models import Department, Person
from guixin.promise.models import Clock, Escalation, Measure
from guixin.serve.filtering import Filters, Reader, asked
from guixin.serve.models import Case, FollowUp, Snooze, Task
from guixin.serve.models.counter import all_counted
from guixin.web.refusals import Refused

PAGE = 50
NO_FILTERS = Filters()


class NoSuchQueue(Refused, LookupError):
    """The list does not exist, or this person has no right to it."""


@dataclass(frozen=True)
class Page:
    rows: Sequence[Any]
    after: str | None  # pass it back for the next page; None: this was the last


@dataclass(frozen=True)
class Listed:
    """The rows of a list; `departments`: only those of these; `order`: columns to sort by before the id."""

    rows: QuerySet
    departments: frozenset[int] | None = None
    order: tuple[str, ...] = ("queue_at",)

    @property
    def sorted_by(self) -> tuple[str, ...]:
        return (*self.order, "-pk" if self.order[-1].startswith("-") else "pk")

    @property
    def all_rows(self) -> QuerySet:
        """Every row of the list, in no order: to be counted up to a bound, or acted on."""
        return self.rows if self.departments is None else self.rows.filter(department_id__in=self.departments)


# What stands in an address where a page of each order begins, besides the id.
_READ: dict[str, Callable[[str], Any]] = {"level": int, "pk": int}


def page_of(listed: Listed, after: str | None = None, size: int = PAGE) -> Page:
    """One page, beginning after the row `after` names."""
    queryset, order = listed.rows, listed.sorted_by
    if after:
        queryset = queryset.filter(_beyond(order, _place(order, after)))
    if listed.departments is not None:
        queryset = _nearest(queryset, listed.departments, order, size + 1)
    rows = list(queryset.order_by(*order)[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, _place_of(rows[-1], order) if more else None)


def _beyond(order: Sequence[str], place: Sequence[Any]) -> Q:
    """The rows after a place: beyond it in one column and level with it in those before."""
    beyond, level = Q(), Q()
    for column, value in zip(order, place, strict=True):
        name, step = column.removeprefix("-"), "lt" if column.startswith("-") else "gt"
        beyond |= level & Q(**{f"{name}__{step}": value})
        level &= Q(**{name: value})
    # Said again for the first column alone, so that the index is entered at the place and not walked up to it.
    first, step = order[0].removeprefix("-"), "lte" if order[0].startswith("-") else "gte"
    return beyond & Q(**{f"{first}__{step}": place[0]})


def _nearest(queryset: QuerySet, departments: frozenset[int], order: Sequence[str], count: int) -> QuerySet:
    """The first rows of several departments: the first few of each, walked by index, and of these the first.

    "department_id IN (…)" in one go would sort everything these departments have.
    """
    if len(departments) <= 1 or order[0] != "queue_at":
        return queryset.filter(department_id__in=departments)
    shares = [
        queryset.filter(department_id=pk).order_by("queue_at", "id").values_list("queue_at", "id")[:count]
        for pk in sorted(departments)
    ]
    first = shares[0].union(*shares[1:], all=True).order_by("queue_at", "id")[:count]
    return queryset.filter(pk__in=[pk for _at, pk in first])


def _place_of(row: Any, order: Sequence[str]) -> str:
    values = (getattr(row, column.removeprefix("-")) for column in order)
    return "~".join(value.isoformat() if isinstance(value, datetime) else str(value) for value in values)


def _place(order: Sequence[str], after: str) -> list[Any]:
    try:
        words = after.split("~")
        return [
            _READ.get(column.removeprefix("-"), _moment)(word)
            for column, word in zip(order, words, strict=True)
        ]
    except (ValueError, OverflowError) as wrong:
        raise NoSuchQueue(_("This page of the list no longer exists; begin again from the first.")) from wrong


def _moment(word: str) -> datetime:
    at = datetime.fromisoformat(word.replace(" ", "+"))
    if at.tzinfo is None:
        raise ValueError(word)
    return at


OF_A_GROUP = 10  # rows of each group on the page
GROUPS_SHOWN = 40


@dataclass(frozen=True)
class Group:
    """What is alike in one way: the value as a filter is asked for it, how many there are, and the first of them."""

    value: str
    number: int
    rows: Sequence[Any]

    @property
    def more(self) -> int:
        return self.number - len(self.rows)


_GROUPED_BY = {"department": "department__code", "owner": "owner__login"}


def groups_of(listed: Listed, by: str) -> list[Group]:
    """The list in sections, the fullest first, each with its number and its first rows; one statement.

    It reads every row of the list, which a page of one list never does: about what counting them costs.
    """
    column = _GROUPED_BY.get(by, by)
    order = [
        F(name.removeprefix("-")).desc() if name.startswith("-") else F(name).asc()
        for name in listed.sorted_by
    ]
    alike = [F(column)]
    ranked = listed.all_rows.order_by().annotate(
        group_value=F(column),
        place=Window(RowNumber(), partition_by=alike, order_by=order),
        of_group=Window(Count("pk"), partition_by=alike),
    )
    found: dict[str, list[Any]] = {}
    for row in ranked.filter(place__lte=OF_A_GROUP).order_by("-of_group", "group_value", "place")[
        : OF_A_GROUP * GROUPS_SHOWN
    ]:
        found.setdefault(str(row.group_value), []).append(row)
    return [Group(value, rows[0].of_group, rows) for value, rows in found.items()]


CLOSED_SEEN_FOR = timedelta(
    days=90
)  # by those who do not see every case; older ones are found by their number


def cases(
    queue: str, person: Person, filters: Filters = NO_FILTERS, *, now: datetime | None = None
) -> Listed:
    """The cases of a list: mine (those awake), snoozed, all, unrouted, escalated, department; and closed."""
    scope, reader = scope_of(person), Reader(person, now or database_now())
    rows = Case.objects.select_related("owner", "department", "customer").filter(filters.narrow(reader))
    departments = filters.departments(reader)
    if queue == "closed":
        ended = rows.visible_to(person).filter(state=Case.State.CLOSED)
        if not _sees_all(scope):
            ended = ended.filter(closed_at__gte=reader.now - CLOSED_SEEN_FOR)
        return Listed(ended, departments, ("-closed_at",))
    order = _ORDER_OF_CASES[filters.sort]
    open_cases = rows.open()
    if filters.sort == "level":
        open_cases = open_cases.filter(level__gt=0)
    if queue == "mine":
        return Listed(open_cases.filter(Snooze.none_of(), owner=person), departments, order)
    if queue == "snoozed":
        return Listed(
            open_cases.filter(pk__in=Snooze.objects.visible_to(person).values("case_id")), departments, order
        )
    if queue == "department":
        ours = scope.own_department_ids | scope.department_ids
        return Listed(open_cases, ours if departments is None else ours & departments, order)
    if queue == "all" and _sees_all(scope):
        return Listed(open_cases, departments, order)
    if queue == "unrouted" and _sees_all(scope):
        searching = Clock.objects.open().filter(
            about_kind="case", about_id=OuterRef("pk"), measure=Measure.ROUTE, case_id=OuterRef("pk")
        )
        return Listed(open_cases.filter(Exists(searching)), departments, order)
    if queue == "escalated":
        told = Escalation.objects.waiting_for(person.pk).values("case_id")
        return Listed(open_cases.filter(pk__in=told), departments, order)
    if queue == "follow-ups":
        asked = rows.visible_to(person).filter(state=Case.State.CLOSED)
        return Listed(asked.filter(_follow_ups_today(reader)), departments, ("-closed_at",))
    raise NoSuchQueue(_("There is no list called “%s” for you.") % queue)


def tasks(
    queue: str, person: Person, filters: Filters = NO_FILTERS, *, now: datetime | None = None
) -> Listed:
    """The open tasks of a list: mine (accepted by me), department; all, for whoever sees every case."""
    scope, reader = scope_of(person), Reader(person, now or database_now())
    open_tasks = (
        Task.objects.open()
        .select_related("case__customer", "department", "handler")
        .filter(filters.narrow(reader))
    )
    departments, order = filters.departments(reader), _ORDER_OF_TASKS[filters.sort]
    if filters.sort == "level":
        open_tasks = open_tasks.filter(level__gt=0)
    if queue == "mine":
        return Listed(open_tasks.filter(handler=person), departments, order)
    if queue == "department":
        ours = scope.own_department_ids | scope.department_ids
        return Listed(open_tasks, ours if departments is None else ours & departments, order)
    if queue == "all" and _sees_all(scope):
        every = (
            frozenset(Department.objects.values_list("pk", flat=True)) if departments is None else departments
        )
        return Listed(open_tasks, every, order)  # walked department by department: they have no index of all
    raise NoSuchQueue(_("There is no list called “%s” for you.") % queue)


_ORDER_OF_CASES = {"deadline": ("queue_at",), "newest": ("-opened_at",), "level": ("-level", "queue_at")}
_ORDER_OF_TASKS = {"deadline": ("queue_at",), "newest": ("-given_at",), "level": ("-level", "queue_at")}
OF_TASKS = {
    "my-tasks": "mine",
    "tasks": "department",
    "all-tasks": "all",
}  # lists of tasks, by the name in their address


def listed(name: str, person: Person, said: Mapping, *, now: datetime | None = None) -> Listed:
    """A list by the name and the parameters of its address, of cases or of tasks."""
    filters = asked(said, of_tasks=name in OF_TASKS)
    if name in OF_TASKS:
        return tasks(OF_TASKS[name], person, filters, now=now)
    return cases(name, person, filters, now=now)


def _follow_ups_today(reader: Reader) -> Q:
    """Customers to be asked today, or before and nobody did: those of the reader, or of all who serve them."""
    planned = FollowUp.objects.filter(state=FollowUp.State.PLANNED, planned_for__lt=reader.tomorrow)
    if not _sees_all(scope_of(reader.person)):
        planned = planned.filter(holder=reader.person)
    return Q(pk__in=planned.values("case_id"))


def numbers(person: Person) -> dict[str, int]:
    """What stands in the rail: how many are open or wait, from counters, in one small query."""
    scope = scope_of(person)
    departments = [f"department:{pk}" for pk in sorted(scope.own_department_ids | scope.department_ids)]
    mine, accepted, told = f"owner:{person.pk}", f"handler:{person.pk}", f"person:{person.pk}"
    found = all_counted(
        [
            *(("open_cases", key) for key in (mine, "all", *departments)),
            *(("open_tasks", key) for key in (accepted, *departments)),
            ("waiting_escalations", told),
            ("unrouted_cases", "all"),
            ("snoozed_cases", told),
        ]
    )
    return {
        "mine": max(found["open_cases", mine] - found["snoozed_cases", told], 0),
        "snoozed": found["snoozed_cases", told],
        "all": found["open_cases", "all"] if _sees_all(scope) else 0,
        "department": sum(found["open_cases", key] for key in departments),
        "my_tasks": found["open_tasks", accepted],
        "department_tasks": sum(found["open_tasks", key] for key in departments),
        "escalated": found["waiting_escalations", told],
        "unrouted": found["unrouted_cases", "all"],
    }


def _sees_all(scope: Scope) -> bool:
    return scope.sees_everything or scope.is_front_desk
