"""A calendar is edited: every open deadline is worked out anew, nothing fires twice, nothing is unmade."""

from datetime import date

import pytest

from guixin.ledger.models import Entry
from guixin.organisation.models import CalendarShift, HolidayDay, HolidayYear
from guixin.organisation.tests import make as firm
from guixin.promise.keeping import fire_due
from guixin.promise.models import Clock
from guixin.promise.moving import recompute
from guixin.promise.tests import make
from guixin.promise.tests.make import NOON, at

pytestmark = pytest.mark.django_db


def office_clock(minutes=480, started_at=NOON, **terms):
    return make.clock(make.version(minutes, calendar="office", **terms), started_at=started_at)


def holiday(day, works=False):
    HolidayDay.objects.create(year=HolidayYear.objects.get(year=2026), on=date(2026, 3, day), works=works)


class TestAHolidayThatIsAdded:
    def test_makes_the_deadline_later_and_keeps_the_old_one_with_the_reason(self):
        clock = office_clock()
        assert clock.due_at == at("12:00", day=5)
        holiday(5)

        assert recompute([clock], "Thursday is a holiday", at("13:30")) == 1

        clock.refresh_from_db()
        assert clock.due_at == at("12:00", day=6)
        moved = Entry.objects.get(kind="promise.clock_moved")
        assert moved.facts["reason"] == "Thursday is a holiday"
        assert moved.facts["old_due_at"].startswith("2026-03-05T")
        assert moved.facts["new_due_at"].startswith("2026-03-06T")

    def test_gives_no_second_reminder(self):
        clock = office_clock()
        fire_due(at("10:30", day=5))
        holiday(5)
        recompute([clock], "holiday", at("10:31", day=5))

        fire_due(at("11:59", day=6))

        assert [step[0] for step in make.told(clock)] == [0]
        assert fire_due(at("12:00", day=6)) == 1

    def test_does_not_unmake_a_breach(self):
        clock = office_clock()
        fire_due(at("12:00", day=5))
        holiday(5)
        recompute([clock], "holiday", at("13:00", day=5))

        clock.refresh_from_db()
        assert clock.breached_at == clock.due_at == at("12:00", day=5)
        assert fire_due(at("09:59", day=6)) == 0
        assert (
            fire_due(at("10:00", day=6)) == 1
        )  # level 2 follows after an hour of work, and Thursday has none

    def test_does_not_hide_a_breach_no_worker_had_seen(self):
        clock = office_clock()
        holiday(5)

        recompute([clock], "holiday", at("12:30", day=5))

        clock.refresh_from_db()
        assert clock.breached_at == at("12:00", day=5)
        assert [step[:3] for step in make.told(clock)] == [(0, 0, "05 10:24"), (1, 0, "05 12:00")]


class TestAMakeUpDayThatIsAdded:
    def test_makes_the_deadline_earlier(self):
        clock = office_clock(started_at=at("15:00", day=6))
        assert clock.due_at == at("15:00", day=9)
        holiday(7, works=True)
        recompute([clock], "Saturday is worked", at("16:00", day=6))
        clock.refresh_from_db()
        assert clock.due_at == at("15:00", day=7)

    def test_lets_a_deadline_that_would_lie_in_the_past_fall_due_now(self):
        clock = office_clock(started_at=at("15:00", day=6))
        holiday(7, works=True)

        recompute([clock], "Saturday was worked", at("18:00", day=7))

        clock.refresh_from_db()
        assert (clock.due_at, clock.breached_at) == (at("18:00", day=7), None)
        assert make.keep(clock, at("18:00", day=7)).breached_at is None

    def test_and_taken_back_restores_the_deadline(self):
        clock = office_clock(started_at=at("15:00", day=6))
        holiday(7, works=True)
        recompute([clock], "worked", at("16:00", day=6))
        HolidayDay.objects.filter(on=date(2026, 3, 7)).delete()
        recompute([clock], "not worked after all", at("17:00", day=6))
        clock.refresh_from_db()
        assert clock.due_at == at("15:00", day=9)


class TestRecomputing:
    def test_twice_moves_nothing_the_second_time(self):
        clock = office_clock()
        holiday(5)
        recompute([clock], "holiday", at("13:30"))
        assert recompute([clock], "holiday", at("13:31")) == 0

    def test_leaves_what_has_ended(self):
        clock = make.keep(office_clock(), at("14:00"))
        holiday(5)
        assert recompute([clock], "holiday", at("15:00")) == 0
        clock.refresh_from_db()
        assert clock.due_at == at("12:00", day=5)

    def test_marks_what_lies_beyond_the_published_years(self):
        clock = make.clock(
            make.version(60 * 24 * 365, calendar="office"), started_at=at("12:00", day=1, month=12)
        )
        assert clock.provisional

    def test_takes_the_mark_away_when_the_year_is_published(self):
        holidays = HolidayYear.objects.filter(year=2026)
        firm.firm()
        holidays.update(published=False)
        clock = office_clock()
        assert clock.provisional
        holidays.update(published=True)
        recompute([clock], "2026 was published", at("13:00"))
        clock.refresh_from_db()
        assert not clock.provisional


class TestACalendarWithoutWorkingTime:
    def stuck(self):
        clock, sound = office_clock(), make.clock()
        CalendarShift.objects.all().delete()
        return clock, sound

    def test_pushes_its_clocks_back_with_the_reason_while_others_go_on(self):
        clock, sound = self.stuck()

        fire_due(at("14:00", day=5))

        clock.refresh_from_db()
        assert clock.next_at == at("14:05", day=5)
        entry = Entry.objects.get(kind="promise.clock_stuck")
        assert (entry.about_id, "working time" in entry.facts["reason"]) == (clock.about_id, True)
        assert make.told(sound)[1][:3] == (1, 0, "04 20:00")

    def test_loses_no_step_once_it_is_put_right(self):
        clock, _sound = self.stuck()
        shifts = [(9, 12), (13, 18)]
        fire_due(at("14:00", day=5))
        CalendarShift.objects.bulk_create(
            CalendarShift(calendar=firm.calendar("office"), weekday=day, opens=f"{a}:00", closes=f"{b}:00")
            for day in range(5)
            for a, b in shifts
        )

        fire_due(at("14:05", day=5))

        assert [step[:3] for step in make.told(clock)] == [
            (0, 0, "05 10:24"), (1, 0, "05 12:00"), (2, 0, "05 14:00"),
        ]  # fmt: skip

    def test_does_not_keep_anybody_from_fulfilling_the_promise(self):
        clock, _sound = self.stuck()
        clock = make.keep(clock, at("10:00", day=5))
        assert clock.state == Clock.State.MET
