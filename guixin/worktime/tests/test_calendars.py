import copy
import dataclasses
import pickle
from datetime import UTC, date, datetime, time

import pytest

from guixin.worktime import ALWAYS, NoWorkingTime, Shift, due_at, is_provisional, opens_next
from guixin.worktime.tests.make import DAY_SHIFT, HOUR, NIGHT_SHIFT, make_calendar, shanghai, utc

FRIDAY_FIVE = shanghai(2026, 3, 6, 17)


class TestACalendar:
    def test_is_equal_to_another_with_the_same_facts_whether_used_or_not(self):
        used, unused = make_calendar(), make_calendar()
        due_at(FRIDAY_FIVE, HOUR, used)

        assert used == unused
        assert hash(used) == hash(unused)
        assert used != make_calendar(NIGHT_SHIFT)

    def test_can_be_pickled_and_copied_and_answers_the_same(self):
        calendar = make_calendar(
            days={date(2026, 3, 9): ()}, published_until=date(2026, 12, 31), name="Plant 2"
        )
        due = due_at(FRIDAY_FIVE, 2 * HOUR, calendar)

        for twin in (pickle.loads(pickle.dumps(calendar)), copy.deepcopy(calendar)):  # noqa: S301
            assert twin == calendar
            assert due_at(FRIDAY_FIVE, 2 * HOUR, twin) == due == shanghai(2026, 3, 10, 10)

    def test_cannot_be_changed_behind_its_back(self):
        days = {}
        calendar = make_calendar(days=days)
        days[date(2026, 3, 6)] = ()

        assert due_at(FRIDAY_FIVE, HOUR, calendar) == shanghai(2026, 3, 6, 18)
        with pytest.raises(TypeError):
            calendar.days[date(2026, 3, 6)] = ()
        with pytest.raises(dataclasses.FrozenInstanceError):
            calendar.name = "other"

    def test_replaced_with_a_holiday_counts_anew(self):
        calendar = make_calendar()
        due_at(FRIDAY_FIVE, HOUR, calendar)

        with_holiday = dataclasses.replace(calendar, days={date(2026, 3, 6): ()})

        assert due_at(FRIDAY_FIVE, HOUR, with_holiday) == shanghai(2026, 3, 9, 10)

    def test_answers_the_same_whatever_was_asked_before(self):
        fresh, used = make_calendar(NIGHT_SHIFT), make_calendar(NIGHT_SHIFT)
        for year in (2031, 1011, 2026, 2024):
            due_at(datetime(year, 12, 31, 23, tzinfo=UTC), 3000 * HOUR, used)

        assert due_at(utc(2025, 12, 31, 23), 9 * HOUR, used) == due_at(utc(2025, 12, 31, 23), 9 * HOUR, fresh)

    def test_takes_plain_pairs_for_shifts(self):
        assert make_calendar((time(9), time(18))) == make_calendar(DAY_SHIFT)

    def test_refuses_an_eighth_weekday_and_a_shift_with_a_zone(self):
        with pytest.raises(ValueError, match="Weekdays run"):
            make_calendar(weekdays=[7])
        with pytest.raises(ValueError, match="own clock"):
            make_calendar(Shift(time(9, tzinfo=UTC), time(18)))


class TestTheNextOpening:
    def test_is_now_when_open(self):
        assert opens_next(make_calendar(), FRIDAY_FIVE) == FRIDAY_FIVE
        assert opens_next(make_calendar(), shanghai(2026, 3, 6, 9)) == shanghai(2026, 3, 6, 9)

    def test_is_the_next_morning_from_closing_time_on(self):
        assert opens_next(make_calendar(), shanghai(2026, 3, 6, 18)) == shanghai(2026, 3, 9, 9)
        assert opens_next(make_calendar(), shanghai(2026, 3, 8, 3)) == shanghai(2026, 3, 9, 9)

    def test_is_always_now_round_the_clock(self):
        assert opens_next(ALWAYS, FRIDAY_FIVE) == FRIDAY_FIVE

    def test_is_refused_when_there_is_none(self):
        with pytest.raises(NoWorkingTime):
            opens_next(make_calendar(weekdays=[]), FRIDAY_FIVE)


class TestADueTimeIsProvisional:
    def test_beyond_the_last_published_day(self):
        calendar = make_calendar(NIGHT_SHIFT, published_until=date(2026, 12, 31))

        assert is_provisional(calendar, shanghai(2027, 1, 1, 0, 1))
        assert not is_provisional(calendar, shanghai(2026, 12, 31, 23, 59))

    def test_but_not_at_the_midnight_that_ends_it(self):
        calendar = make_calendar(NIGHT_SHIFT, published_until=date(2026, 12, 31))

        assert not is_provisional(calendar, shanghai(2027, 1, 1))

    def test_by_the_calendars_clock(self):
        # 17:00 on 31 December in Greenwich is 1 January in Shanghai.
        assert is_provisional(make_calendar(published_until=date(2026, 12, 31)), utc(2026, 12, 31, 17))

    def test_never_in_a_calendar_without_holidays(self):
        assert not is_provisional(make_calendar(), shanghai(2099, 1, 1))
        assert not is_provisional(
            make_calendar(always=True, published_until=date(2026, 12, 31)), shanghai(2099, 1, 1)
        )
