from datetime import datetime, timedelta

import pytest

from guixin.worktime import ALWAYS, StillPaused, due_at, elapsed
from guixin.worktime.tests.make import HOUR, MINUTE, make_calendar, shanghai

FRIDAY_TEN = shanghai(2026, 3, 6, 10)


def friday(hour, minute=0):
    return shanghai(2026, 3, 6, hour, minute)


class TestAPause:
    def test_moves_the_due_time_by_the_working_time_in_it(self):
        assert due_at(FRIDAY_TEN, 2 * HOUR, make_calendar(), [(friday(11), friday(14))]) == friday(15)

    def test_over_the_weekend_costs_only_its_working_hours(self):
        over_the_weekend = (friday(17), shanghai(2026, 3, 9, 10))

        due = due_at(friday(16), 2 * HOUR, make_calendar(), [over_the_weekend])

        assert due == shanghai(2026, 3, 9, 11)

    def test_at_night_costs_nothing(self):
        at_night = (friday(20), shanghai(2026, 3, 7, 6))

        assert due_at(friday(17), 2 * HOUR, make_calendar(), [at_night]) == shanghai(2026, 3, 9, 10)

    def test_that_began_before_the_start_holds_the_start(self):
        assert due_at(FRIDAY_TEN, HOUR, make_calendar(), [(friday(9), friday(12))]) == friday(13)

    def test_that_ended_before_the_start_changes_nothing(self):
        assert due_at(FRIDAY_TEN, HOUR, make_calendar(), [(friday(9), friday(10))]) == friday(11)

    def test_that_begins_at_the_due_time_changes_nothing(self):
        assert due_at(FRIDAY_TEN, HOUR, make_calendar(), [(friday(11), friday(12))]) == friday(11)

    def test_may_overlap_another_and_come_in_any_order(self):
        pauses = [(friday(14), friday(15)), (friday(11), friday(13)), (friday(12), friday(13, 30))]

        assert due_at(FRIDAY_TEN, 3 * HOUR, make_calendar(), pauses) == friday(16, 30)

    def test_may_be_given_as_a_generator(self):
        pauses = ((friday(hour), friday(hour + 1)) for hour in (11, 13))

        assert due_at(FRIDAY_TEN, 2 * HOUR, make_calendar(), pauses) == friday(13)

    def test_that_ends_before_it_begins_holds_no_time(self):
        assert due_at(FRIDAY_TEN, 2 * HOUR, make_calendar(), [(friday(11), friday(10))]) == friday(12)

    def test_counts_round_the_clock_too(self):
        assert due_at(FRIDAY_TEN, 24 * HOUR, ALWAYS, [(friday(20), friday(23))]) == shanghai(2026, 3, 7, 13)

    def test_that_has_not_ended_leaves_the_due_time_open(self):
        with pytest.raises(StillPaused, match="paused"):
            due_at(FRIDAY_TEN, 2 * HOUR, make_calendar(), [(friday(11), None)])

    def test_that_has_not_ended_swallows_the_later_ones(self):
        with pytest.raises(StillPaused):
            due_at(FRIDAY_TEN, 2 * HOUR, make_calendar(), [(friday(12), friday(13)), (friday(11), None)])

    def test_begun_after_the_promise_was_broken_does_not_mend_it(self):
        assert due_at(FRIDAY_TEN, 2 * HOUR, make_calendar(), [(friday(12), None)]) == friday(12)

    def test_is_refused_when_naive(self):
        naive = datetime(2026, 3, 6, 11)  # noqa: DTZ001

        with pytest.raises(ValueError, match="no time zone"):
            due_at(FRIDAY_TEN, HOUR, make_calendar(), [(naive, friday(12))])


class TestElapsedTime:
    def test_is_working_time(self):
        assert elapsed(friday(17), shanghai(2026, 3, 9, 10), make_calendar()) == 2 * HOUR

    def test_leaves_the_pauses_out(self):
        assert elapsed(friday(9), friday(18), make_calendar(), [(friday(11), friday(12, 30))]) == 7.5 * HOUR

    def test_stands_still_in_a_pause_that_has_not_ended(self):
        assert elapsed(friday(9), friday(18), make_calendar(), [(friday(11), None)]) == 2 * HOUR

    def test_is_nothing_when_the_end_is_not_after_the_start(self):
        assert elapsed(friday(11), friday(11), make_calendar()) == timedelta(0)
        assert elapsed(friday(12), friday(11), make_calendar()) == timedelta(0)

    def test_is_nothing_and_no_error_in_a_calendar_that_never_opens(self):
        assert elapsed(friday(9), friday(18), make_calendar(weekdays=[])) == timedelta(0)

    def test_up_to_the_due_time_is_the_budget(self):
        pauses = [(friday(11), friday(12)), (friday(17, 30), shanghai(2026, 3, 10, 9, 15))]
        budget = 20 * HOUR + 7 * MINUTE

        due = due_at(FRIDAY_TEN, budget, make_calendar(), pauses)

        assert elapsed(FRIDAY_TEN, due, make_calendar(), pauses) == budget

    def test_round_the_clock_is_the_difference(self):
        assert elapsed(friday(9), friday(18), ALWAYS, [(friday(10), friday(12))]) == 7 * HOUR

    def test_goes_over_many_years(self):
        # 261 weekdays in each of 2025, 2026 and 2027.
        assert elapsed(shanghai(2025, 1, 1), shanghai(2028, 1, 1), make_calendar()) == 3 * 261 * 9 * HOUR
