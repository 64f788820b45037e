"""Proposals to change standards and parameters, and the monthly statements."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import AnswerGiven, Id, Input, Moment, Said, Text, Word
from guixin.channels.api.door import Needs, by, must, now_of
from guixin.channels.api.finding import NotThere, department_named
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Calendar, Grant, Scopes
from guixin.promise import proposing, stating, trying
from guixin.promise.effect import Effect, effect_of
from guixin.promise.models import Proposal, Standard, Statement
from guixin.serve.models import RoutingRule

router = Router(tags=["proposals"], auth=Needs(Scopes.CASES_WRITE))
reading = Needs(Scopes.CASES_READ)


class EffectShown(BaseModel):
    """Promises of the standard that ended, and how many were kept, before the new version and under it; the 95 %
    interval of the difference in points of percent, null with too few."""

    ended_before: int
    kept_before: int
    ended_after: int
    kept_after: int
    difference: tuple[float, float] | None


class TrialRunShown(BaseModel):
    """A trial that runs by itself: what is tried, since when it holds, when it ended, and what it did against as long a span
    before it, on the same measure."""

    words: str
    applied_at: datetime | None
    ended_at: datetime | None
    trouble: str
    measure: str
    effect: EffectShown | None


class ProposalShown(BaseModel):
    id: int
    kind: str
    standard: str | None
    budget_minutes: int | None
    subject: str
    why: str
    state: str
    department_id: int
    by_id: int
    at: datetime
    reviewer_id: int
    trial_from: datetime | None
    trial_until: datetime | None
    trial: TrialRunShown | None
    version: int | None
    result: str
    answer: str
    effect: EffectShown | None


class ProposalGiven(Input):
    """`standard`: code, for the kind "standard"; `department`: code of who answers for it otherwise."""

    kind: Word
    subject: Said
    why: Said
    standard: Word = ""
    budget_minutes: int | None = Field(None, ge=1, le=525_600)
    department: Word = ""


class TrialGiven(Input):
    """What holds by itself until the end: `department` for a standard's new time; `grant` (its id) and `limit` in minor units
    or minutes for a limit; `department` and `calendar` for hours; `rule` and `departments` for routing (codes): those the rule
    names keep their order, unless `afterwards` names who is asked only when they are done. With none of them it is tried by
    hand, as `note` says."""

    from_at: Moment | None = None
    until: Moment
    department: Word = ""
    note: Text = ""
    grant: Id | None = None
    limit: int | None = Field(None, ge=0, lt=10**15)
    calendar: Word = ""
    rule: Word = ""
    departments: list[Word] = Field([], max_length=50)
    afterwards: list[Word] = Field([], max_length=50)


class AcceptanceGiven(Input):
    answer: Said
    result: Text = ""


class StatementShown(BaseModel):
    id: int
    month: date
    department_id: int
    holder_id: int
    said_at: datetime | None
    said_by_id: int | None
    nothing_to_change: bool | None
    words: str
    proposals: list[int]


class StatementGiven(Input):
    nothing_to_change: bool
    proposals: list[int] = Field([], max_length=50)
    words: Text = ""


def _effect(effect: Effect | None) -> dict | None:
    if effect is None:
        return None
    return {
        "ended_before": effect.before.ended,
        "kept_before": effect.before.kept,
        "ended_after": effect.after.ended,
        "kept_after": effect.after.kept,
        "difference": effect.difference,
    }


def _trial(row: Proposal, now: datetime) -> dict | None:
    way = trying.way_of(row)
    if way is None or not trying.runs_by_itself(row):
        return None
    return {
        "words": trying.words_of(row),
        "applied_at": row.trial_applied_at,
        "ended_at": row.trial_ended_at,
        "trouble": row.trial_change.get("trouble", ""),
        "measure": way.measure(),
        "effect": _effect(trying.effect_of_trial(row, now)),
    }


def _shown(row: Proposal, now: datetime) -> dict:
    said = {
        name: getattr(row, name)
        for name in ProposalShown.model_fields
        if name not in ("standard", "version", "effect", "trial")
    }
    return said | {
        "standard": row.standard.code if row.standard else None,
        "version": row.version.number if row.version else None,
        "effect": _effect(effect_of(row, now)),
        "trial": _trial(row, now),
    }


def _called(request: HttpRequest, pk: int) -> Proposal:
    return get_visible_or_404(Proposal.objects.select_related("standard", "version"), by(request), pk=pk)


def _to_answer(request: HttpRequest, pk: int) -> Proposal:
    row = _called(request, pk)
    must(proposing.may_answer(row, by(request), now_of(request)))
    return row


@router.get("/proposals", response=list[ProposalShown], auth=reading, summary="Proposals")
def listed(request: HttpRequest, open: bool = False):
    """The latest 100; `open`: those that wait for an answer or are on trial."""
    rows = Proposal.objects.visible_to(by(request)).select_related("standard", "version")
    if open:
        rows = rows.filter(state__in=Proposal.OPEN)
    return [_shown(row, now_of(request)) for row in rows.order_by("-at", "-pk")[:100]]


@router.post("/proposals", response={201: ProposalShown}, summary="Propose a change")
def propose(request: HttpRequest, given: ProposalGiven):
    """Whoever answers for it must answer, with a clock."""
    standard = Standard.objects.filter(code=given.standard).first() if given.standard else None
    if given.standard and standard is None:
        raise NotThere(_("There is no standard called “%s”.") % given.standard)
    made = proposing.propose(
        given.kind, given.subject, given.why, by=by(request), now=now_of(request), standard=standard,
        budget_minutes=given.budget_minutes,
        department=department_named(given.department) if given.department else None,
    )  # fmt: skip
    return Status(201, _shown(made, now_of(request)))


@router.get("/proposals/{int:proposal_id}", response=ProposalShown, auth=reading, summary="One proposal")
def one(request: HttpRequest, proposal_id: int):
    """With what its version did to the promises kept."""
    return _shown(_called(request, proposal_id), now_of(request))


@router.post("/proposals/{int:proposal_id}/trial", response=ProposalShown, summary="Try it out")
def trial(request: HttpRequest, proposal_id: int, given: TrialGiven):
    """What was chosen holds from its day to its end, is measured, and drops back if nobody has decided."""
    row = _to_answer(request, proposal_id)
    tried = proposing.try_out(
        row, until=given.until, note=given.note, by=by(request), now=now_of(request), from_at=given.from_at,
        department=department_named(given.department) if given.department else None, chosen=_chosen(given),
    )  # fmt: skip
    return _shown(tried, now_of(request))


def _chosen(given: TrialGiven) -> dict[str, Any]:
    chosen: dict[str, Any] = {"limit": given.limit}
    if given.grant:
        chosen["grant"] = Grant.objects.filter(pk=given.grant).first()
        if chosen["grant"] is None:
            raise NotThere(_("There is no line %s in the authority table.") % given.grant)
    if given.calendar:
        chosen["calendar"] = Calendar.objects.filter(code=given.calendar).first()
        if chosen["calendar"] is None:
            raise NotThere(_("There is no calendar called “%s”.") % given.calendar)
    if given.rule:
        chosen["rule"] = RoutingRule.objects.filter(code=given.rule, withdrawn_at=None).first()
        if chosen["rule"] is None:
            raise NotThere(_("There is no routing rule called “%s” in force.") % given.rule)
    return chosen | {
        "departments": [department_named(each) for each in given.departments],
        "afterwards": [department_named(each) for each in given.afterwards],
    }


@router.post("/proposals/{int:proposal_id}/acceptance", response=ProposalShown, summary="Accept a proposal")
def acceptance(request: HttpRequest, proposal_id: int, given: AcceptanceGiven):
    """A proposed time becomes the next version; of anything else `result` names the version that came of it."""
    row = _to_answer(request, proposal_id)
    accepted = proposing.accept(
        row, answer=given.answer, result=given.result, by=by(request), now=now_of(request)
    )
    return _shown(accepted, now_of(request))


@router.post(
    "/proposals/{int:proposal_id}/refusal", response=ProposalShown, summary="Do not accept a proposal"
)
def refusal(request: HttpRequest, proposal_id: int, given: AnswerGiven):
    """With a reason, which who proposed it hears."""
    row = _to_answer(request, proposal_id)
    return _shown(
        proposing.refuse(row, answer=given.answer, by=by(request), now=now_of(request)), now_of(request)
    )


@router.delete("/proposals/{int:proposal_id}", response=ProposalShown, summary="Withdraw a proposal")
def withdrawal(request: HttpRequest, proposal_id: int):
    """Only who proposed it."""
    row = _called(request, proposal_id)
    must(row.by_id == by(request).pk)
    return _shown(proposing.withdraw(row, by=by(request), now=now_of(request)), now_of(request))


def _statement(row: Statement) -> dict:
    said = {name: getattr(row, name) for name in StatementShown.model_fields if name != "proposals"}
    return said | {"proposals": sorted(row.proposals.values_list("pk", flat=True))}


@router.get("/statements", response=list[StatementShown], auth=reading, summary="Monthly statements")
def statements(request: HttpRequest):
    """The latest 200, newest month first."""
    rows = Statement.objects.visible_to(by(request)).prefetch_related("proposals")
    return [_statement(row) for row in rows.order_by("-month", "department_id")[:200]]


@router.post(
    "/statements/{int:statement_id}/saying", response=StatementShown, summary="Make the monthly statement"
)
def saying(request: HttpRequest, statement_id: int, given: StatementGiven):
    """That nothing needs to change, or the proposals that say what does. By the head, who stands in, or above."""
    row = get_visible_or_404(Statement.objects, by(request), pk=statement_id)
    must(stating.may_state(row, by(request), now_of(request)))
    named = list(Proposal.objects.visible_to(by(request)).filter(pk__in=given.proposals))
    if len(named) != len(set(given.proposals)):
        raise NotThere(_("One of these proposals does not exist."))
    made = stating.state(
        row, nothing_to_change=given.nothing_to_change, proposals=named, words=given.words, by=by(request),
        now=now_of(request),
    )  # fmt: skip
    return _statement(made)
