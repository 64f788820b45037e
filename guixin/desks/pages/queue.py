from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from guixin.desks.pages.access import signed_in
from guixin.desks.rendering import page, sees_all
from guixin.organisation.access import get_visible_or_404, scope_of
from guixin.serve import queues
from guixin.serve.models import Case

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
OF_TASKS = {"my-tasks": "mine", "tasks": "department"}


@signed_in
def today(request: HttpRequest) -> HttpResponse:
    """The list this person works from: cases at the front desk, tasks in a department."""
    return show(request, "mine" if sees_all(scope_of(request.user)) else "tasks")


@signed_in
def queue(request: HttpRequest, name: str) -> HttpResponse:
    return show(request, name)


def show(request: HttpRequest, name: str) -> HttpResponse:
    """One page of a list: fifty rows, and where the next begins."""
    after = request.GET.get("after")
    try:
        if name in OF_TASKS:
            listed = queues.tasks(OF_TASKS[name], request.user)
        else:
            listed = queues.cases(name, request.user)
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
        },
    )


@signed_in
def go_to(request: HttpRequest) -> HttpResponse:
    """A case by its number, typed in the box of the rail."""
    case = get_visible_or_404(Case.objects, request.user, number=request.GET.get("number", "").strip())
    return redirect(f"/cases/{case.number}")
