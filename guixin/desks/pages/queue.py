from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import ResolverMatch
from django.utils.translation import gettext_lazy as _

from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page, sees_all
from guixin.ledger.clock import database_now
from guixin.organisation.access import get_visible_or_404, scope_of
from guixin.organisation.models import Person
from guixin.promise.models import Extension
from guixin.serve import queues
from guixin.serve.models import Case, FollowUp

TITLES = {
    "mine": _("My cases"),
    "department": _("Cases with us"),
    "escalated": _("Escalated to me"),
    "unrouted": _("No department yet"),
    "all": _("All open cases"),
    "my-tasks": _("My tasks"),
    "tasks": _("Department tasks"),
}
NOTHING = {
    "mine": _("You own no open case. New ones appear here by themselves."),
    "department": _("No open case is with your department."),
    "escalated": _("Nothing waits for your decision."),
    "unrouted": _("Every open case has its department."),
    "all": _("There is no open case."),
    "my-tasks": _("You have accepted no task. Those of your department wait under “Department tasks”."),
    "tasks": _("Your department has no open task."),
}
ERRANDS = 20
OF_TASKS = {"my-tasks": "mine", "tasks": "department"}


@signed_in
def today(request: SignedIn) -> HttpResponse:
    """The list this person works from: cases at the front desk, tasks in a department."""
    return show(request, "mine" if sees_all(scope_of(request.user)) else "tasks")


@signed_in
def queue(request: SignedIn, name: str) -> HttpResponse:
    return show(request, name)


def show(request: SignedIn, name: str) -> HttpResponse:
    """One page of a list: fifty rows, and where the next begins."""
    after = request.GET.get("after")
    try:
        listed = (
            queues.tasks(OF_TASKS[name], request.user)
            if name in OF_TASKS
            else queues.cases(name, request.user)
        )
        rows = queues.page_of(listed, after)
    except queues.NoSuchQueue as unknown:
        raise Http404(str(unknown)) from unknown
    except KeyError as unknown:
        raise Http404 from unknown
    return page(
        request,
        "desks/queue.html",
        {
            "queue": name,
            "title": TITLES[name],
            "nothing": NOTHING[name],
            "rows": rows.rows,
            "after": rows.after,
            "is_first": not after,
            "of_tasks": name in OF_TASKS,
            "errands": [] if after else errands(name, request.user),
        },
    )


def listed_at(
    match: ResolverMatch, said: QueryDict, person: Person
) -> tuple[Any, list[Case], str | None] | None:
    """Title, rows and what comes after, for the list of cases at an address; None when there is none."""
    name = match.kwargs.get("name") if match.url_name == "queue" else None
    if name not in TITLES or name in OF_TASKS:
        return None
    try:
        rows = queues.page_of(queues.cases(name, person), said.get("after"))
    except queues.NoSuchQueue:
        return None
    return TITLES[name], rows.rows, rows.after


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
