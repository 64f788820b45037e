"""More than the weekday and chance explain is an alarm; a weekly rhythm, a batch and a young firm are none."""

from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from guixin.channels.models import Notice
from guixin.ledger.models import Entry
from guixin.serve import surges
from guixin.serve.models import Case, Closing, DayCount, Surge
from guixin.serve.surging import EVERYTHING, Baseline, Count, Report, Tallies, apart
from guixin.serve.tests import make

ZONE = ZoneInfo("Asia/Shanghai")
SUNDAY = date(2026, 8, 30)
SINCE = SUNDAY - timedelta(days=80)
COLOUR, POWER = ("category", "quality/colour"), ("category", "power")
WEEK = [30, 28, 29, 27, 26, 6, 4]  # Monday to Sunday


def rhythm(week: list[int], seed: int = 1) -> dict[date, int]:
    """Eighty days of a weekly rhythm with chance in it."""
    draw = Random(seed)
    days = [SINCE + timedelta(days=n) for n in range(80)]
    return {day: sum(draw.random() < week[day.weekday()] / 200 for _ in range(200)) for day in days}


def past(**more: dict[date, int]) -> dict:
    return {EVERYTHING: rhythm(WEEK)} | {("category", name): days for name, days in more.items()}


def on(day: date, today: dict, before: dict | None = None, since: date = SINCE) -> list:
    """As many quarters of an hour as minutes: nobody typed in a list."""
    seen = {cell: {day: Count(n, n) for day, n in days.items()} for cell, days in (before or past()).items()}
    counts = {cell: n if isinstance(n, Count) else Count(n, n) for cell, n in today.items()}
    return Baseline(day, seen, since).surges(counts)


class TestASurge:
    def test_is_a_storm_on_a_sunday_that_would_be_little_on_a_monday(self):
        monday = SUNDAY - timedelta(days=6)

        (found,) = on(SUNDAY, {EVERYTHING: 22})

        assert found.observed == 22
        assert 2 < found.usual.expected < 9
        assert on(monday, {EVERYTHING: 22}) == []

    def test_is_no_monday_after_a_quiet_sunday(self):
        judged = [SUNDAY - timedelta(days=n) for n in range(12)]

        days = {day: WEEK[day.weekday()] + 6 for day in judged}

        assert [on(day, {EVERYTHING: number}) for day, number in days.items()] == [[]] * 12

    def test_is_found_among_many_kinds_that_behave(self):
        others = {f"k{n}": rhythm([2] * 7, seed=n) for n in range(60)}
        before = past(power=rhythm([1] * 7, seed=99), **others)
        today = {("category", name): days[SUNDAY - timedelta(days=1)] for name, days in others.items()}

        found = on(SUNDAY, today | {POWER: 14, EVERYTHING: 8}, before)

        assert [each.cell for each in found] == [POWER]

    def test_is_seldom_chance(self):
        alarms = 0
        for seed in range(200):
            before = {EVERYTHING: rhythm(WEEK, seed=seed)}
            alarms += len(on(SUNDAY - timedelta(days=1), {EVERYTHING: rhythm(WEEK, seed=seed + 1000)[SUNDAY - timedelta(days=1)]}, before))  # fmt: skip

        assert alarms == 0

    def test_needs_more_where_days_vary_more_than_chance(self):
        calm = {EVERYTHING: {SINCE + timedelta(days=n): 20 for n in range(80)}}
        wild = {EVERYTHING: {SINCE + timedelta(days=n): 8 if n % 2 else 32 for n in range(80)}}

        assert on(SUNDAY, {EVERYTHING: 40}, calm)
        assert not on(SUNDAY, {EVERYTHING: 40}, wild)

    def test_is_not_told_by_a_firm_of_five_weeks_less_a_day(self):
        assert on(SUNDAY, {EVERYTHING: 500}, since=SUNDAY - timedelta(days=34)) == []
        assert on(SUNDAY, {EVERYTHING: 500}, since=SUNDAY - timedelta(days=35)) != []

    def test_does_not_become_usual_by_growing_for_a_week(self):
        before = past()
        for n in range(1, 7):
            before[EVERYTHING][SUNDAY - timedelta(days=n)] = 60

        assert on(SUNDAY, {EVERYTHING: 60}, before)[0].usual.expected < 9

    def test_says_from_how_many_on_it_is_one(self):
        (found,) = on(SUNDAY, {EVERYTHING: 40})

        assert on(SUNDAY, {EVERYTHING: found.limit}) != []
        assert on(SUNDAY, {EVERYTHING: found.limit - 1}) == []


def report(key: int, minute: int, hand: str = "phone:1", *cells) -> Report:
    at = datetime(2026, 8, 30, 9, tzinfo=ZONE) + timedelta(minutes=minute, seconds=key % 60)
    return Report(key, at, hand, (EVERYTHING, *cells))


class TestABatch:
    def test_of_one_hand_counts_once_a_quarter_of_an_hour(self):
        listed = [report(key, key) for key in range(40)]
        others = [report(100, 0, "phone:2"), report(101, 0, "phone:3")]

        tally = Tallies([*listed, *others]).cells[EVERYTHING]

        assert (len(tally.keys), *tally.count) == (42, 5, 42)

    def test_is_no_surge_where_as_many_callers_are(self):
        listed = Tallies(report(key, key) for key in range(40))
        callers = Tallies(report(key, key, f"phone:{key}") for key in range(40))

        assert on(SUNDAY, listed.counts()) == []
        assert on(SUNDAY, callers.counts()) != []

    def test_matters_no_more_where_hundreds_come_every_day(self):
        """Every quarter of an hour is full: only the minutes still tell a storm."""
        busy = {EVERYTHING: {SINCE + timedelta(days=n): 300 for n in range(80)}}

        (found,) = on(SUNDAY, {EVERYTHING: Count(96, 600)}, busy)

        assert (found.observed, found.usual.by_minute) == (600, True)


class TestSurgesOfTheSameCases:
    def test_are_one_alarm_of_the_most_concentrated_cell(self):
        found = on(
            SUNDAY,
            {EVERYTHING: 40, POWER: 36, COLOUR: 9},
            past(power=rhythm([1] * 7), **{"quality/colour": {}}),
        )
        keys = {EVERYTHING: range(40), POWER: range(36), COLOUR: range(100, 109)}

        told = [each.cell for each in apart(found, keys.__getitem__)]

        assert set(told) == {POWER, COLOUR}
        assert EVERYTHING in [each.cell for each in found]

    def test_stay_where_they_were_told_before(self):
        found = on(SUNDAY, {EVERYTHING: 40})

        assert apart(found, lambda cell: range(40), known=[EVERYTHING], told=range(40)) == found
        assert apart(found, lambda cell: range(40), told=range(40)) == []


@pytest.mark.django_db
class TestTheWorker:
    NOW = datetime(2026, 8, 30, 15, tzinfo=ZONE)

    @pytest.fixture(autouse=True)
    def _firm(self):
        make.rules(), make.terms(), make.standards()
        self.pattern = make.case(now=datetime(2026, 6, 11, 9, tzinfo=ZONE), category="quality/colour")
        days = [date(2026, 6, 11) + timedelta(days=n) for n in range(1, 80)]
        self.cases([datetime(day.year, day.month, day.day, 9, tzinfo=ZONE) for day in days])

    def cases(self, times: list[datetime]) -> list[Case]:
        made = []
        for n, at in enumerate(times):
            copy = Case.objects.get(pk=self.pattern.pk)
            copy.pk, copy.number, copy.opened_at = None, f"2026-{Case.objects.count() + n:09}", at
            made.append(copy)
        return Case.objects.bulk_create(made)

    def storm(self, number: int = 12) -> list[Case]:
        return self.cases([self.NOW - timedelta(minutes=20 * n) for n in range(1, number + 1)])

    def test_raises_it_the_same_day_with_its_cases_and_tells_who_answers(self):
        cases = self.storm()

        raised = surges.look(self.NOW)

        (surge,) = Surge.objects.all()
        assert raised == 1
        assert set(surge.cases) == {case.pk for case in cases}
        assert (surge.day, surge.observed) == (self.NOW.date(), 12)
        assert surge.limit <= 12
        assert surge.expected < 3
        assert Entry.objects.filter(kind="serve.surge_raised").count() == 1
        assert set(
            Notice.objects.filter(kind="serve.surge_raised").values_list("person_id", flat=True)
        ) == set(surge.told)
        assert surge.told

    def test_raises_a_cause_on_the_day_it_is_found_out(self):
        """Cases that came in over weeks, closed one after another with the same cause."""
        old = self.cases([self.NOW - timedelta(days=2 * n + 1) for n in range(10)])
        days = [self.NOW - timedelta(days=n) for n in range(8, 70)]
        before = self.cases(days)
        Closing.objects.bulk_create(
            Closing(case=case, generation=1, at=at, cause="batch", by=make.wang())
            for case, at in zip(before, days, strict=True)
        )
        surges.look(self.NOW)
        assert not Surge.objects.filter(dimension="cause").exists()
        Closing.objects.bulk_create(
            Closing(
                case=case,
                generation=1,
                at=self.NOW - timedelta(minutes=20 * n),
                cause="batch",
                by=make.wang(),
            )
            for n, case in enumerate(old, start=1)
        )

        surges.look(self.NOW)

        surge = Surge.objects.get(dimension="cause")
        assert (surge.value, surge.observed, set(surge.cases)) == ("batch", 10, {case.pk for case in old})
        assert DayCount.objects.get(dimension="classified", day=self.NOW.date()).cases == 10

    def test_raises_it_once_however_often_it_looks(self):
        self.storm()
        surges.look(self.NOW)
        later = self.cases([self.NOW + timedelta(minutes=5)])

        assert surges.look(self.NOW + timedelta(minutes=10)) == 0

        surge = Surge.objects.get()
        assert later[0].pk in surge.cases
        assert surge.observed == 13

    def test_raises_nothing_over_a_batch(self):
        self.cases([self.NOW - timedelta(minutes=n) for n in range(30, 70)])

        assert surges.look(self.NOW) == 0
        assert DayCount.objects.get(day=self.NOW.date(), dimension="all").quarters <= 4

    def test_counts_a_day_again_when_somebody_takes_in_what_came_then(self):
        surges.look(self.NOW)
        self.cases([datetime(2026, 8, 3, 11, tzinfo=ZONE)])

        surges.look(self.NOW)

        assert DayCount.objects.get(day=date(2026, 8, 3), dimension="all").cases == 2

    def test_lets_an_acknowledged_one_rest_until_a_day_is_much_worse(self):
        self.storm()
        surges.look(self.NOW)
        surge = Surge.objects.get()
        surges.acknowledge(surge, "已停发该批", by=make.he(), now=self.NOW)
        tomorrow = self.NOW + timedelta(days=1)
        self.cases([tomorrow - timedelta(minutes=20 * n) for n in range(1, 13)])

        assert surges.look(tomorrow) == 0
        self.cases([tomorrow - timedelta(hours=5, minutes=20 * n) for n in range(1, 13)])
        assert surges.look(tomorrow) == 1

    def test_wants_words_and_takes_them_once(self):
        self.storm()
        surges.look(self.NOW)
        surge = Surge.objects.get()

        with pytest.raises(surges.CannotAcknowledge, match="what was done"):
            surges.acknowledge(surge, " ", by=make.he(), now=self.NOW)
        surges.acknowledge(surge, "已停发该批", by=make.he(), now=self.NOW)
        with pytest.raises(surges.CannotAcknowledge, match="already"):
            surges.acknowledge(surge, "又一次", by=make.sun(), now=self.NOW)

        entry = Entry.objects.get(kind="serve.surge_acknowledged")
        assert "done" not in entry.facts
