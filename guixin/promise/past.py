"""Promises of the past: judged by their own times when they are taken in. No step is taken, nobody is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from guixin.ledger.bulk import insert_rows
from guixin.promise.keeping import CLOCK_COLUMNS
from guixin.promise.models import Clock, StandardVersion
from guixin.promise.steps import Running
from guixin.promise.terms import all_calendars, all_versions
from guixin.worktime import WorkCalendar, due_at, elapsed, is_provisional

_NEVER = timedelta()


@dataclass(frozen=True, slots=True)
class PastPromise:
    """A promise made elsewhere, with the deadline it had; `stopped_at` is when it was fulfilled, if it was."""

    about: tuple[str, int]
    case_id: int
    measure: str
    department_id: int
    holder_id: int | None
    started_at: datetime
    until: datetime
    calendar_id: int
    stopped_at: datetime | None = None


def judge(promises: Sequence[PastPromise], version: StandardVersion, now: datetime) -> None:
    """Write their clocks: kept, broken or still open. One that is broken and open does not climb years later.

    Plain rows, not Clocks: an import makes a million of them, and an object costs more than its insert.
    """
    calendars, terms = all_calendars(), all_versions().terms[version.pk]
    rows = []
    for promise in promises:
        calendar, begun, due = calendars[promise.calendar_id], promise.started_at, promise.until
        budget, not_before = _promised(begun, due, calendar)
        state, breached_at, stopped_at = _verdict(promise, now)
        next_level, next_at = 2, None
        if stopped_at is None and breached_at is None:
            run = Running(begun, budget, calendar, terms, not_before=not_before)
            next_at = run.next_at(due)
            next_level = run.next_level
        rows.append(
            (*promise.about, promise.case_id, promise.measure, 1, version.pk, promise.calendar_id,
             promise.department_id, promise.holder_id, begun, budget, not_before, False, _NEVER, state, breached_at,
             stopped_at, due, is_provisional(calendar, due), next_level, 0, next_at)
        )  # fmt: skip
    insert_rows("promise_clock", CLOCK_COLUMNS, rows)


def _promised(begun: datetime, due: datetime, calendar: WorkCalendar) -> tuple[timedelta, datetime | None]:
    """The budget that ends at this deadline, and the deadline itself where no budget does (outside working time)."""
    if calendar.always:
        return due - begun, None
    budget = elapsed(begun, due, calendar)
    return budget, None if due_at(begun, budget, calendar) == due else due


def _verdict(promise: PastPromise, now: datetime) -> tuple[str, datetime | None, datetime | None]:
    """State, broken at, stopped at, from the times the source gives."""
    if promise.stopped_at is None:
        return Clock.State.RUNNING, promise.until if promise.until <= now else None, None
    stopped_at = max(promise.stopped_at, promise.started_at)
    if promise.stopped_at <= promise.until:
        return Clock.State.MET, None, stopped_at
    return Clock.State.MISSED, promise.until, stopped_at
