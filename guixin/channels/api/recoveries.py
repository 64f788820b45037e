"""Recoveries of cases: planned, done step by step, finished; and the rules that propose them."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import Input, PersonShown, ReasonGiven, Said, Text, Word, person
from guixin.channels.api.authority import GoodwillShown
from guixin.channels.api.door import Needs, by, must, now_of
from guixin.channels.api.finding import case_to_serve, person_named
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Scopes
from guixin.recover import effect, plans, ruling
from guixin.recover.models import EffectCount, Recovery, RecoveryRule, RecoveryStep
from guixin.recover.proposing import in_kind
from guixin.serve.overview import may_oversee
from guixin.serve.permitting import may_serve

router = Router(tags=["recoveries"], auth=Needs(Scopes.CASES_WRITE))
reading = Needs(Scopes.CASES_READ)
setting_up = Needs(Scopes.ORGANISATION_WRITE, administrators=True)


class RecoveryStepShown(BaseModel):
    """`amount` in minor units of `currency`, as proposed; what was promised is the goodwill."""

    id: int
    kind: str
    justice: str
    words: str
    owner: PersonShown | None
    amount: int | None
    currency: str
    goodwill_id: int | None
    state: str
    said: str
    done_at: datetime | None
    done_by: PersonShown | None


class JusticeSkippedShown(BaseModel):
    justice: str
    reason: str
    by: PersonShown | None
    at: datetime


class RecoveryShown(BaseModel):
    """`failure`: what it did (money, goods, service, attention), `failure_from` the word of the case that says so, `in_kind` the kind
    of step that repays it; `again`: why it is the second failure (reopened, repeat), which raised it. `not_addressed`: of outcome, procedure and manner, those nothing answers to yet; it cannot be finished so."""

    id: int
    case: str
    state: str
    fault: str
    failure: str
    failure_from: str
    in_kind: str
    again: str
    severity: int
    grade: str
    rule: str | None
    rule_number: int | None
    holder: PersonShown | None
    begun_at: datetime
    contacted_at: datetime | None
    ended_at: datetime | None
    end_note: str
    steps: list[RecoveryStepShown]
    skipped: list[JusticeSkippedShown]
    not_addressed: list[str]


class RecoveryLine(BaseModel):
    id: int
    case: str
    state: str
    fault: str
    holder: PersonShown | None
    begun_at: datetime
    contacted_at: datetime | None
    ended_at: datetime | None


class FaultGiven(Input):
    fault: Word = Field(description="ours, theirs, shared or unknown")
    failure: Word = Field(
        "", description="money, goods, service or attention; blank: what the words of the case say"
    )


class RecoveryStepGiven(Input):
    """`kind`: apology, listening, explanation, redoing, refund, replacement, credit or gift. `owner`: a login; blank: the caller."""

    kind: Word
    owner: Word = ""
    words: Text = ""
    justice: Word = ""


class OwnerOfStepGiven(Input):
    owner: Word


class StepSaidGiven(Input):
    said: Said


class StepPromiseGiven(Input):
    amount: int = Field(description="Minor units: fen, cents.", ge=1, lt=10**15)
    currency: Word
    reason: Said


class JusticeSkippedGiven(Input):
    justice: Word = Field(description="outcome, procedure or manner")
    reason: Said


class EndNoteGiven(Input):
    note: Text = ""


class RecoveryEffect(BaseModel):
    """`figures`: satisfaction by follow-up and by survey, buying again against two groups, follow-ups on time."""

    counted_at: datetime | None
    within_days: int | None
    figures: dict[str, Any] | None


class RecoveryRuleStep(Input):
    """`position`: the code of who does it, blank: the owner of the case. `amount`: a plain decimal."""

    kind: Word
    position: Word = ""
    words: Text = ""
    words_en: Text = ""
    amount: Word = ""
    currency: Word = ""


class RecoveryRuleGiven(Input):
    name: Word
    name_en: Word = ""
    from_severity: int = Field(1, ge=1, le=4)
    fault: Word = ""
    failure: Word = ""
    grades: Word = ""
    steps: list[RecoveryRuleStep] = Field(max_length=ruling.AT_MOST)
    retired: bool = False


class RecoveryRuleShown(BaseModel):
    code: str
    number: int
    name: str
    name_en: str
    from_severity: int
    fault: str
    failure: str
    grades: str
    steps: list[dict[str, Any]]
    retired: bool


def _called(request: HttpRequest, pk: int) -> Recovery:
    return get_visible_or_404(
        Recovery.objects.select_related("case", "holder", "rule", "ended_by"), by(request), pk=pk
    )


def _to_plan(request: HttpRequest, pk: int) -> Recovery:
    recovery = _called(request, pk)
    must(may_serve(recovery.case, by(request)))
    return recovery


def _step(request: HttpRequest, pk: int) -> RecoveryStep:
    step = RecoveryStep.objects.select_related("owner", "goodwill").filter(pk=pk).first()
    if step is None:
        raise Http404
    step.recovery = _called(request, step.recovery_id)
    return step


def _step_to_plan(request: HttpRequest, pk: int) -> RecoveryStep:
    step = _step(request, pk)
    must(may_serve(step.recovery.case, by(request)))
    return step


def _shown_step(step: RecoveryStep) -> dict:
    said = {name: getattr(step, name) for name in RecoveryStepShown.model_fields}
    return said | {"owner": person(step.owner), "done_by": person(step.done_by)}


def _line(row: Recovery) -> dict:
    said = {name: getattr(row, name) for name in RecoveryLine.model_fields}
    return said | {"case": row.case.number, "holder": person(row.holder)}


def _shown(pk: int) -> dict:
    row = Recovery.objects.select_related("case", "holder", "rule").get(pk=pk)
    steps = row.steps.select_related("owner", "done_by").order_by("pk")
    said = {name: getattr(row, name) for name in RecoveryShown.model_fields if hasattr(row, name)}
    return said | {
        "case": row.case.number,
        "in_kind": in_kind(row.failure) or "",
        "rule": row.rule.code if row.rule else None,
        "holder": person(row.holder),
        "steps": [_shown_step(step) for step in steps],
        "skipped": [
            {"justice": each.justice, "reason": each.reason, "by": person(each.by), "at": each.at}
            for each in row.skipped.select_related("by").order_by("pk")
        ],
        "not_addressed": [each.value for each in plans.justices_not_addressed(row)],
    }


@router.get("/recoveries", response=list[RecoveryLine], auth=reading, summary="Recoveries")
def listed(request: HttpRequest, running: bool = False, mine: bool = False):
    """The latest 200 the caller may see; `mine`: those that wait for the caller."""
    rows = Recovery.objects.visible_to(by(request))
    rows = rows.waiting_for(by(request)) if mine else rows.running() if running else rows
    return [_line(row) for row in rows.select_related("case", "holder").order_by("-begun_at", "-pk")[:200]]


@router.post(
    "/cases/{number}/recovery", response={201: RecoveryShown}, summary="Begin to make the customer whole"
)
def begin(request: HttpRequest, number: str, given: FaultGiven):
    """The steps are proposed by the firm's rules from severity, fault, failure and grade; the promises of a recovery run."""
    case = case_to_serve(request, number)
    return Status(
        201,
        _shown(plans.begin(case, given.fault, failure=given.failure, by=by(request), now=now_of(request)).pk),
    )


@router.get("/recoveries/effect", response=RecoveryEffect, auth=reading, summary="Did it work")
def did_it_work(request: HttpRequest):
    """As last counted by a worker. Shares are [share, low, high] with 95 % intervals, null where there is not enough to tell;
    no difference is proof of cause."""
    must(may_oversee(by(request)))
    return _counted(effect.latest())


@router.post("/recoveries/effect", response={202: RecoveryEffect}, summary="Count again whether it worked")
def count_again(request: HttpRequest):
    """A worker does it; until then the answer is the last count."""
    must(may_oversee(by(request)))
    effect.ask(now_of(request))
    return Status(202, _counted(effect.latest()))


def _counted(count: EffectCount | None) -> dict:
    if count is None:
        return {"counted_at": None, "within_days": None, "figures": None}
    return {name: getattr(count, name) for name in RecoveryEffect.model_fields}


@router.get("/recoveries/{int:recovery_id}", response=RecoveryShown, auth=reading, summary="One recovery")
def one(request: HttpRequest, recovery_id: int):
    """Its steps, and what is consciously skipped."""
    return _shown(_called(request, recovery_id).pk)


@router.put("/recoveries/{int:recovery_id}/fault", response=RecoveryShown, summary="Whose fault it was")
def fault(request: HttpRequest, recovery_id: int, given: FaultGiven):
    """What the rules propose for that, and the plan has not got, is added."""
    recovery = _to_plan(request, recovery_id)
    return _shown(
        plans.judge_fault(
            recovery, given.fault, failure=given.failure, by=by(request), now=now_of(request)
        ).pk
    )


@router.post(
    "/recoveries/{int:recovery_id}/steps",
    response={201: RecoveryStepShown},
    summary="Add a step to a recovery",
)
def add_step(request: HttpRequest, recovery_id: int, given: RecoveryStepGiven):
    """It is somebody's to do; what it gives is promised by an act of its own."""
    recovery = _to_plan(request, recovery_id)
    owner = person_named(given.owner) if given.owner else by(request)
    step = plans.add_step(
        recovery, given.kind, owner=owner, by=by(request), now=now_of(request), words=given.words,
        justice=given.justice,
    )  # fmt: skip
    return Status(201, _shown_step(step))


@router.post(
    "/recoveries/{int:recovery_id}/skipped",
    response={201: RecoveryShown},
    summary="Consciously skip a justice",
)
def skip(request: HttpRequest, recovery_id: int, given: JusticeSkippedGiven):
    """With a reason; else a plan that does not address it cannot be finished."""
    recovery = _to_plan(request, recovery_id)
    plans.skip_justice(recovery, given.justice, given.reason, by=by(request), now=now_of(request))
    return Status(201, _shown(recovery.pk))


@router.post("/recoveries/{int:recovery_id}/finish", response=RecoveryShown, summary="Finish a recovery")
def finish(request: HttpRequest, recovery_id: int, given: EndNoteGiven):
    """Refused while a step is to be done or one of the three justices is forgotten."""
    recovery = _to_plan(request, recovery_id)
    return _shown(plans.finish(recovery, by=by(request), now=now_of(request), note=given.note).pk)


@router.post("/recoveries/{int:recovery_id}/giving-up", response=RecoveryShown, summary="Give a recovery up")
def give_up(request: HttpRequest, recovery_id: int, given: ReasonGiven):
    """What was promised in it stays promised."""
    recovery = _to_plan(request, recovery_id)
    return _shown(plans.give_up(recovery, given.reason, by=by(request), now=now_of(request)).pk)


@router.post("/recovery-steps/{int:step_id}/done", response=RecoveryStepShown, summary="A step was done")
def done(request: HttpRequest, step_id: int, given: StepSaidGiven):
    """By whose step it is, who stands in, or whoever serves the case. What gives something is done when it is handed over."""
    step = _step(request, step_id)
    must(plans.may_do(step, by(request), now_of(request)))
    return _shown_step(plans.do_step(step, given.said, by=by(request), now=now_of(request)))


@router.post(
    "/recovery-steps/{int:step_id}/promise",
    response={201: GoodwillShown},
    summary="Promise what a step gives",
)
def promise(request: HttpRequest, step_id: int, given: StepPromiseGiven):
    """Within one's authority at once; above it, it is asked for further up (`request_id`)."""
    step = _step_to_plan(request, step_id)
    made = plans.promise_step(
        step, given.amount, given.currency, reason=given.reason, by=by(request), now=now_of(request)
    )
    return Status(201, {name: getattr(made, name) for name in GoodwillShown.model_fields})


@router.put(
    "/recovery-steps/{int:step_id}/owner", response=RecoveryStepShown, summary="Give a step to somebody else"
)
def owner(request: HttpRequest, step_id: int, given: OwnerOfStepGiven):
    """They are told."""
    step = _step_to_plan(request, step_id)
    return _shown_step(plans.give_step(step, person_named(given.owner), by=by(request), now=now_of(request)))


@router.post(
    "/recovery-steps/{int:step_id}/leaving-out", response=RecoveryStepShown, summary="Leave a step out"
)
def leave_out(request: HttpRequest, step_id: int, given: ReasonGiven):
    """With a reason; what was promised for it has to be taken back first."""
    step = _step_to_plan(request, step_id)
    return _shown_step(plans.leave_out(step, given.reason, by=by(request), now=now_of(request)))


def _rule(row: RecoveryRule) -> dict:
    said = {name: getattr(row, name) for name in RecoveryRuleShown.model_fields if hasattr(row, name)}
    return said | {"retired": row.retired_at is not None}


@router.get(
    "/recovery-rules", response=list[RecoveryRuleShown], auth=reading, summary="Rules that propose recoveries"
)
def rules(request: HttpRequest):
    """The most severe first."""
    return [_rule(row) for row in RecoveryRule.objects.all()]


@router.put(
    "/recovery-rules/{code}", response=RecoveryRuleShown, auth=setting_up, summary="Keep a rule of recovery"
)
def keep_rule(request: HttpRequest, code: str, given: RecoveryRuleGiven):
    """A new one or another text of one; every version stands in the ledger. By administrators."""
    said = given.model_dump()
    row, _changed = ruling.keep_rule(code, **said, by=by(request), now=now_of(request))
    return _rule(row)
