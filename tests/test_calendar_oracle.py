"""R8 in small, so that every test run asks the oracle; the 50,000 are tests/reliability/r8_calendar_oracle.py."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reliability import calendar_oracle as oracle
from tests.reliability.calendar_scenarios import make_scenario, mismatches


class TestWorkingTime:
    @given(chance=st.randoms(use_true_random=False))
    @settings(max_examples=300, deadline=None, derandomize=True)
    def test_agrees_with_an_oracle_that_walks_the_minutes(self, chance):
        assert mismatches(make_scenario(chance, promises=3, longest=9)) == []


class TestTheOracle:
    """It is simple enough to be believed, and these are the answers one can check in one's head."""

    def test_counts_an_ordinary_day(self):
        worked = oracle.worked_minutes(
            UTC, {0: [(time(9), time(18))]}, {}, datetime(2026, 3, 9, tzinfo=UTC), 2 * 1440
        )

        assert sum(worked) == 9 * 60
        assert oracle.next_worked(worked, 0) == 9 * 60
        assert oracle.minute_due(worked, 0, 60) == 10 * 60

    def test_sees_a_night_lose_the_hour_the_clock_skips(self):
        worked = oracle.worked_minutes(
            ZoneInfo("America/New_York"),
            {5: [(time(22), time(6))]},  # Saturday night, 7 March 2026
            {},
            datetime(2026, 3, 7, 12, tzinfo=UTC),
            1440,
        )

        assert sum(worked) == 7 * 60

    def test_prefers_the_exception_to_the_weekday(self):
        worked = oracle.worked_minutes(
            UTC,
            {0: [(time(9), time(18))]},
            {date(2026, 3, 9): []},
            datetime(2026, 3, 9, tzinfo=UTC),
            1440,
        )

        assert sum(worked) == 0
