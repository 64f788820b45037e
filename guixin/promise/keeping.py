"""Starting clocks, taking the steps that are due, and judging what was kept.

Everything here works on sets: one case is a set of one, and a batch of five hundred costs about as many
statements. Verdicts come from the times of events, never from when a worker looked.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from guixin.ledger import record
from guixin.ledger.bulk import fetch_rows, insert_rows, update_rows
from guixin.promise import events
from guixin.promise.escalating import Step, raise_steps
from guixin.promise.holding import held_by_others
from guixin.promise.models import Clock, Pause, StandardVersion
from guixin.promise.steps import Running, Span
from guixin.promise.terms import all_calendars, all_versions, calendar_of_department
from guixin.web.refusals import Refused
from guixin.worktime import elapsed, is_provisional

log = logging.getLogger(__name__)
STUCK_FOR = timedelta(minutes=5)


class NoCalendar(Refused, LookupError):
    """Neither the standard, nor the department, nor one above it has a calendar."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A clock to be started."""

    about: tuple[str, int]
    case_id: int | None  # None: no part of a case, see `matters`
    version: StandardVersion
    department_id: int
    holder_id: int | None
    started_at: datetime
    measure: str = ""  # the standard's own unless given
    generation: int = 1
    until: datetime | None = None  # a deadline given as a moment, instead of the version's budget
    calendar_id: int | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """What was promised about this has happened, at this time."""

    about: tuple[str, int]
    measure: str
    at: datetime


CLOCK_COLUMNS = {
    "about_kind": "text", "about_id": "bigint", "case_id": "bigint", "measure": "text", "generation": "smallint",
    "version_id": "bigint", "calendar_id": "bigint", "department_id": "bigint", "holder_id": "bigint",
    "started_at": "timestamptz", "budget": "interval", "not_before": "timestamptz", "was_paused": "boolean",
    "rested": "interval", "state": "text", "breached_at": "timestamptz", "stopped_at": "timestamptz",
    "due_at": "timestamptz", "provisional": "boolean", "next_level": "smallint", "next_round": "smallint",
    "next_at": "timestamptz",
}  # fmt: skip
_STEP = {
    "state": "text", "due_at": "timestamptz", "provisional": "boolean", "breached_at": "timestamptz",
    "stopped_at": "timestamptz", "next_level": "smallint", "next_round": "smallint", "next_at": "timestamptz",
    "budget": "interval", "not_before": "timestamptz", "was_paused": "boolean", "version_id": "bigint",
    "calendar_id": "bigint", "department_id": "bigint", "holder_id": "bigint", "case_id": "bigint",
}  # fmt: skip
# The part of it that taking a step can change.
_TAKEN = {
    name: _STEP[name]
    for name in ("due_at", "provisional", "breached_at", "next_level", "next_round", "next_at")
}


def drawn(promises: Sequence[Promise]) -> list[Clock]:
    """The clock of each promise, with its deadline, not saved: what `start` starts, and what a forecast shows."""
    calendars, terms, in_force = all_calendars(), all_versions().terms, calendar_of_department()
    clocks = []
    for promise in promises:
        calendar_id = (
            promise.calendar_id or promise.version.calendar_id or in_force.get(promise.department_id)
        )
        if calendar_id is None:
            raise NoCalendar(f"Department {promise.department_id} has no calendar.")
        run = Running(
            promise.started_at, promise.version.budget, calendars[calendar_id], terms[promise.version.pk]
        )
        if promise.until:
            run.budget = elapsed(promise.started_at, promise.until, run.calendar)
            if run.promised_at() != promise.until:  # it lies outside working time, and is kept all the same
                run.not_before = promise.until
        due = run.promised_at()
        clock = Clock(
            about_kind=promise.about[0],
            about_id=promise.about[1],
            case_id=promise.case_id,
            measure=promise.measure or promise.version.standard.measure,
            generation=promise.generation,
            version_id=promise.version.pk,
            calendar_id=calendar_id,
            department_id=promise.department_id,
            holder_id=promise.holder_id,
            started_at=promise.started_at,
            budget=run.budget,
            not_before=run.not_before,
            due_at=due,
            provisional=is_provisional(run.calendar, due),
        )
        clock.next_at = run.next_at(due)
        clock.next_level = run.next_level
        clocks.append(clock)
    return clocks


def start(promises: Sequence[Promise]) -> list[Clock]:
    """Start a clock for each promise, in one statement. The caller's own event says which promises began."""
    clocks = drawn(promises)
    ids = insert_rows(
        "promise_clock",
        CLOCK_COLUMNS,
        [[getattr(c, name) for name in CLOCK_COLUMNS] for c in clocks],
        returning="id",
    )
    for clock, (pk,) in zip(clocks, ids, strict=True):
        clock.pk = pk
    return clocks


def running_all(clocks: Sequence[Clock], paused: Iterable[Pause] | None = None) -> list[Running]:
    """The facts of these clocks, ready for `steps`; one query for the pauses, none if nothing was paused.

    paused    the pauses of these clocks and perhaps of others, in order, where a page has read them already
    """
    pauses: dict[int, list[Span]] = {}
    if paused is None:
        ids = [clock.pk for clock in clocks if clock.was_paused]
        paused = Pause.objects.filter(clock_id__in=ids).order_by("from_at") if ids else ()
    for pause in paused:
        pauses.setdefault(pause.clock_id, []).append((pause.from_at, pause.to_at))
    calendars, terms = all_calendars(), all_versions().terms
    return [
        Running(
            clock.started_at,
            clock.budget,
            calendars[clock.calendar_id],
            terms[clock.version_id],
            pauses.get(clock.pk, ()),
            clock.not_before,
            clock.breached_at,
            clock.rested,
            clock.next_level,
            clock.next_round,
        )
        for clock in clocks
    ]


def as_saved(clock: Clock) -> tuple:
    """What `save` would write: equal before and after means there is nothing to write."""
    return tuple(getattr(clock, name) for name in _STEP)


def save(clocks: Iterable[Clock], columns: dict[str, str] = _STEP) -> None:
    """Write what may change about these clocks, which are locked."""
    rows = [[clock.pk, *(getattr(clock, name) for name in columns)] for clock in clocks]
    update_rows("promise_clock", "id", columns, rows)


def adopt(clock: Clock, run: Running) -> None:
    """Take over into the clock the step it has come to, and the deadline."""
    clock.breached_at = run.breached_at
    clock.due_at = run.promised_at()
    clock.next_at = run.next_at(clock.due_at)
    clock.next_level, clock.next_round = run.next_level, run.next_round
    clock.provisional = is_provisional(run.calendar, clock.due_at)


def overdue(clock: Clock, run: Running, now: datetime) -> list[Step]:
    """Take the steps of a running clock that fell due before `now` and that no worker has seen yet.

    The reminder and the breach by the moments that stand on the clock: what was promised then is not judged by
    a calendar that came later. A clock without a next step has none to be seen.
    """
    if clock.state != Clock.State.RUNNING or clock.next_at is None:
        return []
    taken: list[Step] = []
    if clock.next_level == 0 and clock.next_at < now:
        taken.append((clock, 0, clock.next_round, clock.next_at))
        run.advance()
    if not run.breached_at and clock.deadline < now:
        run.breached_at = clock.deadline
        run.next_level, run.next_round = 1, 0
        taken.append((clock, 1, 0, clock.deadline))
        run.advance()
    if run.breached_at:
        taken += [(clock, *step) for step in run.steps_until(now, inclusive=False)]
    return taken


def catch_up(clocks: Sequence[Clock], now: datetime) -> list[Running]:
    """Record what fell due before `now` while no worker looked, before a change of facts would hide it.

    The clocks are locked. Returns the facts of each, standing at the step that comes next.
    """
    runs, steps, late = running_all(clocks), [], []
    for clock, run in zip(clocks, runs, strict=True):
        taken = overdue(clock, run, now)
        if not taken:
            continue
        steps += taken
        late.append(clock)
        clock.breached_at, clock.next_level, clock.next_round = (
            run.breached_at,
            run.next_level,
            run.next_round,
        )
        clock.next_at = run.next_at(clock.deadline) if run.breached_at else clock.due_at
    save(late)
    raise_steps(steps, now)
    return runs


def facts_of(clock: Clock) -> dict:
    """What every event about this clock says."""
    return {
        "about": (clock.about_kind, clock.about_id),
        "case_id": clock.case_id,
        "clock_id": clock.pk,
        "measure": clock.measure,
        "department_id": clock.department_id,
    }


@transaction.atomic
def fire_due(now: datetime, limit: int = 500) -> int:
    """Take every step that is due by `now` on up to `limit` clocks: warnings, breaches, levels.

    Any number of workers may call this at once: each claims other rows, and the effect, its entries, the
    escalations and the notices stand in one transaction. Returns how many steps were taken.
    """
    clocks = _claim_due(now, limit)
    busy = held_by_others({clock.case_id for clock in clocks})  # somebody works on them: the next round sees
    clocks = [clock for clock in clocks if clock.case_id not in busy]
    if not clocks:
        return 0
    steps, stuck = [], []
    for clock, run in zip(clocks, running_all(clocks), strict=True):
        try:
            taken = run.steps_until(now, inclusive=True)
            adopt(clock, run)
        except Exception as why:  # one bad row must not stop the rest: it is pushed back, with the reason
            log.exception("clock %s could not be worked out", clock.pk)
            clock.next_at = now + STUCK_FOR
            stuck.append(events.ClockStuck(happened_at=now, **facts_of(clock), reason=str(why)))
        else:
            steps += [(clock, *step) for step in taken]
    save(clocks, _TAKEN)
    record(*stuck)
    raise_steps(steps, now)
    return len(steps)


_COLUMNS = [field.attname for field in Clock._meta.concrete_fields]
_CLAIM = f"""
    SELECT {", ".join(_COLUMNS)} FROM promise_clock
    WHERE next_at <= %s ORDER BY next_at LIMIT %s FOR UPDATE SKIP LOCKED
"""  # noqa: S608  our own column names


def _claim_due(now: datetime, limit: int) -> list[Clock]:
    """Lock the first due clocks nobody else has. Read in binary: parsing text times costs as much as the rest."""
    return [Clock.from_db("default", _COLUMNS, row) for row in fetch_rows(_CLAIM, [now, limit])]


@transaction.atomic
def set_aside_next(now: datetime, reason: str) -> None:
    """Push the first due clock back and say why: what it causes fails, and it must not hold up the others."""
    for clock in Clock.objects.due(now).select_for_update(skip_locked=True, of=("self",))[:1]:
        Clock.objects.filter(pk=clock.pk).update(next_at=now + STUCK_FOR)
        record(events.ClockStuck(happened_at=now, **facts_of(clock), reason=reason))


@transaction.atomic
def stop(stops: Iterable[Stop], now: datetime, actor_id: int | None = None) -> list[Clock]:
    """Stop the open clocks these events fulfil, and judge each from the time of its event.

    Steps that fell due before the event but that no worker has seen yet are recorded first: a breach cured
    before the worker woke is still a breach. An event that turns out to lie before a breach already
    recorded withdraws the verdict. Returns the stopped clocks.
    """
    at_by_key = {(*wanted.about, wanted.measure): wanted.at for wanted in stops}
    if not at_by_key:
        return []
    clocks = [
        clock
        for clock in _locked(at_by_key)
        if (clock.about_kind, clock.about_id, clock.measure) in at_by_key
    ]
    if not clocks:
        return []
    times = [
        max(at_by_key[clock.about_kind, clock.about_id, clock.measure], clock.started_at) for clock in clocks
    ]
    _end_pauses(clocks, times)
    steps, said = [], []
    for clock, run, at in zip(clocks, running_all(clocks), times, strict=True):
        try:
            due = run.promised_at()
            if clock.next_at is not None:
                steps += [(clock, *step) for step in run.steps_until(at, inclusive=False)]
        except Exception:  # a calendar nobody can work by: the deadline last shown decides
            log.exception("clock %s could not be worked out", clock.pk)
            due = clock.due_at or at
        kept = at <= due
        clock.breached_at, clock.due_at = (None, due) if kept else (due, due)
        clock.next_level, clock.next_round, clock.next_at = run.next_level, run.next_round, None
        clock.state = Clock.State.MET if kept else Clock.State.MISSED
        clock.stopped_at = at
        said.append(
            events.ClockStopped(happened_at=at, actor_id=actor_id, **facts_of(clock), kept=kept, due_at=due)
        )
    save(clocks)
    raise_steps(steps, now)
    record(*said)
    return clocks


@transaction.atomic
def void(clocks: Iterable[Clock], reason: str, now: datetime, actor_id: int | None = None) -> None:
    """End these clocks without judgement. What was already breached stays, also if nobody has seen it yet."""
    clocks = list(lock(Clock.objects.filter(pk__in=[clock.pk for clock in clocks]).open()))
    catch_up(clocks, now)
    times = [max(now, clock.started_at) for clock in clocks]
    _end_pauses(clocks, times)
    for clock, at in zip(clocks, times, strict=True):
        clock.state, clock.stopped_at, clock.next_at = Clock.State.VOID, at, None
    save(clocks)
    record(
        *(
            events.ClockVoided(happened_at=now, actor_id=actor_id, **facts_of(clock), reason=reason)
            for clock in clocks
        )
    )


def lock(clocks):
    """Locked always in the order of their ids, so that two transactions wait rather than deadlock."""
    return clocks.select_for_update(of=("self",)).order_by("pk")


def _locked(keys: Iterable[tuple[str, int, str]]):
    """The open clocks of these (kind, id, measure), and perhaps a few more. All three together are the index."""
    kinds, ids, measures = (set(parts) for parts in zip(*keys, strict=True))
    return lock(Clock.objects.open().filter(about_kind__in=kinds, about_id__in=ids, measure__in=measures))


def _end_pauses(clocks: Sequence[Clock], times: Sequence[datetime]) -> None:
    for clock, at in zip(clocks, times, strict=True):
        if clock.state == Clock.State.PAUSED:
            pause = clock.pauses.get(to_at__isnull=True)
            pause.to_at = max(at, pause.from_at)
            pause.save(update_fields=["to_at"])
