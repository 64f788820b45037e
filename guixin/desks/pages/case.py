from hashlib import sha256
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string

from guixin.desks.acts import Offer, Reader, act_called, asked_for_alone, form_alone, perform
from guixin.desks.dossier import act_asked_for, add_acts, dossier
from guixin.desks.nouns import BY_PATH, NOUNS, address
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import fragment, page
from guixin.ledger.clock import database_now
from guixin.organisation.access import get_visible_or_404
from guixin.serve.models import Case, Task


def _fetch(request: SignedIn, number: str) -> Case:
    return NOUNS["case"].fetch(request.user, number)


@signed_in
def show(request: SignedIn, number: str) -> HttpResponse:
    case = _fetch(request, number)
    if asked_for_alone(request):
        return form_alone(request, act_asked_for(case, Reader.of(request)), {})
    return answer_with_case(request, case)


@signed_in
def live(request: SignedIn, number: str) -> HttpResponse:
    """The part that changes by itself. 204 when nothing did, so that nothing on the page moves."""
    context = _live(request, _fetch(request, number))
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    return fragment(request, "desks/_live.html", context)


def answer_with_case(
    request: SignedIn,
    case: Case,
    refused: Offer | None = None,
    status: int = 200,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """The whole page; `more` is what a part of it knows better, such as the customer in full."""
    context = _live(request, case)
    context |= {"customer": context["shown"].customer, "here": address("case", case), **(more or {})}
    add_acts(context["shown"], Reader.of(request, refused))
    return page(request, "desks/case.html", context, status=status)


def _live(request: SignedIn, case: Case) -> dict:
    now = database_now()
    shown = dossier(case, request.user, now)
    parts = render_to_string("desks/_case_parts.html", {"shown": shown, "case": case, "now": now}, request)
    return {"case": case, "shown": shown, "now": now, "parts": parts, "seen": _digest(parts)}


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


@signed_in
def act(request: SignedIn, path: str, key: str, name: str) -> HttpResponse:
    """One act on a case, a task, a promise … : fetched for this person, done by its verb, answered."""
    noun_name = BY_PATH[path]
    noun = NOUNS[noun_name].fetch(request.user, key)
    case = NOUNS[noun_name].case_of(noun)
    where = address(noun_name, noun) if noun_name == "task" else _came_from(request, case)
    wanted = act_called(noun_name, name)
    if request.method != "POST" or wanted is None:
        return redirect(where) if wanted else HttpResponse(status=404)

    def show_refusal(refused: Offer, status: int) -> HttpResponse:
        from guixin.desks.pages.task import answer_with_task

        if noun_name == "task" or where.startswith("/tasks/"):
            return answer_with_task(request, _task_of(request, where), refused, status)
        return answer_with_case(request, _fetch(request, case.number), refused, status)

    return perform(request, wanted, noun, where=where, show=show_refusal)


def _came_from(request: SignedIn, case: Case) -> str:
    """Back to the task's page when the form stood there (an extension asked for on the phone)."""
    task = request.POST.get("task_page", "")
    if task.isdecimal() and Task.objects.filter(pk=task, case=case).exists():
        return f"/tasks/{task}"
    return f"/cases/{case.number}"


def _task_of(request: SignedIn, where: str) -> Task:
    tasks = Task.objects.select_related("case__customer", "case__owner", "department", "handler")
    return get_visible_or_404(tasks, request.user, pk=where.removeprefix("/tasks/"))
