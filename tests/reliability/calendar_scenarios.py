"""Calendars and promises made up from a source of chance, put to the package and to the oracle.

The same scenarios serve the script (a seed and 50,000 examples) and Hypothesis (which shrinks).
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from guixin.worktime import (
    NoWorkingTime,
    Shift,
    StillPaused,
    WorkCalendar,
    due_at,
    elapsed,
    opens_next,
    working_out,
)
from tests.reliability import calendar_oracle as oracle

MINUTE = timedelta(minutes=1)

# Where and when clocks do odd things, and the days on which people get dates wrong.
ODD_DAYS = {
    "Asia/Shanghai": [
        *[date(1986, 5, 4), date(1986, 9, 14), date(1987, 4, 12), date(1987, 9, 13), date(1988, 4, 17)],
        *[date(1988, 9, 11), date(1989, 4, 16), date(1990, 9, 16), date(1991, 4, 14), date(1991, 9, 15)],
        *[date(2024, 2, 29), date(2025, 12, 31), date(2026, 2, 14), date(2026, 2, 28), date(2026, 10, 7)],
    ],
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1), date(2024, 2, 29), date(2023, 12, 31)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4), date(2024, 2, 29)],  # by half an hour
    "Pacific/Apia": [date(2011, 12, 30), date(2011, 9, 24), date(2012, 4, 1)],  # the first was skipped
    "America/Havana": [date(2026, 3, 8), date(2026, 11, 1)],  # midnight skipped, midnight twice
    "America/Sao_Paulo": [date(2018, 11, 4), date(2018, 2, 18)],  # midnight skipped, 23:00 twice
    "Antarctica/Troll": [date(2026, 3, 29), date(2026, 10, 25)],  # by two hours
    "Europe/Berlin": [date(2026, 3, 29), date(2026, 10, 25), date(2027, 1, 1)],
    "Asia/Kathmandu": [date(1986, 1, 1), date(2024, 2, 29)],  # +05:30 became +05:45
    "UTC": [date(2024, 2, 29), date(2025, 12, 31), date(2100, 2, 28)],
}
# One from each, plus a second and third go at the zones the product is most likely to meet.
ZONES = [*ODD_DAYS, "Asia/Shanghai", "Asia/Shanghai", "America/New_York"]

NINE_TO_SIX = [(time(9), time(18))]
SPLIT = [(time(9), time(12)), (time(13, 30), time(18))]
NIGHT = [(time(22), time(6))]
WHOLE_DAY = [(time(0), time(0))]
ROUND_THE_CLOCK_IN_SHIFTS = [(time(0), time(8)), (time(8), time(16)), (time(16), time(0))]
NIGHT_AND_OVERLAPPING_DAY = [(time(5), time(14)), (time(13), time(22)), (time(21, 30), time(5, 30))]


@dataclass
class Promise:
    """One question, in minutes since the scenario's first one."""

    start: int
    budget: int
    end: int
    pauses: list[tuple[int, int | None]]


@dataclass
class Scenario:
    zone: ZoneInfo
    weekly: dict
    days: dict
    first: datetime
    count: int
    promises: list[Promise] = field(default_factory=list)

    def at(self, minute, zone=UTC):
        return (self.first + minute * MINUTE).astimezone(zone)


def make_scenario(chance: Random, promises: int, longest: int = 15) -> Scenario:
    name = chance.choice(ZONES)
    odd_day = chance.choice(ODD_DAYS[name])
    length = chance.randint(5, longest)  # days
    # The odd day lies anywhere in the window, the night before it included.
    first = datetime.combine(odd_day, time(), tzinfo=UTC) - timedelta(
        days=chance.randint(1, length - 2), minutes=chance.randint(0, 1439)
    )
    weekly = make_week(chance)
    days = {}
    for _ in range(chance.choice([0, 0, 1, 2, 4])):
        day = odd_day + timedelta(days=chance.randint(-3, 3))
        days[day] = [] if chance.random() < 0.5 else make_day(chance)
    scenario = Scenario(ZoneInfo(name), weekly, days, first, length * 1440)
    for _ in range(promises):
        scenario.promises.append(make_promise(chance, scenario.count))
    return scenario


def make_week(chance):
    usual = make_day(chance)
    kind = chance.randrange(4)
    if kind == 0:
        return dict.fromkeys(range(5), usual)
    if kind == 1:
        return dict.fromkeys(range(7), usual)
    if kind == 2:
        return {weekday: make_day(chance) for weekday in range(7)}
    return {weekday: make_day(chance) for weekday in range(7) if chance.random() < 0.4}


def make_day(chance):
    kind = chance.randrange(10)
    if kind < 6:
        return [
            NINE_TO_SIX,
            SPLIT,
            NIGHT,
            WHOLE_DAY,
            ROUND_THE_CLOCK_IN_SHIFTS,
            NIGHT_AND_OVERLAPPING_DAY,
        ][kind]
    if kind == 6:  # in the hours clocks are changed in
        return [(clock(chance, 0, 240), clock(chance, 0, 240)) for _ in range(chance.randint(1, 2))]
    if kind == 7:  # around midnight
        return [(clock(chance, 1320, 1439), clock(chance, 0, 120))]
    return [(clock(chance, 0, 1439), clock(chance, 0, 1439)) for _ in range(chance.randint(1, 3))]


def clock(chance, earliest, latest):
    minute = chance.randint(earliest, latest)
    if chance.random() < 0.5:
        minute -= minute % 30  # edges that coincide are where mistakes live
    return time(minute // 60, minute % 60)


def make_promise(chance, count):
    start = chance.randint(0, count * 2 // 3)
    budget = chance.choice(
        [0, 1, 15, 60, 120, 480, chance.randint(1, 600), chance.randint(1, 3000), chance.randint(1, 9000)]
    )
    pauses = []
    for _ in range(chance.choice([0, 0, 1, 1, 2, 3, 5])):
        begins = chance.randint(max(0, start - 1440), count - 1)
        # Some are empty or end before they begin: such a row holds no time.
        pauses.append((begins, begins + chance.choice([0, -30, 30, chance.randint(1, 2880)])))
    if chance.random() < 0.1:
        pauses.append((chance.randint(start, count - 1), None))
    chance.shuffle(pauses)
    return Promise(start, budget, min(count, start + chance.randint(-60, 12000)), pauses)


def mismatches(scenario: Scenario) -> list[str]:
    """What the package and the oracle do not agree on, in words one can reproduce from."""
    calendar = WorkCalendar(
        zone=scenario.zone,
        weekly={
            weekday: tuple(Shift(*each) for each in shifts) for weekday, shifts in scenario.weekly.items()
        },
        days={day: tuple(Shift(*each) for each in shifts) for day, shifts in scenario.days.items()},
    )
    worked = oracle.worked_minutes(
        scenario.zone, scenario.weekly, scenario.days, scenario.first, scenario.count
    )
    found = []
    for number, promise in enumerate(scenario.promises):
        expected = _by_the_oracle(scenario, worked, promise)
        # A start is the same instant in whichever zone it is written.
        written_in = [UTC, scenario.zone, ZoneInfo("Asia/Tokyo")][number % 3]
        answered = _by_the_package(scenario, calendar, promise, written_in)
        found += [
            f"{question}: oracle {expected[question]}, package {answered[question]}; {promise} in {scenario}"
            for question in expected
            if not _agree(expected[question], answered[question], scenario.at(scenario.count))
        ]
    return found


def _by_the_oracle(scenario, worked, promise):
    # A pause nobody has ended hides all that comes after it.
    closed = [(begins, scenario.count if ends is None else ends) for begins, ends in promise.pauses]
    counting = oracle.without(worked, closed)
    due = oracle.minute_due(counting, promise.start, promise.budget)
    if due is None and any(ends is None for _, ends in promise.pauses):
        due = "still paused"
    opens = oracle.next_worked(worked, promise.start)
    counted = oracle.minutes_counted(counting, promise.start, promise.end)
    return {
        "due_at": scenario.at(due) if isinstance(due, int) else due,
        "elapsed": counted * MINUTE,
        "working_out": counted * MINUTE,
        "opens_next": None if opens is None else scenario.at(opens),
    }


def _by_the_package(scenario, calendar, promise, zone):
    start, end = scenario.at(promise.start, zone), scenario.at(promise.end, zone)
    pauses = [
        (scenario.at(begins), None if ends is None else scenario.at(ends)) for begins, ends in promise.pauses
    ]
    try:
        due = due_at(start, promise.budget * MINUTE, calendar, pauses)
    except StillPaused:
        due = "still paused"
    except NoWorkingTime:
        due = None
    try:
        opens = opens_next(calendar, start)
    except NoWorkingTime:
        opens = None
    return {
        "due_at": due,
        "elapsed": elapsed(start, end, calendar, pauses),
        "working_out": sum((each.counted for each in working_out(start, end, calendar, pauses)), timedelta()),
        "opens_next": opens,
    }


def _agree(expected, answered, out_of_sight):
    if expected is None:  # the oracle saw nothing in its window, so it must lie beyond
        return answered is None or (isinstance(answered, datetime) and answered >= out_of_sight)
    if isinstance(expected, datetime) and isinstance(answered, datetime):
        return expected == answered.astimezone(UTC)
    return expected == answered
