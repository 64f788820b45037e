from datetime import date

import pytest

from guixin.worktime import due_at
from guixin.worktime.chinese_holidays import (
    YearNotPublished,
    chinese_day_list,
    chinese_days,
    chinese_exceptions,
    is_published,
)
from guixin.worktime.tests.make import DAY_SHIFT, HOUR, make_calendar, shanghai


class TestChineseHolidays:
    def test_of_2026_are_as_announced(self):
        days = chinese_days(2026)

        make_up_days = [day for day, works in days.items() if works]
        assert make_up_days == [
            date(2026, 1, 4),
            date(2026, 2, 14),
            date(2026, 2, 28),
            date(2026, 5, 9),
            date(2026, 9, 20),
            date(2026, 10, 10),
        ]
        assert [day for day in days if day.month == 10 and not days[day]] == [
            date(2026, 10, day) for day in range(1, 8)
        ]
        assert date(2026, 3, 7) not in days  # an ordinary Saturday

    def test_carry_their_names(self):
        spring_festival = next(each for each in chinese_day_list(2026) if each.day == date(2026, 2, 17))

        assert (spring_festival.name, spring_festival.name_in_english) == ("春节", "Spring Festival")
        assert not spring_festival.works

    @pytest.mark.parametrize("year", [2003, 2099])
    def test_are_not_guessed(self, year):
        assert not is_published(year)
        with pytest.raises(YearNotPublished, match=str(year)):
            chinese_days(year)

    def test_are_published_without_a_hole_from_2004_to_2026(self):
        assert all(is_published(year) for year in range(2004, 2027))

    def test_make_a_calendar(self):
        calendar = make_calendar(
            days=chinese_exceptions(2026, [DAY_SHIFT]), published_until=date(2026, 12, 31)
        )

        # Friday 13 February 17:00: an hour; Saturday the 14th is worked; then the festival until the 24th.
        assert due_at(shanghai(2026, 2, 13, 17), 11 * HOUR, calendar) == shanghai(2026, 2, 24, 10)
