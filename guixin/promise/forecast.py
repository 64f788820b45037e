"""Who will be told next, and when: the rest of the ladder, before it is climbed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guixin.organisation.ladder import Authority, Ladder
from guixin.promise.escalating import authority
from guixin.promise.keeping import running_all
from guixin.promise.models import Clock, Pause

SHOWN_AT_MOST = 8  # a ladder that repeats at the top has no end


@dataclass(frozen=True)
class ComingStep:
    """One rung that has not been reached: level 0 is the reminder, 1 the breach, 2 and above follow.

    `person_id` is who would be told if it happened today; the ladder is asked again when it does.
    """

    level: int
    round: int
    at: datetime
    person_id: int | None
    authority: Authority | None  # none for the reminder, which goes to the holder

    @property
    def rung(self) -> int:
        return self.level + self.round


def coming_steps(clock: Clock, now: datetime) -> list[ComingStep]:
    """The steps this clock still has ahead, soonest first, up to the first one that reaches the top.

    Empty while the clock stands still or after it stopped. A step whose time has come but which no worker has
    taken yet is still listed.
    """
    return coming_steps_of([clock], now)[clock.pk]


def coming_steps_of(
    clocks: Sequence[Clock], now: datetime, paused: Sequence[Pause] | None = None
) -> dict[int, list[ComingStep]]:
    """`coming_steps` for all clocks of a page at once, by clock id; `paused` as in `running_all`."""
    ahead: dict[int, list[ComingStep]] = {clock.pk: [] for clock in clocks}
    running = [clock for clock in clocks if clock.state == Clock.State.RUNNING]
    if not running:
        return ahead
    ladder = Ladder.at(now)
    for clock, run in zip(running, running_all(running, paused), strict=True):
        due = run.promised_at()
        while len(ahead[clock.pk]) < SHOWN_AT_MOST and (at := run.next_at(due)):
            level, round_ = run.next_level, run.next_round
            told = authority(ladder, clock, level + round_, now) if level else None
            person_id = told.person_id if told else clock.holder_id
            ahead[clock.pk].append(ComingStep(level, round_, at, person_id, told))
            if level and told and told.is_top:
                break
            run.advance()
    return ahead
