"""Web call-back for customers: choose a time, see what was promised, change it, or cancel. No account, no JavaScript."""

from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixin.desks.forms.call_back import CallMeForm, WindowForm
from guixin.desks.rendering import fragment
from guixin.ledger.clock import database_now
from guixin.promise.models import Clock
from guixin.serve import call_backs
from guixin.serve.call_back_windows import windows
from guixin.serve.models import CallBack, CallBackLine, Case
from guixin.web.rate import give_back, is_too_fast
from guixin.web.refusals import Refused

AT_MOST, WITHIN = 6, timedelta(hours=1)


@require_http_methods(["GET", "POST"])
def call_me(request: HttpRequest) -> HttpResponse:
    """`?line=` where several departments ring back; `?case=` and `?token=` from the private link of a case."""
    lines = list(CallBackLine.objects.filter(is_open=True).order_by("pk"))
    if not lines:
        return _page(request, "desks/public/call_me_none.html", {})
    wanted = request.GET.get("line", "")
    line = next((each for each in lines if each.code == wanted), lines[0])
    now, case = database_now(), _case(request)
    offered = windows(line, now)
    shown = {
        "line": line, "lines": lines, "case": case, "is_full": not any(each.left for each in offered),
    }  # fmt: skip
    if request.method == "GET":
        initial = {"once": token_urlsafe(18)} | ({"about": case.subject} if case else {})
        return _form(request, CallMeForm(initial=initial, offered=offered, line_=line), shown)
    form = CallMeForm(request.POST, offered=offered, line_=line)
    if not form.is_valid():
        return _form(request, form, shown, 422)
    too_fast = is_too_fast(request, "call-me", at_most=AT_MOST, within=WITHIN)
    if form.cleaned_data["website"] or too_fast:
        form.add_error(None, str(call_backs.too_many()))
        return _form(request, form, shown, 429 if too_fast else 422)
    said = form.cleaned_data
    try:
        made = call_backs.ask(
            line, phone=said["phone"], name=said["name"], about=said["about"], window=said["window"],
            number=said["number"], case=case, language=get_language() or "zh-hans", once=_once(said), now=now,
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _form(request, form, shown, 422)
    except DatabaseError:
        give_back(request, "call-me")
        raise
    messages.success(request, _("Promised. We ring you in the time you chose."))
    return redirect("called", made.token)


def _once(said: dict) -> str:
    """A double click is one wish; whoever goes back and changes a word has another."""
    words = "\n".join(str(said[name]) for name in ("phone", "about", "window", "name", "number"))
    return sha256(f"{said['once'] or token_urlsafe(18)}\n{words}".encode()).hexdigest()[:40]


def _case(request: HttpRequest) -> Case | None:
    """The customer's own, when they came from its private link; a wrong token is no case at all."""
    number, token = request.GET.get("case", ""), request.GET.get("token", "")
    if not (number and token.isascii()):
        return None
    case = Case.objects.filter(number=number[:40]).select_related("merged_into").first()
    if case is None or not case.is_tracked_by(token):
        return None
    return case.merged_into or case


def _theirs(token: str) -> CallBack:
    rows = CallBack.objects.select_related("line", "case", "customer")
    found = rows.filter(token=token).first()
    if found is None:
        raise Http404
    return found


@require_safe
def called(request: HttpRequest, token: str) -> HttpResponse:
    """What was promised and what became of it."""
    return _promised(request, _theirs(token))


@require_POST
def move(request: HttpRequest, token: str) -> HttpResponse:
    call_back, now = _theirs(token), database_now()
    offered = windows(call_back.line, now, without=call_back)
    form = WindowForm(request.POST, offered=offered, line_=call_back.line)
    if not form.is_valid():
        return _promised(request, call_back, str(form.errors["window"][0]), 422)
    try:
        call_backs.move(call_back, form.cleaned_data["window"], now=now)
    except Refused as refusal:
        return _promised(request, _theirs(token), str(refusal), 409)
    messages.success(request, _("Changed. We ring you in the new time."))
    return redirect("called", token)


@require_POST
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    try:
        call_backs.cancel(_theirs(token), now=database_now())
    except Refused as refusal:
        return _promised(request, _theirs(token), str(refusal), 409)
    messages.success(request, _("Cancelled. Nobody rings you."))
    return redirect("called", token)


def _promised(
    request: HttpRequest, call_back: CallBack, refusal: str = "", status: int = 200
) -> HttpResponse:
    now = database_now()
    clock = Clock.objects.of(*call_back.about).order_by("-generation").first()
    offered = windows(call_back.line, now, without=call_back) if call_back.is_waiting else []
    return _page(
        request,
        "desks/public/called.html",
        {
            "call_back": call_back,
            "clock": clock,
            "is_late": bool(clock and call_back.is_open and clock.due_at and clock.due_at < now),
            "form": WindowForm(offered=offered, line_=call_back.line) if offered else None,
            "link": f"{settings.BASE_URL}/call-me/{call_back.token}",
            "refusal": refusal,
            "now": now,
        },
        status,
    )


def _form(request: HttpRequest, form: CallMeForm, shown: dict, status: int = 200) -> HttpResponse:
    return _page(request, "desks/public/call_me.html", {**shown, "form": form}, status)


def _page(request: HttpRequest, template: str, context: dict, status: int = 200) -> HttpResponse:
    answer = fragment(request, template, context, status=status)
    # As on the page of a case: the address is a secret no other site is told.
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex"
    return answer
