"""When a clock's next step falls due: one function over the facts, for warning, breach and every level.

Level 0 is the warning, 1 the breach, 2 and above follow after the ladder's delays; at the last level the
rounds repeat, each told one authority higher until the top has it. Nothing here touches the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from guixin.worktime import WorkCalendar, due_at

Span = tuple[datetime, datetime | None]


@dataclass(frozen=True)
class Terms:
    """The part of a standard's version that runs a clock."""

    warn_percent: int | None
    ladder_minutes: tuple[int, ...]
    repeat_minutes: int | None


@dataclass(slots=True)
class Running:
    """The facts of a running clock, and the step it has come to."""

    started_at: datetime
    budget: timedelta
    calendar: WorkCalendar
    terms: Terms
    pauses: Sequence[Span] = ()
    not_before: datetime | None = None
    breached_at: datetime | None = None
    rested: timedelta = timedelta()  # how long authorities who acted asked the ladder to wait
    next_level: int = 0
    next_round: int = 0

    def promised_at(self) -> datetime:
        """The deadline. A breach is never unmade: from then on it stays where it was."""
        if self.breached_at:
            return self.breached_at
        due = due_at(self.started_at, self.budget, self.calendar, self.pauses)
        return max(due, self.not_before) if self.not_before else due

    def next_at(self, due: datetime) -> datetime | None:
        """When the step (next_level, next_round) falls due; None when the ladder has no more."""
        level, terms = self.next_level, self.terms
        if level == 0:
            if terms.warn_percent is None:
                self.next_level = 1
                return due
            share = self.budget * terms.warn_percent / 100
            warning = due_at(self.started_at, share, self.calendar, self.pauses)
            return min(warning, due)
        delay = terms.ladder_minutes[level - 2] if level > 1 else 0
        if self.next_round:
            if not terms.repeat_minutes:
                return None
            delay += terms.repeat_minutes * self.next_round
        if not delay:
            return due
        return due_at(due, timedelta(minutes=delay), self.calendar, self.pauses) + self.rested

    def advance(self) -> None:
        """Go to the step after this one: up the levels, then round after round at the last."""
        if self.next_level <= len(self.terms.ladder_minutes):
            self.next_level, self.next_round = self.next_level + 1, 0
        else:
            self.next_round += 1

    def steps_until(self, until: datetime, *, inclusive: bool) -> list[tuple[int, int, datetime]]:
        """Take every step due before `until`, oldest first, and stand at the one after.

        Returns (level, round, due) for each step taken. `inclusive` also takes a step due exactly then: the
        worker does; stopping a clock at the very instant of its deadline still keeps it.
        """
        taken = []
        due = self.promised_at()
        while at := self.next_at(due):
            if at > until or (at == until and not inclusive):
                break
            if self.next_level == 1 and not self.next_round:
                self.breached_at = due
            taken.append((self.next_level, self.next_round, at))
            self.advance()
        return taken
