"""The lists people work from, page by page. A page costs the same at a thousand cases and at a million.

Keyset paging: the next page begins after the last row seen, found by index; nothing is counted and nothing
skipped over. The numbers in the rail come from counters (`models/counter.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guixin.organisation.access import Scope, scope_of
from guixin.organisation.models import Person
from guixin.promise.models import Clock, Escalation, Measure
from guixin.serve.models import Case, Task
from guixin.serve.models.counter import counted
from guixin.web.refusals import Refused

PAGE = 50


class NoSuchQueue(Refused, LookupError):
    """The list does not exist, or this person has no right to it."""


@dataclass(frozen=True)
class Page:
    rows: Sequence[Any]
    after: str | None  # pass it back for the next page; None: this was the last


@dataclass(frozen=True)
class Listed:
    """The rows of a list; `departments`: only those of these."""

    rows: QuerySet
    departments: frozenset[int] | None = None


def page_of(listed: Listed, after: str | None = None, size: int = PAGE) -> Page:
    """One page ordered by (queue_at, id), beginning after the row `after` names."""
    queryset = listed.rows
    if after:
        at, pk = _place(after)
        queryset = queryset.filter(Q(queue_at__gt=at) | Q(queue_at=at, pk__gt=pk)).filter(queue_at__gte=at)
    if listed.departments is not None:
        queryset = _nearest(queryset, listed.departments, size + 1)
    rows = list(queryset.order_by("queue_at", "pk")[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, f"{rows[-1].queue_at.isoformat()}~{rows[-1].pk}" if more else None)


def _nearest(queryset: QuerySet, departments: frozenset[int], count: int) -> QuerySet:
    """The nearest deadlines of several departments: the first few of each, walked by index, and of these the first.

    "department_id IN (…)" in one go would sort everything these departments have.
    """
    if len(departments) <= 1:
        return queryset.filter(department_id__in=departments)
    shares = [
        queryset.filter(department_id=pk).order_by("queue_at", "id").values_list("queue_at", "id")[:count]
        for pk in sorted(departments)
    ]
    first = shares[0].union(*shares[1:], all=True).order_by("queue_at", "id")[:count]
    return queryset.filter(pk__in=[pk for _at, pk in first])


def _place(after: str) -> tuple[datetime, int]:
    try:
        at, pk = after.split("~")
        place = datetime.fromisoformat(at.replace(" ", "+"))
        if place.tzinfo is None:
            raise ValueError(after)
        return place, int(pk)
    except ValueError as wrong:
        raise NoSuchQueue(_("This page of the list no longer exists; begin again from the first.")) from wrong


def cases(queue: str, person: Person) -> Listed:
    """The open cases of a list: mine, all, unrouted, escalated, department."""
    scope = scope_of(person)
    open_cases = Case.objects.open().select_related("owner", "department", "customer")
    if queue == "mine":
        return Listed(open_cases.filter(owner=person))
    if queue == "department":
        return Listed(open_cases, scope.own_department_ids | scope.department_ids)
    if queue == "all" and _sees_all(scope):
        return Listed(open_cases)
    if queue == "unrouted" and _sees_all(scope):
        searching = Clock.objects.open().filter(
            about_kind="case", about_id=OuterRef("pk"), measure=Measure.ROUTE, case_id=OuterRef("pk")
        )
        return Listed(open_cases.filter(Exists(searching)))
    if queue == "escalated":
        told = Escalation.objects.waiting_for(person.pk).values("case_id")
        return Listed(open_cases.filter(pk__in=told))
    raise NoSuchQueue(_("There is no list called “%s” for you.") % queue)


def tasks(queue: str, person: Person) -> Listed:
    """The open tasks of a list: mine (accepted by me), department."""
    scope = scope_of(person)
    open_tasks = Task.objects.open().select_related("case__customer", "department", "handler")
    if queue == "mine":
        return Listed(open_tasks.filter(handler=person))
    if queue == "department":
        return Listed(open_tasks, scope.own_department_ids | scope.department_ids)
    raise NoSuchQueue(_("There is no list called “%s” for you.") % queue)


def numbers(person: Person) -> dict[str, int]:
    """What stands in the rail: how many are open, from counters, in two small queries."""
    scope = scope_of(person)
    departments = [f"department:{pk}" for pk in sorted(scope.own_department_ids | scope.department_ids)]
    mine = f"owner:{person.pk}"
    open_cases = counted("open_cases", [mine, "all", *departments])
    open_tasks = counted("open_tasks", [f"handler:{person.pk}", *departments])
    return {
        "mine": open_cases[mine],
        "all": open_cases["all"] if _sees_all(scope) else 0,
        "department": sum(open_cases[key] for key in departments),
        "my_tasks": open_tasks[f"handler:{person.pk}"],
        "department_tasks": sum(open_tasks[key] for key in departments),
    }


def _sees_all(scope: Scope) -> bool:
    return scope.sees_everything or scope.is_front_desk
