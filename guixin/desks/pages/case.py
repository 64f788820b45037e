from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string

from guixin.desks import suggesting
from guixin.desks.acts import Offer, Reader, act_called, asked_for_alone, form_alone, perform
from guixin.desks.case_orders import orders_of
from guixin.desks.case_readings import ASIDE, MIDDLE, MIDDLE_AND_ORDERS, ORDERS, WHOLE
from guixin.desks.composing import composer_of
from guixin.desks.dossier import Standing, act_asked_for, add_acts, aside, dossier, standing
from guixin.desks.list_panes import list_pane
from guixin.desks.live import live_address_of_case
from guixin.desks.nouns import BY_PATH, NOUNS, OWN_PAGES, address
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import fragment, page
from guixin.ledger.clock import database_now
from guixin.organisation.access import get_visible_or_404
from guixin.serve.models import Case, Task
from guixin.web.preferences import local_address

# Each is fetched again alone when it changed, so that what is typed between them stays.
PARTS = ("head", "story")
SIDES = ("customer", "tasks", "handbook")


def _fetch(request: SignedIn, number: str) -> Case:
    return NOUNS["case"].fetch(request.user, number)


@signed_in
def show(request: SignedIn, number: str) -> HttpResponse:
    case = _fetch(request, number)
    if asked_for_alone(request):
        return form_alone(request, act_asked_for(case, Reader.of(request)), {})
    if request.htmx.target == "side":
        return _side_alone(request, case)
    return answer_with_case(request, case)


@signed_in
def live(request: SignedIn, number: str) -> HttpResponse:
    """The parts that changed by themselves. 204 when none did, so that nothing on the page moves."""
    context = _live(request, standing(_fetch(request, number), database_now(), MIDDLE))
    seen = request.GET.get("seen", "").split("-")
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    if len(seen) != len(PARTS):
        seen = [""] * len(PARTS)
    was = dict(zip(PARTS, seen, strict=True))
    context["changed"] = [
        (name, part) for name, part in context["parts"].items() if _digest(part) != was[name]
    ]
    return fragment(request, "desks/_live.html", context)


@signed_in
def list_beside(request: SignedIn) -> HttpResponse:
    """The rows of the list pane, read again."""
    pane = list_pane(request.user, request.GET.get("in", ""))
    if pane is None:
        raise Http404
    return fragment(request, "desks/_list_rows.html", {"list_pane": pane, "now": database_now()})


def answer_with_case(
    request: SignedIn,
    case: Case,
    refused: Offer | None = None,
    status: int = 200,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """The whole page; `more` is what a part of it knows better, such as the customer in full.

    A row of the list beside it fetches the case alone, and the list stays as it is.
    """
    beside = request.GET.get("in", "")
    side = _side(request, case)
    wanted = {"tasks": WHOLE, "customer": MIDDLE_AND_ORDERS}.get(side["side"], MIDDLE)
    stand = standing(case, database_now(), wanted)
    context = _live(request, stand) | side | {"number": case.number, **(more or {})}
    if context["side"] == "tasks":
        context["aside"] = aside(stand, request.user)
    elif context["side"] == "handbook":
        context["suggestions"] = suggesting.of_case(request.user, case)
    else:
        context["orders"] = orders_of(case, request.user, stand.read)
    if "customer" not in context:
        context["customer"] = case.customer.shown_to(request.user) if case.customer else None
    if "composer" not in context:
        last_said = max((message.pk for message in context["shown"].messages), default=0)
        context["composer"] = composer_of(request, case, context["customer"], last_said)
    add_acts(context["shown"], Reader.of(request, refused))
    if request.htmx.target == "case" and not request.htmx.history_restore_request:
        return fragment(
            request,
            "desks/_case_alone.html",
            context
            | {
                "back_to": local_address(request, beside, ""),
                "live_later": live_address_of_case(request, case),
            },
            status=status,
        )
    listed = None
    if pane := list_pane(request.user, beside):
        context |= {"list_pane": pane, "rail_here": pane.path, "back_to": pane.address}
        listed = [row.pk for row in pane.rows]
    return page(request, "desks/case.html", context, status=status, case=case, listed=listed)


def _live(request: SignedIn, stand: Standing) -> dict:
    about = {"shown": dossier(stand), "case": stand.case, "now": stand.now}
    parts = {name: render_to_string(f"desks/_case_{name}.html", about) for name in PARTS}
    seen = "-".join(_digest(part) for part in parts.values())
    return {**about, "parts": parts, "seen": seen, "changed": []}


def _side(request: SignedIn, case: Case) -> dict:
    """The side panel at the tab that is asked for."""
    wanted, beside = request.GET.get("side"), request.GET.get("in", "")
    return {
        "here": address("case", case),
        "within": f"&{urlencode({'in': beside})}" if beside else "",
        "side": wanted if wanted in SIDES else SIDES[0],
    }


def _side_alone(request: SignedIn, case: Case) -> HttpResponse:
    """Only what stands on its tab is asked for."""
    about = {"case": case, "now": database_now(), **_side(request, case)}
    if about["side"] == "tasks":
        about["aside"] = aside(standing(case, about["now"], ASIDE), request.user)
    elif about["side"] == "handbook":
        about["suggestions"] = suggesting.of_case(request.user, case)
    else:
        about["orders"] = orders_of(case, request.user, ORDERS.rows(case_id=case.pk))
        about["customer"] = case.customer.shown_to(request.user) if case.customer else None
    return fragment(request, "desks/_case_side.html", about)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


@signed_in
def act(request: SignedIn, path: str, key: str, name: str) -> HttpResponse:
    """One act on a case, a task, a promise … : fetched for this person, done by its verb, answered."""
    noun_name = BY_PATH[path]
    noun = NOUNS[noun_name].fetch(request.user, key)
    own_page = OWN_PAGES.get(noun_name)
    case = NOUNS[noun_name].case_of(noun) if own_page is None else None
    where = address(noun_name, noun) if own_page or noun_name == "task" else _came_from(request, case)
    wanted = act_called(noun_name, name)
    if request.method != "POST" or wanted is None:
        return redirect(where) if wanted else HttpResponse(status=404)

    def show_refusal(refused: Offer, status: int) -> HttpResponse:
        from guixin.desks.pages.escalations import answer_with_list
        from guixin.desks.pages.task import answer_with_task

        if own_page is not None:
            return own_page(request, noun, refused, status)
        if case is None:
            return answer_with_list(request, refused, status)
        if noun_name == "task" or where.startswith("/tasks/"):
            return answer_with_task(request, _task_of(request, where), refused, status)
        return answer_with_case(request, _fetch(request, case.number), refused, status)

    return perform(request, wanted, noun, where=where, show=show_refusal)


def _came_from(request: SignedIn, case: Case | None) -> str:
    """Back to the task's page when the form stood there (an extension asked for on the phone)."""
    if case is None:
        return _page_of_escalations(request) or "/escalations"
    task = request.POST.get("task_page", "")
    if task.isdecimal() and Task.objects.filter(pk=task, case=case).exists():
        return f"/tasks/{task}"
    return _page_of_escalations(request) or address("case", case) + _beside(request, case)


def _page_of_escalations(request: SignedIn) -> str:
    """An authority works down a list; after each decision the list comes back as it was narrowed."""
    came = urlsplit(request.htmx.current_url or request.headers.get("referer") or "")
    if came.path != "/escalations":
        return ""
    kept = [(name, value) for name, value in parse_qsl(came.query) if name in ("whose", "level", "after")]
    return f"/escalations?{urlencode(kept)}" if kept else "/escalations"


def _beside(request: SignedIn, case: Case) -> str:
    """The list that stood beside the case when the form was sent, so that it still does when the answer comes."""
    came = urlsplit(request.htmx.current_url or request.headers.get("referer") or "")
    beside = parse_qs(came.query).get("in") if came.path == address("case", case) else None
    return f"?{urlencode({'in': beside[0]})}" if beside else ""


def _task_of(request: SignedIn, where: str) -> Task:
    tasks = Task.objects.select_related("case__customer", "case__owner", "department", "handler")
    return get_visible_or_404(tasks, request.user, pk=where.removeprefix("/tasks/"))
