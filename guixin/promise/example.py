"""What terms would mean for a promise given now: its reminder, its deadline and the levels after it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from guixin.organisation.working_hours import calendar_numbered, calendar_of
from guixin.promise.models import StandardVersion
from guixin.promise.steps import Running, Terms
from guixin.worktime import NoWorkingTime, TooFarAway


@dataclass(frozen=True)
class Example:
    """`steps`: (level, when); level 0 is the reminder, 1 the deadline missed, 2 and above follow."""

    due_at: datetime
    steps: list[tuple[int, datetime]]


def example(version: StandardVersion, department_id: int | None, now: datetime) -> Example | None:
    """None where the calendar never opens. `version` may be unsaved: what a form says so far."""
    calendar = calendar_numbered(version.calendar_id) if version.calendar_id else calendar_of(department_id)
    run = Running(
        started_at=now,
        budget=timedelta(minutes=version.budget_minutes),
        calendar=calendar,
        terms=Terms(version.warn_percent, tuple(version.ladder_minutes), None),
    )
    try:
        due = run.promised_at()
        steps = []
        while at := run.next_at(due):
            steps.append((run.next_level, at))
            run.advance()
            if run.next_round:
                break
    except (NoWorkingTime, TooFarAway):
        return None
    return Example(due, steps)
