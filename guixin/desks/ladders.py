"""A promise as it is drawn: the pill, the working-out of its deadline, and its ladder, fired and coming."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import repeat

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guixin.organisation.ladder import Ladder
from guixin.promise.forecast import ComingStep, coming_steps_of
from guixin.promise.keeping import running_all
from guixin.promise.models import Clock, Escalation, Measure, Pause
from guixin.web.deadlines import Pill, pill
from guixin.web.languages import for_reader
from guixin.worktime import working_out, working_out_in_words

MEASURES = dict(Measure.choices)  # get_measure_display hashes every choice again, for every clock of a page


TOLD_SHOWN, LATER_SHOWN = 3, 2


@dataclass(frozen=True)
class Rung:
    """One step of a ladder. `state`: reminded, fired, acted, next or later."""

    state: str
    level: str
    who: str
    at: datetime
    note: str = ""
    passed: bool = False  # told, and a higher one was told since
    again: bool = False  # the top once more


@dataclass(frozen=True)
class ShownClock:
    clock: Clock
    words: str
    pill: Pill
    working: str = ""
    provisional: bool = False
    rungs: list[Rung] = field(default_factory=list)

    @property
    def told(self) -> int:
        """How many levels were told."""
        return sum(rung.state in ("fired", "acted") for rung in self.rungs)

    @property
    def fired(self) -> bool:
        return self.told > 0

    @property
    def strip(self) -> list[Rung]:
        """The ladder in one line: the last levels that were told, who is told next, and two beyond."""
        told = [rung for rung in self.rungs if rung.state in ("fired", "acted")]
        told = [rung for rung in told[:-1] if not rung.again][1 - TOLD_SHOWN :] + told[-1:]
        coming = [rung for rung in self.rungs if rung.state in ("next", "later")]
        return [replace(rung, passed=True) for rung in told[:-1]] + told[-1:] + coming[: 1 + LATER_SHOWN]


def level_words(level: int) -> str:
    """A person stands at each level; level 0 is the reminder to the one who holds the promise."""
    return _("Level %(n)s") % {"n": level} if level else _("Reminder")


def shown_pill(clock: Clock, now: datetime) -> Pill:
    return pill(
        clock.due_at,
        now,
        started_at=clock.started_at,
        stopped_at=clock.stopped_at,
        breached=clock.is_breached,
        paused=clock.state == Clock.State.PAUSED,
        void=clock.state == Clock.State.VOID,
        reason=_("waiting for the customer"),
    )


def shown_clocks(
    clocks: Sequence[Clock],
    escalations: Sequence[Escalation],
    now: datetime,
    *,
    counted: bool = True,
    paused: Sequence[Pause] | None = None,
) -> list[ShownClock]:
    """Every clock with its ladder; a fixed number of queries however many clocks there are.

    counted    with the working-out of its deadline, which costs more than all the rest of it
    paused     the pauses of the clocks, where they have been read already
    """
    ahead = coming_steps_of(clocks, now, paused)
    people = People(now)
    fired: dict[int, list[Escalation]] = {}
    for one in escalations:
        if one.clock_id:
            fired.setdefault(one.clock_id, []).append(one)
    workings = map(_working, clocks, running_all(clocks, paused)) if counted else repeat("", len(clocks))
    return [
        ShownClock(
            clock=clock,
            words=str(MEASURES.get(clock.measure, clock.measure)),
            pill=shown_pill(clock, now),
            working=working,
            provisional=clock.provisional and clock.is_open,
            rungs=_named_once(
                [
                    *(fired_rung(one, people) for one in fired.get(clock.pk, ())),
                    *_coming(ahead[clock.pk], people),
                ]
            ),
        )
        for clock, working in zip(clocks, workings, strict=True)
    ]


def _named_once(rungs: list[Rung]) -> list[Rung]:
    """Whoever stands at the top is told round after round: the same level once more, not a higher one."""
    shown: list[Rung] = []
    top, times = None, 0
    for rung in rungs:
        if top and rung.who and rung.who == top.who and rung.state != "reminded":
            times += 1
            words = _("%(level)s, time %(n)s") % {"level": top.level, "n": times}
            shown.append(replace(rung, level=words, again=True))
        else:
            top, times = (None if rung.state == "reminded" else rung), 1
            shown.append(rung)
    return shown


class People:
    """The names and main positions of people, from the ladder in memory."""

    def __init__(self, now: datetime):
        self._ladder = Ladder.at(now)

    def name(self, person_id: int | None) -> str:
        return self._ladder.names.get(person_id, "") if person_id else ""

    def title(self, person_id: int | None) -> str:
        seats = self._ladder.seats_of(person_id) if person_id else []
        return seats[0].title if seats else ""


def fired_rung(one: Escalation, people: People) -> Rung:
    who = " ".join(filter(None, [people.title(one.to_person_id), people.name(one.to_person_id)]))
    notes = [_skipped(people.name(each["person_id"])) for each in one.skipped]
    if one.acted_at and one.act_note:
        notes.append(one.act_note)
    state = "acted" if one.acted_at else "fired" if one.level else "reminded"
    return Rung(state, level_words(one.level + one.round), who, one.happened_at, " ".join(notes))


def _coming(steps: Iterable[ComingStep], people: People) -> list[Rung]:
    rungs: list[Rung] = []
    for step in steps:
        title = step.authority.position_title if step.authority else ""
        who = " ".join(filter(None, [title, people.name(step.person_id)]))
        passed = step.authority.skipped if step.authority else ()
        notes = [_skipped(people.name(one.person_id)) for one in passed]
        rungs.append(
            Rung("later" if rungs else "next", level_words(step.rung), who, step.at, " ".join(notes))
        )
    return rungs


def _skipped(name: str) -> str:
    return _("(%(name)s is away)") % {"name": name}


def _working(clock: Clock, run) -> str:
    """Which stretches of which days were counted, so that anybody can check it with a calendar in hand."""
    if clock.due_at is None:
        return ""
    counted = working_out(clock.started_at, clock.due_at, run.calendar, run.pauses)
    language = get_language() or "zh-hans"
    return for_reader(working_out_in_words(counted, language), language)
