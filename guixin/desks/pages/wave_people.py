"""Who is asked by a wave: the plan with what it will reach, the draw, and how far the sending came; the firm's rules of asking."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixin.desks.admin.acting import did_one_of, done
from guixin.desks.forms.sample import AskingRulesForm, SampleForm
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.waves import WAVES
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.listen import asking, building, frames, inviting, sampling, waves
from guixin.listen.margins import margin
from guixin.listen.models import Invitation, Sample, Wave, asking_rules
from guixin.listen.sampling import Stratum
from guixin.listen.who_answered import Answered, WhoAnswered, who_answered
from guixin.web.refusals import Refused
from guixin.web.toasts import say


@signed_in
@require_safe
def show(request: SignedIn, code: str) -> HttpResponse:
    return _shown(request, WAVES.fetch(request, code))


def _shown(request: SignedIn, wave: Wave, *, status: int = 200, **more: Any) -> HttpResponse:
    sample, now = Sample.objects.filter(wave=wave).first(), database_now()
    language, may_edit = get_language() or "zh-hans", building.may_edit(wave, request.user)
    context: dict[str, Any] = {
        "wave": wave,
        "name": wave.shown_name(language),
        "sample": sample,
        "takes_answers": waves.takes_answers(wave, now),
        "may_edit": may_edit,
        "rules": asking_rules(),
        "may_rule": building.may_begin(request.user),
    }
    if sample is not None:
        context |= {
            "frame": frames.in_words(sample.frame, language) if sample.frame else "",
            "names": sampling.names_of(sample.by),
        }
        context |= _drawn(sample, wave) if sample.drawn_at else _planned(sample, now)
    if may_edit and not (sample and sample.drawn_at) and "form" not in more:
        context["form"] = SampleForm(noun=sample, person=request.user, is_anonymous=wave.is_anonymous)
    return page(request, "desks/waves/people.html", context | more, status=status)


def _planned(sample: Sample, now: Any) -> dict[str, Any]:
    """What would happen if it were drawn now; a quota that no longer can be says so instead."""
    try:
        seen = sampling.preview(sample, now)
    except Refused as why:
        return {"problem": str(why)}
    names = sampling.names_of(sample.by)
    return {
        "seen": seen,
        "margin": _points(seen.margin),
        "left_out": left_out(seen.left_out),
        "strata": [(each.shown(names), each) for each in seen.strata] if sample.by else [],
    }


def _drawn(sample: Sample, wave: Wave) -> dict[str, Any]:
    how, far, names = sample.drawn or {}, inviting.progress(wave), sampling.names_of(sample.by)
    who = who_answered(sample)
    answered = wave.invitations.filter(key__isnull=False, is_answered=True).count()
    return {
        "how": how,
        "far": far,
        "states": [(Invitation.State(state).label, number) for state, number in sorted(far.by_state.items())],
        "not_sent": left_out(far.not_sent),
        "left_out": left_out(how["left_out"]),
        "answered": answered,
        "margin": _points(margin(answered, how["frame"])),
        "who": who,
        "weighted": _weighted(wave),
        "who_words": who.in_words(names) if who else "",
        "strata": _strata(sample, who, names),
    }  # fmt: skip


def _strata(
    sample: Sample, who: WhoAnswered | None, names: Mapping[str, str]
) -> list[tuple[str, dict[str, int], Answered | None]]:
    """Each with how it was drawn, and who of it answered where that may be told."""
    if not sample.by or not sample.drawn:
        return []
    told = {each.code: each for each in who.strata} if who else {}
    drawn = sorted(sample.drawn["strata"].items())
    return [(Stratum(code, 0, 0).shown(names), each, told.get(code)) for code, each in drawn]


def _weighted(wave: Wave) -> list[tuple[str, float | None, float]]:
    """(question, mean as it was answered, weighted mean), as a worker last counted them."""
    figures, language = wave.figures or {}, get_language() or "zh-hans"
    asked, questions = wave.version.sheet.by_code, figures.get("questions", {})
    return [
        (asked[code].shown_label(language), (questions.get(code, {}).get("mean") or [None])[0], mean)
        for code, mean in figures.get("weighted", {}).items()
        if code in asked
    ]


def left_out(by_reason: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(str(Invitation.Reason(reason).label), number) for reason, number in by_reason.items()]


def _points(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f}"


@WAVES.editors
@require_POST
def plan(request: SignedIn, wave: Wave) -> HttpResponse:
    form = SampleForm(
        request.POST,
        noun=Sample.objects.filter(wave=wave).first(),
        person=request.user,
        is_anonymous=wave.is_anonymous,
    )
    if done(form, lambda said: sampling.keep_plan(wave, form.plan(), by=request.user, now=database_now())):
        say(request, _("The plan is kept. Look at what it will reach, then draw."))
        return redirect("wave_people", wave.code)
    return _shown(request, wave, status=422, form=form)


@WAVES.editors
@require_POST
def act(request: SignedIn, wave: Wave, what: str) -> HttpResponse:
    """Draw and begin to send; stop the sending, let it go on; forget a plan that was not drawn."""
    by, now = request.user, database_now()
    acts = {
        "draw": (
            lambda: sampling.draw(wave, by=by, now=now),
            _("They are drawn. A worker invites them now."),
        ),
        "stop": (
            lambda: inviting.stop(wave, by=by, now=now),
            _("Nothing more leaves until you let it go on."),
        ),
        "go-on": (lambda: inviting.go_on(wave, by=by, now=now), _("The sending goes on.")),
        "forget": (lambda: sampling.forget_plan(wave, by=by, now=now), _("The plan is forgotten.")),
    }
    return did_one_of(request, acts, what, where=reverse("wave_people", args=[wave.code]))


@signed_in
@require_http_methods(["GET", "POST"])
def rules(request: SignedIn) -> HttpResponse:
    if not building.may_begin(request.user):
        raise PermissionDenied(_("Administrators decide how often customers are asked."))
    form = AskingRulesForm(request.POST or None)
    if request.method == "POST" and done(
        form, lambda said: asking.change_rules(**said, by=request.user, now=database_now())
    ):
        say(request, _("The rules are kept; they hold for every wave."))
        return redirect("waves")
    return page(request, "desks/waves/rules.html", {"form": form}, status=422 if form.errors else 200)
