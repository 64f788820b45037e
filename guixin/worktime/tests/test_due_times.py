import doctest
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from guixin.worktime import ALWAYS, NINE_TO_SIX, NoWorkingTime, Shift, TooFarAway, counting, due_at, elapsed
from guixin.worktime.tests.make import (
    DAY_SHIFT,
    HOUR,
    MINUTE,
    NEW_YORK,
    NIGHT_SHIFT,
    SHANGHAI,
    WHOLE_DAY,
    make_calendar,
    new_york,
    shanghai,
    utc,
)


class TestADueTime:
    def test_is_what_the_docstring_says(self):
        known = {name: globals()[name] for name in ("datetime", "timedelta", "ZoneInfo", "NINE_TO_SIX")}

        result = doctest.testmod(counting, extraglobs=known)

        assert result.attempted >= 2
        assert result.failed == 0

    def test_goes_over_the_weekend(self):
        assert due_at(shanghai(2026, 3, 6, 17), 2 * HOUR, make_calendar()) == shanghai(2026, 3, 9, 10)

    def test_waits_for_the_opening_when_begun_outside_hours(self):
        assert due_at(shanghai(2026, 3, 8, 3), HOUR, make_calendar()) == shanghai(2026, 3, 9, 10)

    def test_is_closing_time_when_the_budget_is_used_up_then(self):
        assert due_at(shanghai(2026, 3, 6, 17), HOUR, make_calendar()) == shanghai(2026, 3, 6, 18)

    def test_begins_the_next_morning_when_begun_at_closing_time(self):
        assert due_at(shanghai(2026, 3, 5, 18), HOUR, make_calendar()) == shanghai(2026, 3, 6, 10)

    def test_is_exact_to_the_microsecond(self):
        almost_closing = shanghai(2026, 3, 6, 17, 59, 59, 999_999)

        due = due_at(almost_closing, timedelta(microseconds=2), make_calendar())

        assert due == shanghai(2026, 3, 9, 9, 0, 0, 1)

    def test_is_told_in_the_calendars_zone_whatever_zone_the_start_is_in(self):
        due = due_at(utc(2026, 3, 6, 9), 2 * HOUR, make_calendar())

        assert due.isoformat() == "2026-03-09T10:00:00+08:00"
        assert due.tzinfo is SHANGHAI

    def test_goes_from_one_year_to_the_next_and_the_one_after(self):
        eight_hours = make_calendar(Shift(time(9), time(17)))

        assert due_at(shanghai(2025, 12, 31, 16), 2 * HOUR, eight_hours) == shanghai(2026, 1, 1, 10)
        # 2026 and 2027 have 261 weekdays each, 2028 begins on a Saturday.
        assert due_at(shanghai(2026, 1, 1, 9), 522 * 8 * HOUR, eight_hours) == shanghai(2027, 12, 31, 17)
        assert due_at(shanghai(2026, 1, 1, 9), 522 * 8 * HOUR + HOUR, eight_hours) == shanghai(2028, 1, 3, 10)

    def test_knows_the_leap_day(self):
        assert due_at(shanghai(2024, 2, 28, 17), 11 * HOUR, make_calendar()) == shanghai(2024, 3, 1, 10)

    def test_of_a_budget_of_nothing_is_the_start_even_when_shut(self):
        sunday = shanghai(2026, 3, 8, 12)

        assert due_at(sunday, timedelta(0), make_calendar()) == sunday

    def test_round_the_clock_is_an_addition(self):
        assert due_at(shanghai(2026, 3, 6, 17), 48 * HOUR, ALWAYS) == shanghai(2026, 3, 8, 17)

    @pytest.mark.parametrize("calendar", [ALWAYS, NINE_TO_SIX])
    def test_is_refused_for_a_naive_start(self, calendar):
        with pytest.raises(ValueError, match="no time zone"):
            due_at(datetime(2026, 3, 6, 17), HOUR, calendar)  # noqa: DTZ001

    def test_is_refused_for_a_negative_budget(self):
        with pytest.raises(ValueError, match="shorter than nothing"):
            due_at(shanghai(2026, 3, 6, 17), -HOUR, make_calendar())


class TestShifts:
    def test_may_be_several_a_day(self):
        split = make_calendar(Shift(time(9), time(12)), Shift(time(13, 30), time(18)))

        assert due_at(shanghai(2026, 3, 6, 11), 2 * HOUR, split) == shanghai(2026, 3, 6, 14, 30)

    def test_may_go_over_midnight_and_belong_to_the_day_they_began(self):
        nights = make_calendar(NIGHT_SHIFT)

        # The night of Friday ends on Saturday morning; the next begins on Monday evening.
        assert due_at(shanghai(2026, 3, 7, 5), 2 * HOUR, nights) == shanghai(2026, 3, 9, 23)

    def test_are_counted_once_where_they_overlap(self):
        handing_over = make_calendar(Shift(time(22), time(7)), Shift(time(6), time(14)))

        assert due_at(shanghai(2026, 3, 10, 5), 3 * HOUR, handing_over) == shanghai(2026, 3, 10, 8)

    def test_from_midnight_to_midnight_are_the_whole_day(self):
        mondays = make_calendar(WHOLE_DAY, weekdays=[0])

        assert due_at(shanghai(2026, 3, 8, 12), 25 * HOUR, mondays) == shanghai(2026, 3, 16, 1)

    def test_of_the_last_night_of_a_year_reach_into_the_next(self):
        nights = make_calendar(NIGHT_SHIFT, weekdays=range(7))

        assert due_at(shanghai(2026, 1, 1, 1), HOUR, nights) == shanghai(2026, 1, 1, 2)

    def test_yield_to_holidays_and_make_up_days(self):
        friday_off_saturday_on = make_calendar(
            days={date(2026, 3, 6): (), date(2026, 3, 7): (Shift(time(9), time(12)),)}
        )

        assert due_at(shanghai(2026, 3, 5, 17), 5 * HOUR, friday_off_saturday_on) == shanghai(2026, 3, 9, 10)


class TestAClockChange:
    def test_in_spring_gives_no_hour(self):
        round_the_clock = make_calendar(WHOLE_DAY, weekdays=range(7), zone=NEW_YORK)

        due = due_at(new_york(2026, 3, 7, 12), 24 * HOUR, round_the_clock)

        assert due.isoformat() == "2026-03-08T13:00:00-04:00"

    def test_in_autumn_takes_no_hour(self):
        due = due_at(new_york(2026, 10, 31, 12), 24 * HOUR, make_calendar(zone=NEW_YORK, always=True))

        assert due.isoformat() == "2026-11-01T11:00:00-05:00"

    def test_moves_an_opening_it_skips_to_the_first_instant_there_is(self):
        half_past_two = make_calendar(Shift(time(2, 30), time(6)), weekdays=[6], zone=NEW_YORK)

        assert due_at(new_york(2026, 3, 8, 0), HOUR, half_past_two) == new_york(2026, 3, 8, 4)

    def test_opens_and_closes_at_the_first_of_two_equal_times(self):
        # The clock shows 01:00-02:00 twice; the shift is the first half hour from 01:15.
        quarter_past_one = make_calendar(Shift(time(1, 15), time(1, 45)), weekdays=[6], zone=NEW_YORK)

        due = due_at(new_york(2026, 11, 1, 0), 30 * MINUTE, quarter_past_one)

        assert due.isoformat() == "2026-11-01T01:45:00-04:00"

    def test_of_half_an_hour_is_half_an_hour(self):
        lord_howe = ZoneInfo("Australia/Lord_Howe")
        nights = make_calendar(NIGHT_SHIFT, weekdays=[5], zone=lord_howe)

        # 22:00-06:00 with 02:00-02:30 skipped is seven hours and a half.
        due = due_at(datetime(2026, 10, 3, 12, tzinfo=lord_howe), 7 * HOUR + 30 * MINUTE, nights)

        assert due == datetime(2026, 10, 4, 6, tzinfo=lord_howe)

    def test_in_shanghai_in_1986_is_remembered(self):
        # 02:00 became 03:00 on Sunday 4 May 1986.
        assert due_at(shanghai(1986, 5, 3, 12), 24 * HOUR, make_calendar(always=True)) == shanghai(
            1986, 5, 4, 13
        )

    def test_that_skips_a_day_leaves_out_its_shifts(self):
        apia = ZoneInfo("Pacific/Apia")  # 30 December 2011, a Friday, did not happen

        due = due_at(datetime(2011, 12, 29, 17, tzinfo=apia), 2 * HOUR, make_calendar(zone=apia))

        assert due == datetime(2012, 1, 2, 10, tzinfo=apia)


class TestNoWorkingTime:
    def test_is_said_when_nobody_ever_works(self):
        with pytest.raises(NoWorkingTime, match="within 400 days"):
            due_at(shanghai(2026, 3, 6, 17), HOUR, make_calendar(weekdays=[]))

    def test_is_said_when_the_next_opening_is_more_than_400_days_away(self):
        once = make_calendar(weekdays=[], days={date(2027, 6, 1): (DAY_SHIFT,)})

        assert due_at(shanghai(2026, 6, 1, 12), HOUR, once) == shanghai(2027, 6, 1, 10)
        with pytest.raises(NoWorkingTime):
            due_at(shanghai(2026, 3, 6, 17), HOUR, once)

    def test_is_said_when_the_gap_comes_in_the_middle_of_the_count(self):
        two_days = make_calendar(
            weekdays=[], days={date(2026, 3, 6): (DAY_SHIFT,), date(2028, 3, 6): (DAY_SHIFT,)}
        )

        assert due_at(shanghai(2026, 3, 6, 9), 9 * HOUR, two_days) == shanghai(2026, 3, 6, 18)
        with pytest.raises(NoWorkingTime):
            due_at(shanghai(2026, 3, 6, 9), 10 * HOUR, two_days)
        # Once the table reaches to 2028 the answer must be the same.
        assert due_at(shanghai(2028, 3, 6, 9), HOUR, two_days) == shanghai(2028, 3, 6, 10)
        with pytest.raises(NoWorkingTime):
            due_at(shanghai(2026, 3, 6, 9), 10 * HOUR, two_days)

    def test_is_said_when_the_department_was_closed_down(self):
        closed = make_calendar(
            days={date(2026, 3, 9) + timedelta(days=n): () for n in range(1200)}, name="Plant 2"
        )

        with pytest.raises(NoWorkingTime, match="Plant 2"):
            due_at(shanghai(2026, 3, 6, 17), 2 * HOUR, closed)


class TestADateThatIsNotMeantAsOne:
    def test_is_refused_instead_of_counted_for_half_a_minute(self):
        never = shanghai(9999, 12, 30)

        with pytest.raises(TooFarAway, match="from 2026 to beyond 2126"):
            elapsed(shanghai(2026, 3, 6, 17), never, make_calendar())
        with pytest.raises(TooFarAway):
            due_at(shanghai(2026, 3, 6, 17), HOUR, make_calendar(), [(shanghai(2026, 3, 6, 17), never)])
        with pytest.raises(TooFarAway):
            due_at(never, HOUR, make_calendar())

    def test_far_back_is_only_an_odd_year(self):
        assert due_at(shanghai(1900, 1, 1, 9), HOUR, make_calendar()).year == 1900
