"""Which departments get a share of a case: the rule that fires, and the person who decides over it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.ledger import Event, record
from guixin.ledger.bulk import draw_ids, insert_models
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Department, Person
from guixin.organisation.revisions import cached_until_changed
from guixin.promise.book import book
from guixin.promise.indispensable import always_promised
from guixin.promise.keeping import Promise, Stop, stop
from guixin.promise.models import Clock, Measure
from guixin.promise.models.standard import TO_COLLEAGUES
from guixin.serve import events, task_events
from guixin.serve.models import Case, Routing, RoutingRule, Task
from guixin.serve.promises import (
    begin,
    circumstances,
    promises_between_colleagues,
    refresh_queues,
    spelled_out,
)
from guixin.web.refusals import Refused


class CannotRoute(Refused):
    """The departments cannot be decided like this, and why."""

    about_input = True


@cached_until_changed("serving")
def rules_in_force() -> tuple[RoutingRule, ...]:
    rules = RoutingRule.objects.filter(withdrawn_at__isnull=True).order_by("position", "pk")
    return tuple(rules.prefetch_related("steps"))


def rule_for(case: Case) -> RoutingRule | None:
    """The first rule, by position, that covers the case."""
    return next((rule for rule in rules_in_force() if covers(rule, case)), None)


def covers(rule: RoutingRule, case: Case) -> bool:
    text = f"{case.subject}\n{case.story}".casefold() if rule.for_words else ""
    return (
        rule.for_kind in ("", case.kind)
        and (not rule.for_category or f"{case.category}/".startswith(f"{rule.for_category}/"))
        and case.product.casefold().startswith(rule.for_product.casefold())
        and rule.for_channel in ("", case.channel)
        and (not rule.for_grade or (case.grade != "" and case.grade in rule.for_grade))
        and (rule.for_severity is None or case.severity >= rule.for_severity)
        and (not rule.for_words or any(word.casefold() in text for word in rule.for_words))
    )


@dataclass
class Shares:
    """What new cases are given, decided before anything of it is saved: so each row is written once, complete."""

    routings: list[Routing] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    given: list[Task] = field(default_factory=list)  # those of the first stage
    said: list[Event] = field(default_factory=list)
    lost: list[Case] = field(default_factory=list)  # nobody has these: hand them to the coordinator


@dataclass(frozen=True)
class Shared:
    """The departments of one case, in the order of their stages, and the rule that chose them, if one did."""

    rule: RoutingRule | None
    tasks: list[Task]


def shares_of(case: Case, decided: Sequence[tuple[int, str]] | None) -> Shared:
    """Who gets a share: those decided at intake (department, instruction), else by rule, else nobody.

    decided   None: the tasks come from elsewhere, and no rule is asked
    """
    if decided is None:
        return Shared(None, [])
    if decided:
        return Shared(None, [_task(case, pk, instruction=instruction) for pk, instruction in decided])
    rule = rule_for(case)
    steps = rule.steps.all() if rule else ()
    return Shared(rule, [_task(case, step.department_id, step.stage, step.instruction) for step in steps])


def share_out(
    cases: Sequence[Case],
    *,
    decided: Mapping[int, Sequence[tuple[int, str]] | None],
    now: datetime,
    by: Person | None,
) -> Shares:
    """The departments of every new case. The cases have their ids, and learn which department has the ball."""
    shares = Shares()
    for case in cases:
        shared = shares_of(case, decided.get(case.pk, ()))
        if not shared.tasks:
            if decided.get(case.pk, ()) is not None:
                shares.lost.append(case)
            continue
        rule, made = shared.rule, shared.tasks
        shares.tasks += made
        shares.routings.append(Routing(case=case, rule=rule, by=None if rule else by, at=now))
        shares.said.append(_routed(case, rule, made, now, by))
        case.department_id = min(made, key=lambda task: task.stage).department_id
    shares.given = _first_stage(shares.tasks, now)
    return shares


def _task(case: Case, department_id: int, stage: int = 1, instruction: str = "") -> Task:
    return Task(
        case=case,
        department_id=department_id,
        stage=stage,
        instruction=instruction,
        state=Task.State.PLANNED,
    )


def _routed(case: Case, rule: RoutingRule | None, tasks: Sequence[Task], now: datetime, by: Person | None):
    return events.CaseRouted(
        happened_at=now,
        actor_id=by.pk if by else None,
        about=case.about,
        case_id=case.pk,
        rule=str(rule) if rule else "",
        rule_id=rule.pk if rule else None,
        departments=[task.department_id for task in tasks],
    )


def _first_stage(tasks: Sequence[Task], now: datetime) -> list[Task]:
    """Give new tasks their ids; the first stage of each case is given at once, later stages wait."""
    first: dict[int, int] = {}
    for task in tasks:
        first[task.case_id] = min(task.stage, first.get(task.case_id, task.stage))
    given = []
    for task, pk in zip(tasks, draw_ids("serve_task", len(tasks)), strict=True):
        task.pk = pk
        if task.stage == first[task.case_id]:
            task.state, task.given_at = Task.State.GIVEN, now
            given.append(task)
    return given


def promises_of(
    tasks: Sequence[Task], *, now: datetime, generation: int = 1, measures: Sequence[Measure] = TO_COLLEAGUES
) -> list[Promise]:
    """What the departments promise for these tasks."""
    pages = book()
    return [
        promise
        for task in tasks
        for promise in promises_between_colleagues(
            task, at=now, pages=pages, generation=generation, measures=measures
        )
    ]


def take_deadlines(tasks: Sequence[Task], started: Mapping[tuple[str, int], Sequence[Clock]]) -> None:
    """The queues sort tasks by the first deadline of the clocks just started."""
    for task in tasks:
        if some := started.get(task.about):
            task.queue_at = min(clock.deadline for clock in some)


def start_clocks(
    tasks: Sequence[Task], *, now: datetime, generation: int = 1, measures: Sequence[Measure] = TO_COLLEAGUES
) -> dict[tuple[str, int], list[Clock]]:
    """Start what the departments promise for these tasks."""
    started = begin(promises_of(tasks, now=now, generation=generation, measures=measures))
    take_deadlines(tasks, started)
    return started


def announce(tasks: Sequence[Task], started: Mapping, *, now: datetime, by: Person | None) -> None:
    record(*given_to(tasks, started, now=now, by=by))


def given_to(
    tasks: Sequence[Task], started: Mapping, *, now: datetime, by: Person | None
) -> list[task_events.TaskGiven]:
    return [
        task_events.TaskGiven(
            happened_at=now,
            actor_id=by.pk if by else None,
            about=task.about,
            case_id=task.case_id,
            department_id=task.department_id,
            handler_id=task.handler_id,
            promises=spelled_out(started.get(task.about, ())),
        )
        for task in tasks
    ]


def hand_to_coordinator(cases: Sequence[Case], *, now: datetime) -> None:
    """Nobody has these, or a share of them: to the coordinator's list with a clock of its own, never nowhere."""
    ladder = Ladder.at(now)
    coordinator_id = ladder.coordinator(now)
    seats = ladder.seats_of(coordinator_id)
    promises = []
    for case in cases:
        if seats:
            version = always_promised(Measure.ROUTE, circumstances(case), now)
            searching = Clock.objects.of("case", case.pk).filter(measure=Measure.ROUTE)
            if searching.open().exists():
                continue  # still looking: the clock that runs is the stricter one
            turns = searching.count()
            promises.append(
                Promise(
                    about=case.about,
                    case_id=case.pk,
                    version=version,
                    department_id=seats[0].department_id,
                    holder_id=coordinator_id,
                    started_at=now,
                    generation=turns + 1,
                )
            )
    begin(promises)
    record(
        *(
            events.CaseUnrouted(
                happened_at=now, about=case.about, case_id=case.pk, coordinator_id=coordinator_id
            )
            for case in cases
        )
    )


@transaction.atomic
def decide_departments(
    case: Case,
    steps: Sequence[tuple[int, int, str]],
    *,
    by: Person,
    reason: str,
    now: datetime,
    withdraw_others: bool = False,
) -> list[Task]:
    """A supervisor (or the coordinator) decides over the rules: these departments, for this reason.

    steps             (department id, stage, instruction) for each
    withdraw_others   also take the case away from the departments that have it now
    """
    case = locked_open(case)
    made = decide_for_all([case], steps, by=by, reason=reason, now=now, withdraw_others=withdraw_others)
    return made[case.pk]


@transaction.atomic
def decide_for_all(
    cases: Sequence[Case],
    steps: Sequence[tuple[int, int, str]],
    *,
    by: Person,
    reason: str,
    now: datetime,
    withdraw_others: bool = False,
) -> dict[int, list[Task]]:
    """The same departments for each of these cases, which the caller holds locked and open. The tasks by case.

    As many statements for a thousand cases as for one.
    """
    from guixin.serve.handling import withdraw_all

    if not steps:
        raise CannotRoute(_("Name at least one department."))
    if not reason.strip():
        raise CannotRoute(_("Say why you decide over the rule."))
    known = set(Department.objects.filter(pk__in=[step[0] for step in steps]).values_list("pk", flat=True))
    if missing := {step[0] for step in steps} - known:
        raise CannotRoute(_("Unknown department: %s.") % ", ".join(map(str, sorted(missing))))
    if withdraw_others:
        # No stage that waits is started: all of them go, and the new tasks are given below.
        withdraw_all(Task.objects.filter(case__in=cases).unfinished(), by=by, reason=reason, now=now)
    tasks = [
        _task(case, department_id, stage, instruction)
        for case in cases
        for department_id, stage, instruction in steps
    ]
    Routing.objects.bulk_create(Routing(case=case, by=by, at=now, reason=reason.strip()) for case in cases)
    given = _first_stage(tasks, now)
    started = start_clocks(given, now=now)
    insert_models(tasks)
    made: dict[int, list[Task]] = {case.pk: [] for case in cases}
    for task in tasks:
        made[task.case_id].append(task)
    record(
        *(_routed(case, None, made[case.pk], now, by) for case in cases),
        *given_to(given, started, now=now, by=by),
    )
    stop([Stop(case.about, Measure.ROUTE, now) for case in cases], now, by.pk)
    _found_for_all(cases, tasks)
    return made


def found_departments(case: Case, tasks: Sequence[Task]) -> None:
    """The ball is with the first of these now, and the queues show the next deadline."""
    _found_for_all([case], tasks)


def _found_for_all(cases: Sequence[Case], tasks: Sequence[Task]) -> None:
    first: dict[int, int] = {}
    for task in tasks:
        if task.is_open:
            first.setdefault(task.case_id, task.department_id)
    for department_id in set(first.values()):
        theirs = [pk for pk, with_whom in first.items() if with_whom == department_id]
        Case.objects.filter(pk__in=theirs).update(department_id=department_id)
    for case in cases:
        case.department_id = first.get(case.pk, case.department_id)
    refresh_queues({case.pk for case in cases}, {task.pk for task in tasks})


def refresh_case(case_id: int, task_ids: Sequence[int] = ()) -> None:
    refresh_queues({case_id}, set(task_ids))


class CaseIsClosed(Refused):
    """The act needs an open case."""


def locked_open(case: Case) -> Case:
    """The case as it is now, locked: every act on a case begins here, so that two never cross."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if case.state == Case.State.MERGED:
        raise CaseIsClosed(_("Case %(number)s was merged into another one.") % {"number": case.number})
    if not case.is_open:
        raise CaseIsClosed(
            _("Case %(number)s is closed; reopen it to go on working on it.") % {"number": case.number}
        )
    return case
