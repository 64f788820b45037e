"""The five-step strategy of each segment: read, worked on, reviewed."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel

from guixin.channels.api.answers import Input, Moment, Said, Text, Word
from guixin.channels.api.door import Needs, by, found, must, now_of
from guixin.channels.api.finding import person_named
from guixin.organisation.models import Scopes
from guixin.promise import moments, strategies
from guixin.promise.models import StrategyCycle, StrategyStep, StrategyTask
from guixin.understand.models import Segment
from guixin.understand.segmenting import may_edit

router = Router(tags=["strategies"], auth=Needs(Scopes.STANDARDS_READ))
writing = Needs(Scopes.STANDARDS_WRITE)


class StrategyTaskShown(BaseModel):
    id: int
    what: str
    owner_id: int
    due_at: datetime
    done_at: datetime | None
    outcome: str
    carried: bool


class EvidenceShown(BaseModel):
    words: str
    address: str
    added_at: datetime


class StrategyStepShown(BaseModel):
    kind: str
    state: str
    owner_id: int
    words: str
    due_at: datetime | None
    done_at: datetime | None
    version: int
    tasks: list[StrategyTaskShown]
    evidence: list[EvidenceShown]


class BrokenShown(BaseModel):
    """Promises to the segment that were broken at a moment of truth in this round."""

    blueprint: str
    element: str
    name: str
    name_en: str
    standards: list[str]
    broken: int
    promised: int


class RoundShown(BaseModel):
    segment: str
    number: int
    begun_at: datetime
    carried: str
    reviewed_at: datetime | None
    learnt: str
    broken: list[BrokenShown]
    steps: list[StrategyStepShown]


class StrategyStepGiven(Input):
    """The whole of the step; `version` as it was read."""

    words: Text = ""
    owner: Word
    due_at: Moment | None = None
    version: int


class TaskGiven(Input):
    what: Said
    owner: Word
    due_at: Moment


class EvidenceGiven(Input):
    words: Said
    address: Word = ""


class LearntGiven(Input):
    learnt: Said


class StrategyOutcomeGiven(Input):
    outcome: Text = ""


def _shown(cycle: StrategyCycle, now: datetime) -> dict[str, Any]:
    steps = cycle.steps.prefetch_related("tasks", "evidence").order_by("pk")
    names = ("number", "begun_at", "carried", "reviewed_at", "learnt")
    return {"segment": cycle.segment.code, **{name: getattr(cycle, name) for name in names}} | {
        "broken": moments.written(moments.broken_in(cycle, now)),
        "steps": [
            {
                **{
                    name: getattr(step, name)
                    for name in ("kind", "state", "owner_id", "words", "due_at", "done_at", "version")
                },
                "tasks": [_fields(each, StrategyTaskShown) for each in step.tasks.all()],
                "evidence": [_fields(each, EvidenceShown) for each in step.evidence.all()],
            }
            for step in steps
        ],
    }


def _fields(row: Any, schema: type[BaseModel]) -> dict[str, Any]:
    return {name: getattr(row, "pk" if name == "id" else name) for name in schema.model_fields}


def _rounds(request: HttpRequest):
    return StrategyCycle.objects.visible_to(by(request)).select_related("segment")


def _segment(code: str) -> Segment:
    return found(Segment.objects.filter(code=code.replace("\x00", "")).first())


def _at_work(request: HttpRequest, code: str) -> StrategyCycle:
    return found(_rounds(request).open().filter(segment=_segment(code)).first())


def _step(request: HttpRequest, code: str, kind: str) -> StrategyStep:
    """The step of the round at work, if the caller may work on it."""
    cycle = _at_work(request, code)
    step = cycle.steps.filter(kind=kind.replace("\x00", "")).first()
    if step is None:
        raise Http404(kind)
    step.cycle = cycle
    must(strategies.may_work_on(step, by(request)))
    return step


@router.get("/strategies", response=list[RoundShown], summary="The rounds at work, one a segment")
def listed(request: HttpRequest):
    return [_shown(each, now_of(request)) for each in _rounds(request).open().order_by("segment__priority")]


@router.get("/strategies/{code}", response=list[RoundShown], summary="Every round of a segment's strategy")
def rounds(request: HttpRequest, code: str):
    """The latest first; each begins with what the one before learnt."""
    return [
        _shown(each, now_of(request))
        for each in _rounds(request).filter(segment=_segment(code)).order_by("-number")
    ]


@router.post("/strategies/{code}", auth=writing, response={201: RoundShown}, summary="Begin the first round")
def begin(request: HttpRequest, code: str):
    segment = _segment(code)
    must(may_edit(segment, by(request)))
    now = now_of(request)
    return Status(201, _shown(strategies.begin(segment, by=by(request), now=now), now))


@router.put("/strategies/{code}/steps/{kind}", auth=writing, response=RoundShown, summary="Write a step")
def write(request: HttpRequest, code: str, kind: str, given: StrategyStepGiven):
    """What it says, who answers for it, by when. Refused if somebody changed it since `version`."""
    step = _step(request, code, kind)
    strategies.write(
        step, words=given.words, owner=person_named(given.owner), due_at=given.due_at, read_at_version=given.version,
        by=by(request), now=now_of(request),
    )  # fmt: skip
    return _shown(step.cycle, now_of(request))


@router.post(
    "/strategies/{code}/steps/{kind}/finishing", auth=writing, response=RoundShown, summary="A step is done"
)
def finish(request: HttpRequest, code: str, kind: str):
    step = _step(request, code, kind)
    strategies.finish(step, by=by(request), now=now_of(request))
    return _shown(step.cycle, now_of(request))


@router.delete(
    "/strategies/{code}/steps/{kind}/finishing",
    auth=writing,
    response=RoundShown,
    summary="Take a step up again",
)
def take_up_again(request: HttpRequest, code: str, kind: str):
    step = _step(request, code, kind)
    strategies.take_up_again(step, by=by(request), now=now_of(request))
    return _shown(step.cycle, now_of(request))


@router.post(
    "/strategies/{code}/steps/{kind}/tasks", auth=writing, response={201: RoundShown}, summary="Give a task"
)
def give_task(request: HttpRequest, code: str, kind: str, given: TaskGiven):
    """Its clock runs from now; what is not done in time is raised like every promise."""
    step = _step(request, code, kind)
    strategies.give_task(
        step,
        given.what,
        owner=person_named(given.owner),
        due_at=given.due_at,
        by=by(request),
        now=now_of(request),
    )
    return Status(201, _shown(step.cycle, now_of(request)))


@router.post(
    "/strategies/{code}/steps/{kind}/evidence",
    auth=writing,
    response={201: RoundShown},
    summary="Add evidence",
)
def add_evidence(request: HttpRequest, code: str, kind: str, given: EvidenceGiven):
    """`address` is a page of ours."""
    step = _step(request, code, kind)
    strategies.add_evidence(step, given.words, given.address, by=by(request), now=now_of(request))
    return Status(201, _shown(step.cycle, now_of(request)))


@router.post(
    "/strategies/{code}/review",
    auth=writing,
    response={201: RoundShown},
    summary="Review, and open the next round",
)
def review(request: HttpRequest, code: str, given: LearntGiven):
    """The next round begins with what was learnt; tasks that are not done go along."""
    step = _step(request, code, StrategyStep.Kind.REVIEW)
    now = now_of(request)
    return Status(201, _shown(strategies.review(step.cycle, given.learnt, by=by(request), now=now), now))


@router.post("/strategy-tasks/{pk}/finishing", auth=writing, response=RoundShown, summary="A task is done")
def finish_task(request: HttpRequest, pk: int, given: StrategyOutcomeGiven):
    """By whoever it was given to, or whoever answers for the step or the segment."""
    visible = StrategyCycle.objects.visible_to(by(request))
    tasks = StrategyTask.objects.filter(step__cycle__in=visible).select_related("step__cycle__segment")
    task = found(tasks.filter(pk=pk).first(), _("task"))
    must(task.owner_id == by(request).pk or strategies.may_work_on(task.step, by(request)))
    strategies.finish_task(task, given.outcome, by=by(request), now=now_of(request))
    return _shown(task.step.cycle, now_of(request))
