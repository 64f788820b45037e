"""A wave asked by phone: the next call, its script page by page, and what came of it."""

from datetime import datetime, timedelta

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guixin.desks.forms.base import line
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.waves import fetch
from guixin.desks.rendering import page
from guixin.desks.survey_sheet import answers_in, shown_page
from guixin.ledger.clock import database_now
from guixin.listen import answering, calling, waves
from guixin.listen.calling import Ended
from guixin.listen.models import Invitation, Wave
from guixin.listen.questions import Sheet
from guixin.organisation.models import Person
from guixin.web.refusals import Refused
from guixin.web.toasts import say


class EndForm(forms.Form):
    ended = forms.ChoiceField(
        label=gettext_lazy("What came of it"), choices=Ended.choices, widget=forms.RadioSelect
    )
    at = forms.DateTimeField(
        label=gettext_lazy("When to call again"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )  # fmt: skip
    note = line(gettext_lazy("Note"), max_length=500)


@signed_in
@require_http_methods(["GET", "POST"])
def listed(request: SignedIn, code: str) -> HttpResponse:
    """Whom there is to call, in the order of the sample; POST takes the first of them."""
    wave, now = fetch(request, code), database_now()
    if not calling.may_call(wave, request.user):
        raise PermissionDenied(_("Calls are made by the front desk and whoever answers for the wave."))
    problem = ""
    if request.method == "POST":
        try:
            taken = calling.take_next(wave, by=request.user, now=now)
        except Refused as why:
            problem = str(why)
        else:
            if taken is not None:
                return redirect("wave_call", wave.code, taken.pk)
            problem = _("Nobody is to be called now: they are called already, later, or when they like it.")
    return _list(request, wave, problem, 409 if problem else 200)


def _list(request: SignedIn, wave: Wave, problem: str = "", status: int = 200) -> HttpResponse:
    now = database_now()
    context = {
        "wave": wave,
        "name": wave.shown_name(get_language() or "zh-hans"),
        "far": calling.how_far(wave, now),
        "takes_answers": waves.takes_answers(wave, now),
        "rows": [
            (each, each.customer.shown_to(request.user) if each.customer else None)
            for each in calling.next_ones(wave, request.user, now)
        ],
        "mine": wave.invitations.filter(held_by=request.user, held_until__gt=now, is_answered=False).first(),
        "problem": problem,
    }
    return page(request, "desks/waves/calls.html", context, status=status)


@signed_in
@require_http_methods(["GET", "POST"])
def one(request: SignedIn, code: str, pk: int) -> HttpResponse:
    """The script of a call that is mine: `?page=` counts from 1, `?language=` is that of the customer until chosen otherwise."""
    invitation = _mine(request, code, pk)
    if invitation is None:
        problem = _("This call is not yours any more. Take the next one.")
        return _list(request, fetch(request, code), problem, 200 if request.method == "GET" else 409)
    pages = answering.pages_of(invitation.wave.version.sheet)
    said = calling.said_so_far(invitation)
    wanted, here = request.GET.get("page", ""), answering.page_to_resume(pages, said)
    if wanted.isdecimal() and 0 < int(wanted[:3]) <= len(pages):
        here = int(wanted[:3]) - 1
    if request.method != "POST":
        return _shown(request, invitation, here, said)
    given = answers_in(Sheet(questions=tuple(pages[here])), request.POST)
    language = _language(request, invitation)
    try:
        is_last = calling.answer(
            invitation, here, given, language=language, by=request.user, now=database_now()
        )
    except answering.CannotAnswer as wrong:
        return _shown(
            request, invitation, here, said | given, errors=wrong.errors, problem=str(wrong), status=422
        )
    except Refused as why:
        return _shown(request, invitation, here, said | given, problem=str(why), status=409)
    if not is_last:
        return redirect(f"{request.path}?page={here + 2}&language={language}")
    say(request, _("The answers are kept; they count once."))
    return _after(invitation)


@signed_in
@require_POST
def end(request: SignedIn, code: str, pk: int) -> HttpResponse:
    """No answers: why, and when again."""
    invitation = _mine(request, code, pk)
    if invitation is None:
        return redirect("wave_calls", code)
    by, now = request.user, database_now()
    form = EndForm(request.POST, label_suffix="")
    if form.is_valid():
        try:
            calling.end(invitation, form.cleaned_data["ended"], by=by, now=now, at=form.cleaned_data["at"], note=form.cleaned_data["note"])  # fmt: skip
        except Refused as why:
            form.add_error(None, str(why))
        else:
            say(request, _("Noted; it stands among the customer's contacts."))
            return _after(invitation)
    here = answering.page_to_resume(
        answering.pages_of(invitation.wave.version.sheet), calling.said_so_far(invitation)
    )
    return _shown(request, invitation, here, calling.said_so_far(invitation), form=form, status=422)


@signed_in
@require_POST
def give_back(request: SignedIn, code: str, pk: int) -> HttpResponse:
    """Somebody else may make the call."""
    invitation = _mine(request, code, pk)
    if invitation is None:
        return redirect("wave_calls", code)
    calling.give_back(invitation, by=request.user, now=database_now())
    return _after(invitation)


def _mine(request: SignedIn, code: str, pk: int) -> Invitation | None:
    """A call that is mine now; None: it was, or is somebody else's, and I may take the next one. 404 for everybody else."""
    rows = Invitation.objects.select_related(
        "wave__version__questionnaire", "customer", "case", "purchase__product"
    )
    found = rows.filter(pk=pk, wave__code=code, held_by=request.user, held_until__gt=database_now()).first()
    if found is None and not _may_call(request.user, code):
        raise Http404
    return found


def _may_call(person: Person, code: str) -> bool:
    wave = Wave.objects.visible_to(person).filter(code=code).first()
    return wave is not None and calling.may_call(wave, person)


def _after(invitation: Invitation) -> HttpResponse:
    if invitation.wave.plan_id and invitation.case:
        return redirect(f"/cases/{invitation.case.number}")
    return redirect("wave_calls", invitation.wave.code)


def _language(request: SignedIn, invitation: Invitation) -> str:
    chosen = request.GET.get("language", "")
    known = invitation.customer.language if invitation.customer else ""
    return chosen if chosen in ("zh-hans", "zh-hant", "en") else known or "zh-hans"


def _shown(
    request: SignedIn, invitation: Invitation, here: int, said: dict[str, str], *, errors: dict[str, str] | None = None,
    problem: str = "", form: EndForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    wave, customer, language = invitation.wave, invitation.customer, _language(request, invitation)
    pages = answering.pages_of(wave.version.sheet)
    with translation.override(language):
        greeting = _(
            "Good day, my name is %(agent)s. Thank you for your time. I would like to ask you %(n)s short questions; it takes a few minutes. May I?"
        ) % {"agent": request.user.name, "n": len(wave.version.sheet.questions)}
        context = shown_page(
            request, wave, pages, here, said, errors, about=answering.about(invitation), language=language
        )
    tomorrow = timezone.localtime(database_now()).replace(hour=10, minute=0, second=0, microsecond=0)
    context |= {
        "wave": wave,
        "name": wave.shown_name(get_language() or "zh-hans"),
        "invitation": invitation,
        "record": customer,
        "customer": customer.shown_to(request.user, whole=True) if customer else None,
        "case": invitation.case,
        "greeting": greeting if here == 0 else "",
        "script_language": language,
        "languages": [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")],
        "page_number": here + 1,
        "action": f"{request.path.removesuffix('/outcome')}?page={here + 1}&language={language}",
        "problem": problem,
        "end_form": form or EndForm(initial={"at": _a_day_later(tomorrow)}, label_suffix=""),
        "rail_here": "/surveys",
    }
    return page(request, "desks/waves/call.html", context, status=status)


def _a_day_later(at: datetime) -> str:
    return f"{at + timedelta(days=1):%Y-%m-%dT%H:%M}"
