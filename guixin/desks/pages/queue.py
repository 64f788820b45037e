from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import redirect
from django.urls import ResolverMatch
from django.utils.translation import gettext_lazy as _

from guixin.desks.filter_bar import FilterForm, filter_bar, sections
from guixin.desks.forms.bulk import ACTS
from guixin.desks.lists import Lists
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import fragment, page
from guixin.ledger.bulk import fetch_rows
from guixin.ledger.clock import database_now
from guixin.organisation.access import get_visible_or_404, scope_of
from guixin.organisation.models import Person
from guixin.promise.models import Extension
from guixin.serve import bulk_changes, presence, queues, saved_views
from guixin.serve.filtering import BadFilter, asked
from guixin.serve.models import Case, FollowUp
from guixin.serve.overview import sees_all
from guixin.serve.saved_views import View

TITLES = {
    "mine": _("My cases"),
    "snoozed": _("Asleep"),
    "department": _("Cases with us"),
    "escalated": _("Escalated to me"),
    "unrouted": _("No department yet"),
    "all": _("All open cases"),
    "my-tasks": _("My tasks"),
    "tasks": _("Department tasks"),
    "all-tasks": _("All open tasks"),
    "closed": _("Closed cases"),
    "follow-ups": _("Follow-ups due today"),
}
NOTHING = {
    "mine": _("You own no open case. New ones appear here by themselves."),
    "snoozed": _("No case of yours is asleep."),
    "department": _("No open case is with your department."),
    "escalated": _("Nothing waits for your decision."),
    "unrouted": _("Every open case has its department."),
    "all": _("There is no open case."),
    "my-tasks": _("You have accepted no task. Those of your department wait under “Department tasks”."),
    "tasks": _("Your department has no open task."),
    "all-tasks": _("No department has an open task."),
    "closed": _("No case was closed yet."),
    "follow-ups": _("No customer waits for a follow-up today."),
}
NOTHING_LEFT = _("Nothing in this list is like that. Take a filter away to see more.")
ERRANDS = 20
BY_CLOSING = ("closed", "follow-ups")  # lists of closed cases: no deadlines to sort or filter by


@signed_in
def today(request: SignedIn) -> HttpResponse:
    """The list this person works from: cases at the front desk, tasks in a department."""
    return show(request, "mine" if sees_all(scope_of(request.user)) else "tasks")


@signed_in
def queue(request: SignedIn, name: str) -> HttpResponse:
    return show(request, name)


@signed_in
def view(request: SignedIn, key: str) -> HttpResponse:
    """A list with the filters of a saved view, or with those of the address once somebody changed them."""
    return show(request, *_viewed(key, request.GET, request.user))


def _viewed(key: str, said: QueryDict, person: Person) -> tuple[str, QueryDict, View]:
    found = saved_views.find(key, person)
    if found is None:
        raise Http404(_("There is no view like that for you."))
    if set(said) - {"after", "in"}:
        return found.list, said, found
    kept = QueryDict(found.query, mutable=True)
    for name in said:
        kept.setlist(name, said.getlist(name))
    return found.list, kept, found


def show(
    request: SignedIn, name: str, said: QueryDict | None = None, view: View | None = None
) -> HttpResponse:
    """One page of a list: fifty rows, and where the next begins."""
    if name not in TITLES:
        raise Http404
    said, now, of_tasks = said or request.GET, database_now(), name in queues.OF_TASKS
    refusal, filters, after = "", queues.NO_FILTERS, said.get("after")
    grouped: list[queues.Group] = []
    try:
        filters = asked(said, of_tasks=of_tasks)
        listed = queues.listed(name, request.user, said, now=now)
        if filters.group:
            grouped = queues.groups_of(listed, filters.group)
            rows = queues.Page([row for group in grouped for row in group.rows], None)
        else:
            rows = queues.page_of(listed, after)
    except queues.NoSuchQueue as unknown:
        raise Http404(str(unknown)) from unknown
    except BadFilter as wrong:
        refusal, rows = str(wrong), queues.Page((), None)
    here = view.address if view else f"/queues/{name}"
    return page(
        request,
        "desks/queue.html",
        {
            "now": now,
            "queue": name,
            "view": view,
            "is_changed": bool(view and not refusal and filters.query() != view.query),
            "title": view.name if view else TITLES[name],
            "nothing": NOTHING_LEFT if filters else NOTHING[name],
            "refusal": refusal,
            "rows": rows.rows,
            "groups": sections(here, filters, grouped),
            "columns": filters.columns,
            "width": len(filters.columns) + 3,
            "after": rows.after,
            "is_first": not after,
            "of_tasks": of_tasks,
            "bar": filter_bar(here, filters, can_be_sorted=name not in BY_CLOSING),
            "beside": urlencode({"in": request.get_full_path()}),
            "unread": _unread(rows.rows, request.user),
            "watched": _watched(rows.rows, request.user, now),
            "acts": [] if of_tasks else ACTS,
            "errands": [] if after or filters or view else errands(name, request.user),
        },
        status=400 if refusal else 200,
        listed=map(_case_of, rows.rows),
    )


def _unread(rows: Sequence[Any], person: Person) -> set[int]:
    """The cases of these rows of which the reader has news."""
    return {case_id for (case_id,) in fetch_rows(_NEWS, [person.pk, [_case_of(row) for row in rows]])}


_NEWS = """
    SELECT case_id FROM channels_notice WHERE person_id = %s AND read_at IS NULL AND case_id = ANY(%s::bigint[])
"""


def _watched(rows: Sequence[Any], person: Person, now: datetime) -> dict[int, str]:
    """Who else has these cases before them, by case."""
    there = fetch_rows(_THERE, [[_case_of(row) for row in rows], now - presence.GONE_AFTER, person.pk])
    names: dict[int, list[str]] = {}
    for case_id, name in there:
        names.setdefault(case_id, []).append(name)
    return {case_id: "、".join(some) for case_id, some in names.items()}


_THERE = """
    SELECT p.case_id, o.name FROM serve_presence p JOIN organisation_person o ON o.id = p.person_id
    WHERE p.case_id = ANY(%s::bigint[]) AND p.at > %s AND p.person_id <> %s
"""


def _case_of(row: Any) -> int:
    return row.pk if isinstance(row, Case) else row.case_id


@signed_in
def all_filters(request: SignedIn, name: str = "", key: str = "") -> HttpResponse:
    """Every filter of a list to choose from: put in place by htmx, a page of its own without."""
    view: View | None = None
    said: QueryDict = request.GET
    if key:
        name, said, view = _viewed(key, request.GET, request.user)
    if name not in TITLES:
        raise Http404
    try:
        filters = asked(said, of_tasks=name in queues.OF_TASKS)
    except BadFilter:
        filters = asked({}, of_tasks=name in queues.OF_TASKS)
    here = view.address if view else f"/queues/{name}"
    context = {
        "title": view.name if view else TITLES[name],
        "here": here,
        "form": FilterForm(filters, Lists()),
    }
    if request.htmx:
        return fragment(request, "desks/_filters.html", context)
    return page(request, "desks/filters.html", context)


@signed_in
def number_of_matches(request: SignedIn, name: str) -> HttpResponse:
    """How many cases the filters let through, for the button that selects them all; counted up to a bound."""
    try:
        rows = queues.listed(name, request.user, request.GET).all_rows
    except queues.NoSuchQueue as unknown:
        raise Http404 from unknown
    except BadFilter as wrong:
        return HttpResponseBadRequest(str(wrong))
    number = rows.order_by()[: bulk_changes.MOST + 1].count()
    return fragment(request, "desks/_all_matches.html", {"number": number, "most": bulk_changes.MOST})


def listed_at(
    match: ResolverMatch, said: QueryDict, person: Person
) -> tuple[Any, Sequence[Case], str | None] | None:
    """Title, rows and what comes after, for the list of cases at an address; None when there is none."""
    title: Any = None
    if match.url_name == "queue":
        name = match.kwargs["name"]
    elif match.url_name == "view":
        name, said, view = _viewed(match.kwargs["key"], said, person)
        title = view.name
    else:
        return None
    if name not in TITLES or name in queues.OF_TASKS:
        return None
    try:
        rows = queues.page_of(queues.listed(name, person, said), said.get("after"))
    except (queues.NoSuchQueue, BadFilter):
        return None
    return title or TITLES[name], rows.rows, rows.after


@dataclass(frozen=True)
class Errand:
    """Something that waits for one person and is no case of its own: where it is done, and since when it waits."""

    words: str
    case: Case
    at: datetime


def errands(name: str, person: Person) -> list[Errand]:
    """Extensions to decide stand above what was escalated to somebody, follow-ups that are due above their cases."""
    if name == "escalated":
        asked = Extension.objects.filter(authority=person, state=Extension.State.ASKED).order_by("old_due_at")
        waiting = [(one.case_id, one.old_due_at) for one in asked[:ERRANDS]]
        words = _("Decide over more time")
    elif name == "mine":
        due = FollowUp.objects.filter(
            holder=person, state=FollowUp.State.PLANNED, planned_for__lte=database_now()
        ).order_by("planned_for")
        waiting = [(one.case_id, one.planned_for) for one in due[:ERRANDS]]
        words = _("Follow-up")
    else:
        return []
    seen = Case.objects.visible_to(person).in_bulk([case_id for case_id, _at in waiting])
    return [Errand(str(words), seen[case_id], at) for case_id, at in waiting if case_id in seen]


@signed_in
def go_to(request: SignedIn) -> HttpResponse:
    """A case by its number, typed in the box of the rail."""
    case = get_visible_or_404(Case.objects, request.user, number=request.GET.get("number", "").strip())
    return redirect(f"/cases/{case.number}")
