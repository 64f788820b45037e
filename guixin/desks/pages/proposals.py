"""Proposals with what came of them, and the monthly statements."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guixin.desks.acts import Offer, Reader, asked_for_alone, form_alone, offers, with_refused
from guixin.desks.admin.acting import done
from guixin.desks.forms.proposal import ProposalForm
from guixin.desks.ladders import shown_clocks
from guixin.desks.nouns import NOUNS, shown_by
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.promise import proposing, trying
from guixin.promise.effect import effect_of
from guixin.promise.models import Clock, Escalation, Proposal, Statement
from guixin.serve import queues
from guixin.web.toasts import say


@signed_in
@require_safe
def listed(request: SignedIn) -> HttpResponse:
    """`?which=open` (to be answered), `?which=mine` (to be answered by me), or all; `?standard=code` of one standard."""
    which, code = request.GET.get("which", "all"), request.GET.get("standard", "")
    rows = Proposal.objects.visible_to(request.user).select_related(
        "standard", "department", "by", "reviewer", "version"
    )
    if which == "open":
        rows = rows.filter(state__in=Proposal.OPEN)
    elif which == "mine":
        rows = rows.filter(state__in=Proposal.OPEN, reviewer=request.user)
    if code:
        rows = rows.filter(standard__code=code)
    found = queues.page_of(queues.Listed(rows, order=("-at",)), request.GET.get("after"))
    return page(
        request,
        "desks/proposals.html",
        {
            "proposals": found.rows,
            "which": which if which in ("open", "mine") else "all",
            "after": found.after,
            "is_first": "after" not in request.GET,
        },
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Anybody may propose."""
    form = ProposalForm(
        request.POST if request.method == "POST" else None,
        initial={"standard": request.GET.get("standard", ""), "kind": Proposal.Kind.STANDARD},
        label_suffix="",
    )
    made: list[Proposal] = []
    status = 200
    if request.method == "POST":
        if done(
            form, lambda said: made.append(proposing.propose(by=request.user, now=database_now(), **said))
        ):
            say(request, _("Proposed. %(name)s answers it; you hear back.") % {"name": made[0].reviewer.name})
            return redirect("proposal", made[0].pk)
        status = 422
    return page(request, "desks/proposal_new.html", {"form": form}, status=status)


@signed_in
@require_safe
def one(request: SignedIn, pk: str) -> HttpResponse:
    proposal = NOUNS["proposal"].fetch(request.user, pk)
    if asked_for_alone(request):
        return _form_alone(request, "proposal", proposal)
    return answer_with_proposal(request, proposal)


def _form_alone(request: SignedIn, noun_name: str, noun: Any) -> HttpResponse:
    reader = Reader.of(request)
    found = offers(noun_name, noun, reader)
    return form_alone(request, next((each for each in found if each.name == reader.wanted), None), {})


def _clocks(about: tuple[str, int], now: datetime) -> list:
    clocks = list(
        Clock.objects.of(*about).select_related("version__standard", "department", "holder").order_by("pk")
    )
    raised = list(
        Escalation.objects.filter(clock__in=clocks).select_related("to_person").order_by("happened_at")
    )
    return shown_clocks(clocks, raised, now)


def _trial(proposal: Proposal, now: datetime) -> dict[str, Any] | None:
    """What runs by itself, and what it did so far."""
    way = trying.way_of(proposal)
    if way is None or not trying.runs_by_itself(proposal):
        return None
    return {
        "words": trying.words_of(proposal),
        "measure": way.measure(),
        "effect": trying.effect_of_trial(proposal, now),
        "is_holding": trying.is_holding(proposal),
        "trouble": proposal.trial_change.get("trouble", ""),
    }


@shown_by("proposal")
def answer_with_proposal(
    request: SignedIn, proposal: Proposal, refused: Offer | None = None, status: int = 200
) -> HttpResponse:
    now = database_now()
    groups = {"acts": offers("proposal", proposal, Reader.of(request, refused))}
    return page(
        request,
        "desks/proposal.html",
        {
            "proposal": proposal,
            "effect": effect_of(proposal, now),
            "trial": _trial(proposal, now),
            "clocks": _clocks(proposal.about, now),
            "acts": with_refused(groups, "acts", refused)["acts"],
            "here": f"/proposals/{proposal.pk}",
            "now": now,
        },
        status=status,
    )


@signed_in
@require_safe
def statements(request: SignedIn) -> HttpResponse:
    """Of one month, `?month=2026-03`: which departments have said what, and which are missing."""
    now = database_now()
    month = _month(request.GET.get("month", ""), now)
    rows = (
        Statement.objects.visible_to(request.user)
        .filter(month=month)
        .select_related("department", "holder", "said_by")
        .prefetch_related("proposals")
        .order_by("department__path")
    )
    clocks = {clock.about_id: clock for clock in Clock.objects.of(Statement.ABOUT, *(row.pk for row in rows))}
    months = Statement.objects.order_by("-month").values_list("month", flat=True).distinct()[:12]
    return page(
        request,
        "desks/statements.html",
        {
            "statements": [{"statement": row, "clock": clocks.get(row.pk)} for row in rows],
            "month": month,
            "months": list(months),
            "now": now,
        },
    )


def _month(written: str, now: datetime) -> date:
    if not written:
        return timezone.localtime(now).date().replace(day=1)
    try:
        return date.fromisoformat(f"{written}-01")
    except ValueError as wrong:
        raise Http404(written) from wrong


@signed_in
@require_safe
def statement(request: SignedIn, pk: str) -> HttpResponse:
    found = NOUNS["statement"].fetch(request.user, pk)
    if asked_for_alone(request):
        return _form_alone(request, "statement", found)
    return answer_with_statement(request, found)


@shown_by("statement")
def answer_with_statement(
    request: SignedIn, found: Statement, refused: Offer | None = None, status: int = 200
) -> HttpResponse:
    now = database_now()
    groups = {"acts": offers("statement", found, Reader.of(request, refused))}
    return page(
        request,
        "desks/statement.html",
        {
            "statement": found,
            "proposals": list(found.proposals.order_by("pk")),
            "clocks": _clocks(found.about, now),
            "acts": with_refused(groups, "acts", refused)["acts"],
            "here": f"/statements/{found.pk}",
            "now": now,
        },
        status=status,
    )
