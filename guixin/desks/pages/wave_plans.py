"""Waves that begin by themselves: one plan, what it will do and did, whom it would ask now; begun, changed, stopped."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guixin.desks.admin.acting import did_one_of, done, history
from guixin.desks.forms.wave_plan import WavePlanForm
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.owned import Owned
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.listen import building, frames, hanging_up, happenings, standing
from guixin.listen.models import Invitation, WavePlan
from guixin.web.toasts import say

PLANS = Owned[WavePlan](
    lambda: WavePlan.objects.select_related("owner", "questionnaire"),
    building.may_begin,
    building.may_edit,
    gettext_lazy("Only its owner and administrators change a plan."),
)
SHOWN = 12


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    if not building.may_begin(request.user):
        raise PermissionDenied(_("Administrators decide what customers are asked."))
    form = WavePlanForm(request.POST or None, person=request.user)
    return _edited(request, None, form) or _shown(request, None, form)


@signed_in
@require_http_methods(["GET", "POST"])
def show(request: SignedIn, code: str) -> HttpResponse:
    plan = PLANS.fetch(request, code)
    if not building.may_edit(plan, request.user):
        if request.method == "POST":
            raise PermissionDenied(PLANS.only_editors)
        return _shown(request, plan, None)
    form = WavePlanForm(request.POST or None, noun=plan, person=request.user)
    return _edited(request, plan, form) or _shown(request, plan, form)


def _edited(request: SignedIn, plan: WavePlan | None, form: WavePlanForm) -> HttpResponse | None:
    """It is kept; none: it was only looked at, or refused."""
    if request.method != "POST" or "look" in request.POST:
        return None
    now, kept = database_now(), list[WavePlan]()

    def keep(_said: dict[str, Any]) -> None:
        code = plan.code if plan else ""
        kept.append(standing.keep(code, form.said(), by=request.user, now=now, moves_the_day=True)[0])

    if not done(form, keep):
        return None
    say(request, _("The plan is kept."))
    return redirect("wave_plan_standing", kept[0].code)


def _shown(request: SignedIn, plan: WavePlan | None, form: WavePlanForm | None) -> HttpResponse:
    """The plan as it is, or as it would be if what was typed were kept."""
    now, language = database_now(), get_language() or "zh-hans"
    seen = plan
    if form is not None and form.is_bound and not form.errors and done(form, lambda _said: None):
        tried = list[WavePlan]()
        if done(form, lambda _said: tried.append(standing.as_if(plan, form.said(), request.user, now))):
            seen = tried[0]
    is_tried = seen is not plan
    foreseen = standing.foreseen(seen, now) if seen else None
    context: dict[str, Any] = {
        "plan": plan,
        "form": form,
        "seen": seen,
        "is_tried": is_tried,
        "foreseen": foreseen,
        "left_out": [
            (happenings.reason_words(reason), number) for reason, number in foreseen.left_out.items()
        ]
        if foreseen
        else [],
        "frame": frames.in_words(seen.frame, language) if seen and seen.frame else "",
        "places": [each.shown_name(language) for each in hanging_up.of_plan(seen)] if seen else [],
        "narrowed": happenings.in_words(seen, language) if seen else [],
        "waves": _waves(plan) if plan else [],
        "history": history(plan.about) if plan else [],
        "rail_here": "/surveys",
    }
    return page(request, "desks/waves/plan.html", context, status=422 if form and form.errors else 200)


def _waves(plan: WavePlan) -> list[Any]:
    left = Q(invitations__state=Invitation.State.SENT)
    return list(
        plan.waves.annotate(
            invited=Count("invitations"),
            sent=Count("invitations", filter=left),
            answered=Count("invitations", filter=Q(invitations__is_answered=True)),
        ).order_by("-pk")[:SHOWN]
    )


@PLANS.editors
@require_POST
def act(request: SignedIn, plan: WavePlan, what: str) -> HttpResponse:
    """Stop it, or let it run again."""
    by, now = request.user, database_now()
    acts = {
        "stop": (
            lambda: standing.withdraw(plan, by=by, now=now),
            _("No wave begins by it any more; those that run go on."),
        ),
        "go-on": (lambda: standing.restore(plan, by=by, now=now), _("The plan runs again, from now on.")),
    }
    return did_one_of(request, acts, what, where=reverse("wave_plan_standing", args=[plan.code]))
