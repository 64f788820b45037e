"""The five-step strategy of a segment (差异化服务五步法): needs, value proposition, service package, implementation,
communication plan; then the review, which records what was learnt and opens the next round.

Steps and tasks with a day have a clock each, about a matter of their own: reminded, broken and raised like every promise.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guixin.ledger import Event, record
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Person
from guixin.promise.book import Circumstances
from guixin.promise.indispensable import always_promised
from guixin.promise.keeping import Promise, Stop, start, stop, void
from guixin.promise.matters import Matter
from guixin.promise.models import Clock, Measure, StrategyCycle, StrategyEvidence, StrategyStep, StrategyTask
from guixin.promise.moments import broken_in, written
from guixin.understand.models import Segment
from guixin.understand.segmenting import may_edit
from guixin.web.refusals import Refused

Kind, State = StrategyStep.Kind, StrategyStep.State
LONGEST = 20_000


@dataclass(frozen=True, kw_only=True)
class StrategyEvent(Event):
    """What every event about a strategy says. `about` is the round."""

    segment: str
    number: int


@dataclass(frozen=True, kw_only=True)
class StrategyBegun(StrategyEvent):
    """A round of a segment's strategy began."""

    kind: ClassVar[str] = "promise.strategy_begun"
    sentence: ClassVar[str] = gettext_noop("Round %(number)s of the strategy for %(segment)s began")


@dataclass(frozen=True, kw_only=True)
class StrategyStepFinished(StrategyEvent):
    """A step of a strategy is done, with its words and evidence. `step`: needs, proposition, package …"""

    kind: ClassVar[str] = "promise.strategy_step_finished"
    sentence: ClassVar[str] = gettext_noop("Step “%(step)s” of the strategy for %(segment)s is done")
    step: str
    owner_id: int


@dataclass(frozen=True, kw_only=True)
class StrategyTaskGiven(StrategyEvent):
    """Somebody was given something to do for a strategy, by a day."""

    kind: ClassVar[str] = "promise.strategy_task_given"
    sentence: ClassVar[str] = gettext_noop("A task of the strategy for %(segment)s was given")
    task_id: int
    owner_id: int
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class StrategyTaskFinished(StrategyEvent):
    """A task of a strategy is done."""

    kind: ClassVar[str] = "promise.strategy_task_finished"
    sentence: ClassVar[str] = gettext_noop("A task of the strategy for %(segment)s is done")
    task_id: int


@dataclass(frozen=True, kw_only=True)
class StrategyReviewed(StrategyEvent):
    """A round was reviewed: what was learnt stands on it, and the next round began with that.

    `broken_promises`: how many were broken at its moments of truth; one that is drawn at two moments counts at both.
    """

    kind: ClassVar[str] = "promise.strategy_reviewed"
    sentence: ClassVar[str] = gettext_noop("Round %(number)s of the strategy for %(segment)s was reviewed")
    carried_tasks: int
    broken_promises: int = 0


class CannotPlan(Refused):
    """What was given cannot stand in a strategy, and why."""

    about_input = True


class NotNow(Refused):
    """The strategy does not stand so that this is possible."""


class StepChangedMeanwhile(Refused):
    """Somebody else changed the step since it was read."""


def may_work_on(step: StrategyStep, person: Person) -> bool:
    """Its owner, and whoever answers for the segment."""
    return step.owner_id == person.pk or may_edit(step.cycle.segment, person)


@transaction.atomic
def begin(segment: Segment, *, by: Person, now: datetime) -> StrategyCycle:
    """The first round. Every step begins with the owner of the segment."""
    segment = Segment.objects.select_for_update().get(pk=segment.pk)  # as it is now, not as it was read
    if not segment.is_published:
        raise NotNow(_("The segment “%s” is not in force; a strategy needs customers.") % segment)
    if StrategyCycle.objects.open().filter(segment=segment).exists():
        raise NotNow(_("The strategy for “%s” has a round at work already.") % segment)
    last = StrategyCycle.objects.filter(segment=segment).order_by("-number").first()
    return _next(segment, last, by=by, now=now)


def _next(segment: Segment, before: StrategyCycle | None, *, by: Person, now: datetime) -> StrategyCycle:
    cycle = StrategyCycle.objects.create(
        segment=segment, number=before.number + 1 if before else 1, begun_at=now, begun_by=by,
        carried=before.learnt if before else "",
    )  # fmt: skip
    owners = dict(before.steps.values_list("kind", "owner_id")) if before else {}
    StrategyStep.objects.bulk_create(
        StrategyStep(cycle=cycle, kind=kind, owner_id=owners.get(kind, segment.owner_id)) for kind in Kind
    )
    record(StrategyBegun(**_facts(cycle, by, now)))
    return cycle


def _facts(cycle: StrategyCycle, by: Person | None, now: datetime) -> dict[str, Any]:
    return {
        "happened_at": now, "actor_id": by.pk if by else None, "about": ("strategy", cycle.pk),
        "segment": cycle.segment.code, "number": cycle.number,
    }  # fmt: skip


def _locked(step: StrategyStep) -> StrategyStep:
    """The round first, then the step: a review and an edit take turns."""
    cycle = (
        StrategyCycle.objects.select_for_update(of=("self",)).select_related("segment").get(pk=step.cycle_id)
    )
    if cycle.reviewed_at:
        raise NotNow(_("This round was reviewed; the next one is at work."))
    found = StrategyStep.objects.select_for_update(of=("self",)).get(pk=step.pk)
    found.cycle = cycle
    return found


@transaction.atomic
def write(
    step: StrategyStep, *, words: str, owner: Person, due_at: datetime | None, read_at_version: int, by: Person,
    now: datetime,
) -> StrategyStep:  # fmt: skip
    """What the step says, who answers for it, until when. Refused if somebody else was faster; nothing is merged."""
    step = _locked(step)
    if step.version != read_at_version:
        raise StepChangedMeanwhile(_("Somebody else has just changed this step. Look at it again."))
    if step.state == State.DONE:
        raise NotNow(_("This step is done. Take it up again first."))
    if due_at and due_at <= now and due_at != step.due_at:
        raise CannotPlan(_("The day must lie ahead."))
    changed = (step.owner_id, step.due_at) != (owner.pk, due_at)
    step.words, step.owner, step.due_at = words.strip()[:LONGEST], owner, due_at
    step.state = State.AT_WORK if step.words else step.state
    step.version += 1
    step.save(update_fields=["words", "owner", "due_at", "state", "version"])
    if changed:
        _clock_anew(StrategyStep.ABOUT, step.pk, owner, due_at, by=by, now=now)
    return step


@transaction.atomic
def finish(step: StrategyStep, *, by: Person, now: datetime) -> StrategyStep:
    """It is done: it says something, and what it asked of others is done too. The review has its own verb."""
    step = _locked(step)
    if step.kind == Kind.REVIEW:
        raise NotNow(_("The review ends with what was learnt and opens the next round."))
    if step.state == State.DONE:
        raise NotNow(_("This step is done already."))
    if not step.words:
        raise NotNow(_("Write down first what came of this step."))
    if left := step.tasks.filter(done_at__isnull=True, carried=False).count():
        raise NotNow(_("Tasks of this step that are not done yet: %s.") % left)
    step.state, step.done_at, step.done_by = State.DONE, now, by
    step.version += 1
    step.save(update_fields=["state", "done_at", "done_by", "version"])
    stop([Stop((StrategyStep.ABOUT, step.pk), Measure.STRATEGY, now)], now, by.pk)
    record(StrategyStepFinished(**_facts(step.cycle, by, now), step=step.kind, owner_id=step.owner_id))
    return step


@transaction.atomic
def take_up_again(step: StrategyStep, *, by: Person, now: datetime) -> StrategyStep:
    """It was not done after all. Without a day, until somebody gives it one."""
    step = _locked(step)
    if step.state != State.DONE:
        raise NotNow(_("This step is not done yet."))
    step.state, step.done_at, step.done_by, step.due_at = State.AT_WORK, None, None, None
    step.version += 1
    step.save(update_fields=["state", "done_at", "done_by", "due_at", "version"])
    return step


@transaction.atomic
def give_task(
    step: StrategyStep, what: str, *, owner: Person, due_at: datetime, by: Person, now: datetime
) -> StrategyTask:
    """Somebody does something by a day."""
    step = _locked(step)
    if not step.is_open:
        raise NotNow(_("This step is done. Take it up again first."))
    if not what.strip():
        raise CannotPlan(_("Say what is to be done."))
    if due_at <= now:
        raise CannotPlan(_("The day must lie ahead."))
    return _given(step, what.strip()[:1000], owner, due_at, None, by=by, now=now)


def _given(
    step: StrategyStep, what: str, owner: Person, due_at: datetime, before: StrategyTask | None, *, by: Person,
    now: datetime,
) -> StrategyTask:  # fmt: skip
    task = StrategyTask.objects.create(step=step, what=what, owner=owner, due_at=due_at, carried_from=before)
    _clock_anew(StrategyTask.ABOUT, task.pk, owner, due_at, by=by, now=now)
    facts = _facts(step.cycle, by, now)
    record(StrategyTaskGiven(**facts, task_id=task.pk, owner_id=owner.pk, due_at=due_at))
    return task


@transaction.atomic
def finish_task(task: StrategyTask, outcome: str, *, by: Person, now: datetime) -> StrategyTask:
    """It is done; `outcome` says what came of it, if that is worth a word."""
    step = _locked(task.step)
    task = StrategyTask.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if not task.is_open:
        raise NotNow(_("This task is done already."))
    task.done_at, task.done_by, task.outcome = now, by, outcome.strip()[:LONGEST]
    task.save(update_fields=["done_at", "done_by", "outcome"])
    stop([Stop((StrategyTask.ABOUT, task.pk), Measure.STRATEGY, now)], now, by.pk)
    record(StrategyTaskFinished(**_facts(step.cycle, by, now), task_id=task.pk))
    return task


@transaction.atomic
def add_evidence(
    step: StrategyStep, words: str, address: str, *, by: Person, now: datetime
) -> StrategyEvidence:
    """What the step rests on. `address` is a page of ours, such as /packages/kept; other sites are refused."""
    step = _locked(step)
    address = address.strip()
    if not words.strip():
        raise CannotPlan(_("Say what the evidence shows."))
    is_ours = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    if address and not (is_ours and len(address) <= 500):
        raise CannotPlan(_("Evidence leads to a page of ours, such as /packages/kept."))
    return StrategyEvidence.objects.create(
        step=step, words=words.strip()[:1000], address=address, added_at=now, added_by=by
    )


@transaction.atomic
def review(cycle: StrategyCycle, learnt: str, *, by: Person, now: datetime) -> StrategyCycle:
    """Close the round with what was learnt and open the next, which begins with it. Returns the next.

    What was not done is carried over: open tasks with their day, open steps by beginning anew. The round keeps at which
    moments of truth its promises were broken, and the next begins with that too.
    """
    cycle = StrategyCycle.objects.select_for_update(of=("self",)).select_related("segment").get(pk=cycle.pk)
    if cycle.reviewed_at:
        raise NotNow(_("This round was reviewed; the next one is at work."))
    if not learnt.strip():
        raise CannotPlan(_("Say what was learnt; the next round begins with it."))
    steps = list(cycle.steps.select_for_update().order_by("pk"))
    if not any(step.state == State.DONE for step in steps):
        raise NotNow(_("Nothing of this round is done yet, so there is nothing to review."))
    cycle.broken = written(broken_in(cycle, now))
    cycle.learnt, cycle.reviewed_at, cycle.reviewed_by = learnt.strip()[:LONGEST], now, by
    cycle.save(update_fields=["broken", "learnt", "reviewed_at", "reviewed_by"])
    tasks = list(StrategyTask.objects.filter(step__in=steps, done_at__isnull=True, carried=False))
    following = _next(cycle.segment, cycle, by=by, now=now)
    _end(cycle, steps, tasks, by=by, now=now)
    place = {step.kind: step for step in following.steps.all()}
    for task in tasks:
        step = place[Kind.IMPLEMENTATION]
        step.cycle = following
        _given(step, task.what, task.owner, max(task.due_at, now), task, by=by, now=now)
    broken = sum(each["broken"] for each in cycle.broken)
    record(StrategyReviewed(**_facts(cycle, by, now), carried_tasks=len(tasks), broken_promises=broken))
    return following


def _end(
    cycle: StrategyCycle,
    steps: Iterable[StrategyStep],
    tasks: Iterable[StrategyTask],
    *,
    by: Person,
    now: datetime,
) -> None:
    for step in steps:
        if step.kind == Kind.REVIEW:
            step.state, step.done_at, step.done_by, step.words = State.DONE, now, by, cycle.learnt
        elif step.is_open:
            step.state = State.CARRIED
    StrategyStep.objects.bulk_update(steps, ["state", "done_at", "done_by", "words"])
    StrategyTask.objects.filter(pk__in=[task.pk for task in tasks]).update(carried=True)
    reviewing = [step.pk for step in steps if step.kind == Kind.REVIEW]
    stop([Stop((StrategyStep.ABOUT, pk), Measure.STRATEGY, now) for pk in reviewing], now, by.pk)
    left = [
        *Clock.objects.of(StrategyStep.ABOUT, *(step.pk for step in steps)).open(),
        *Clock.objects.of(StrategyTask.ABOUT, *(task.pk for task in tasks)).open(),
    ]
    void(left, "carried into the next round", now, by.pk)


def _clock_anew(
    about_kind: str, pk: int, owner: Person, due_at: datetime | None, *, by: Person, now: datetime
) -> None:
    """A new day or owner is a new promise; what was broken before stays on record."""
    clocks = list(Clock.objects.of(about_kind, pk))
    void([clock for clock in clocks if clock.is_open], "planned anew", now, by.pk)
    if due_at is None:
        return
    version = always_promised(Measure.STRATEGY, Circumstances(), now)
    start(
        [
            Promise(
                about=(about_kind, pk), case_id=None, version=version, department_id=Ladder.at(now).department_of(owner.pk),
                holder_id=owner.pk, started_at=now, generation=len(clocks) + 1, until=due_at,
            )
        ]
    )  # fmt: skip


# -- as matters ------------------------------------------------------------------------------------------------------


def steps_seen_by(ids: Collection[int], person: Any) -> QuerySet:
    seen = StrategyStep.objects.filter(pk__in=ids, cycle__in=StrategyCycle.objects.visible_to(person))
    return seen.select_related("cycle__segment")


def steps_as_matters(rows: Sequence[Any]) -> dict[int, Matter]:
    return {step.pk: matter_of_step(step) for step in rows}


def tasks_seen_by(ids: Collection[int], person: Any) -> QuerySet:
    seen = StrategyTask.objects.filter(pk__in=ids, step__cycle__in=StrategyCycle.objects.visible_to(person))
    return seen.select_related("step__cycle__segment")


def tasks_as_matters(rows: Sequence[Any]) -> dict[int, Matter]:
    return {task.pk: matter_of_task(task) for task in rows}


def matter_of_step(step: StrategyStep) -> Matter:
    segment = step.cycle.segment
    return Matter(f"{segment} · {step.get_kind_display()}", f"/strategies/{segment.code}#{step.kind}")


def matter_of_task(task: StrategyTask) -> Matter:
    segment = task.step.cycle.segment
    return Matter(f"{segment} · {task.what}", f"/strategies/{segment.code}#task-{task.pk}")


def waiting_for(person: Person, until: datetime) -> list[tuple[datetime, Matter]]:
    """The steps and tasks of this person that are due before `until`, the longest due first."""
    steps = StrategyStep.objects.filter(
        owner=person, state__in=[State.OPEN, State.AT_WORK], due_at__lt=until, cycle__reviewed_at__isnull=True
    )
    tasks = StrategyTask.objects.filter(owner=person, done_at__isnull=True, carried=False, due_at__lt=until)
    found = [
        (step.due_at, matter_of_step(step)) for step in steps.select_related("cycle__segment") if step.due_at
    ]
    found += [(task.due_at, matter_of_task(task)) for task in tasks.select_related("step__cycle__segment")]
    return sorted(found, key=lambda each: each[0])
