from datetime import date, time, timedelta

from guixin.worktime import ALWAYS, Shift, due_at, elapsed, working_out, working_out_in_words
from guixin.worktime.tests.make import (
    HOUR,
    MINUTE,
    NEW_YORK,
    NIGHT_SHIFT,
    WHOLE_DAY,
    make_calendar,
    new_york,
    shanghai,
    utc,
)

FRIDAY_FIVE = shanghai(2026, 3, 6, 17)


def words(start, end, calendar, language="en", pauses=()):
    return working_out_in_words(working_out(start, end, calendar, pauses), language)


class TestTheWorkingOut:
    def test_has_a_stretch_for_each_opening(self):
        friday, monday = working_out(FRIDAY_FIVE, shanghai(2026, 3, 9, 10), make_calendar())

        assert (friday.from_, friday.to) == (FRIDAY_FIVE, shanghai(2026, 3, 6, 18))
        assert (friday.counted, friday.date) == (HOUR, date(2026, 3, 6))
        assert (monday.counted, monday.date) == (HOUR, date(2026, 3, 9))

    def test_adds_up_to_the_elapsed_time_and_so_to_the_budget(self):
        pauses = [(shanghai(2026, 3, 9, 11), shanghai(2026, 3, 11, 14))]
        due = due_at(FRIDAY_FIVE, 30 * HOUR, make_calendar(), pauses)

        stretches = working_out(FRIDAY_FIVE, due, make_calendar(), pauses)

        assert sum((each.counted for each in stretches), timedelta()) == 30 * HOUR
        assert elapsed(FRIDAY_FIVE, due, make_calendar(), pauses) == 30 * HOUR

    def test_is_cut_where_a_pause_lay(self):
        pause = (shanghai(2026, 3, 6, 11), shanghai(2026, 3, 6, 14))

        said = words(shanghai(2026, 3, 6, 10), shanghai(2026, 3, 6, 15), make_calendar(), pauses=[pause])

        assert said == "Fri 10:00-11:00 1 h, Fri 14:00-15:00 1 h"

    def test_is_told_in_the_calendars_zone(self):
        [stretch] = working_out(utc(2026, 3, 6, 9), utc(2026, 3, 6, 10), make_calendar())

        assert stretch.from_.isoformat() == "2026-03-06T17:00:00+08:00"

    def test_counts_what_passed_and_not_what_the_wall_shows(self):
        nights = make_calendar(NIGHT_SHIFT, weekdays=[5], zone=NEW_YORK)

        said = words(new_york(2026, 3, 7, 12), new_york(2026, 3, 8, 12), nights)

        assert said == "Sat 22:00-Sun 06:00 7 h"

    def test_is_empty_when_nothing_counted(self):
        assert working_out(FRIDAY_FIVE, FRIDAY_FIVE, make_calendar()) == []
        assert words(shanghai(2026, 3, 7, 9), shanghai(2026, 3, 8, 9), make_calendar()) == ""


class TestTheWorkingOutInWords:
    def test_is_said_in_english(self):
        said = words(FRIDAY_FIVE, shanghai(2026, 3, 9, 10), make_calendar())

        assert said == "Fri 17:00-18:00 1 h, Mon 09:00-10:00 1 h"

    def test_is_said_in_chinese(self):
        said = words(FRIDAY_FIVE, shanghai(2026, 3, 9, 10), make_calendar(), "zh-hans")

        assert said == "周五 17:00–18:00 1 小时，周一 09:00–10:00 1 小时"

    def test_gives_minutes_and_seconds_where_there_are_any(self):
        said = words(shanghai(2026, 3, 6, 16, 29, 30), shanghai(2026, 3, 9, 9, 20), make_calendar())

        assert said == "Fri 16:29:30-18:00 1 h 30 min 30 s, Mon 09:00-09:20 20 min"

    def test_ends_a_day_at_24_00(self):
        evenings = make_calendar(Shift(time(18), time(0)))

        assert words(FRIDAY_FIVE, shanghai(2026, 3, 7, 12), evenings) == "Fri 18:00-24:00 6 h"

    def test_has_one_stretch_round_the_clock(self):
        assert words(FRIDAY_FIVE, FRIDAY_FIVE + 48 * HOUR, make_calendar(always=True)) == (
            "Fri 17:00-Sun 17:00 48 h"
        )
        assert words(utc(2026, 3, 6, 17), utc(2026, 3, 8, 17), ALWAYS) == "Fri 17:00-Sun 17:00 48 h"
        every_day = make_calendar(WHOLE_DAY, weekdays=range(7))
        assert words(FRIDAY_FIVE, FRIDAY_FIVE + 48 * HOUR, every_day) == "Fri 17:00-Sun 17:00 48 h"

    def test_gives_dates_once_a_weekday_could_mean_two_days(self):
        split_by_a_holiday = make_calendar(days={date(2026, 3, 9) + timedelta(days=n): () for n in range(4)})

        stretches = working_out(FRIDAY_FIVE, shanghai(2026, 3, 13, 10), split_by_a_holiday)

        assert working_out_in_words(stretches, "en") == (
            "Fri 6 Mar 17:00-18:00 1 h, Fri 13 Mar 09:00-10:00 1 h"
        )
        assert working_out_in_words(stretches, "zh-hans") == (
            "3月6日周五 17:00–18:00 1 小时，3月13日周五 09:00–10:00 1 小时"
        )

    def test_folds_the_middle_of_a_long_list(self):
        due = due_at(FRIDAY_FIVE, 120 * HOUR, make_calendar())
        stretches = working_out(FRIDAY_FIVE, due, make_calendar())

        assert working_out_in_words(stretches, "en") == (
            "Fri 6 Mar 17:00-18:00 1 h, Mon 9 Mar 09:00-18:00 9 h, Tue 10 Mar 09:00-18:00 9 h, "
            "… 10 days 90 h …, Wed 25 Mar 09:00-18:00 9 h, Thu 26 Mar 09:00-11:00 2 h"
        )
        assert "，… 10 天 90 小时 …，" in working_out_in_words(stretches, "zh-hans")

    def test_does_not_hide_a_moment(self):
        assert words(FRIDAY_FIVE, FRIDAY_FIVE + 0.001 * MINUTE, make_calendar()) == "Fri 17:00-17:00 <1 s"
