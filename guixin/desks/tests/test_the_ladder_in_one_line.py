from datetime import UTC, datetime, timedelta

from guixin.desks.ladders import Rung, ShownClock, _named_once
from guixin.promise.models import Clock
from guixin.web.deadlines import Pill

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def ladder(*told: str, coming: tuple[str, ...] = ()) -> ShownClock:
    """The people told one after the other, and those who would be next."""
    names = [*(("fired", who) for who in told), *(("later", who) for who in coming)]
    rungs = [
        Rung(state, f"Level {n}", who, NOON + timedelta(hours=n)) for n, (state, who) in enumerate(names, 1)
    ]
    return ShownClock(Clock(), "Reply", Pill("late", "late", "late"), rungs=_named_once(rungs))


class TestTheLadderInOneLine:
    def test_shows_the_last_that_were_told_and_who_is_next(self):
        shown = ladder("Li", "Wu", "Chen", coming=("Sun",)).strip

        assert [rung.who for rung in shown] == ["Li", "Wu", "Chen", "Sun"]
        assert [rung.passed for rung in shown] == [True, True, False, False]

    def test_says_that_the_top_was_told_again_and_not_that_it_rose(self):
        shown = ladder("Li", "Wu", "Sun", "Sun", "Sun", coming=("Sun",)).strip

        assert [rung.level for rung in shown] == ["Level 2", "Level 3", "Level 3, time 3", "Level 3, time 4"]
