"""Past promises run again under other terms: when each would have fallen due, and how far its ladder would have climbed.

Facts in, course out, by the same `steps` as running clocks; no database, no clock on the wall. What people did about a
promise (they stopped it, paused it, granted more time) is taken as it was: whether they would have done otherwise under
other terms, nobody knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from guixin.promise.models import StandardVersion
from guixin.promise.steps import Running, Span, Terms
from guixin.worktime import WorkCalendar

ROUNDS = 50  # a ladder that repeats at the top has no end; more often than this is said to nobody


@dataclass(frozen=True, slots=True)
class Course:
    """What became of a promise. `level` 0 was kept, 1 broken, 2 and above climbed; `again` times the top was told
    once more."""

    due_at: datetime
    reminded: bool
    level: int
    again: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened, whatever had been promised. `until` is when it was fulfilled; now, while it is not."""

    started_at: datetime
    until: datetime
    pauses: Sequence[Span] = ()  # while we waited for the customer; ended ones
    extended_until: datetime | None = None  # by a granted extension, which would be granted again


def terms_of(version: StandardVersion) -> Terms:
    """Of a version that may not be saved."""
    return Terms(version.warn_percent, tuple(version.ladder_minutes), version.repeat_minutes)


def would_be(facts: Facts, version: StandardVersion, terms: Terms, calendar: WorkCalendar) -> Course:
    """The course under these terms, counted from the same beginning in `calendar`."""
    pauses = facts.pauses if version.pauses_for_customer else ()
    run = Running(facts.started_at, version.budget, calendar, terms, pauses, not_before=facts.extended_until)
    return _course(run, facts.until)


def was(
    facts: Facts, budget: timedelta, terms: Terms, calendar: WorkCalendar, due_at: datetime | None
) -> Course:
    """The course under the terms it was given; the deadline it had is not worked out again."""
    run = Running(facts.started_at, budget, calendar, terms, facts.pauses, breached_at=due_at)
    return _course(run, facts.until)


def _course(run: Running, until: datetime) -> Course:
    """Stopping at the very instant of a step comes before it, as for a running clock."""
    due = run.promised_at()
    reminded, level, again = False, 0, 0
    while again < ROUNDS and (at := run.next_at(due)) and at < until:
        reminded = reminded or run.next_level == 0
        level = max(level, run.next_level)
        again += run.next_round > 0
        run.advance()
    return Course(due, reminded, level, again)
