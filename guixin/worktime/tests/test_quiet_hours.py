"""Quiet hours move a moment to the next instant at which somebody may be disturbed."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from guixin.worktime import ALWAYS, NINE_TO_SIX
from guixin.worktime.quiet import NoHourLeft, leaves_an_hour, next_allowed

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = (time(20), time(9))
LUNCH = (time(12), time(13))


def at(day: int, clock: str) -> datetime:
    return datetime(2026, 3, day, *map(int, clock.split(":")), tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "quiet", "allowed"),
    [
        (at(4, "10:00"), [NIGHT], at(4, "10:00")),
        (at(4, "20:00"), [NIGHT], at(5, "09:00")),
        (at(4, "03:00"), [NIGHT], at(4, "09:00")),
        (at(4, "09:00"), [NIGHT], at(4, "09:00")),
        (at(4, "12:30"), [LUNCH, NIGHT], at(4, "13:00")),
        (at(4, "12:30"), [LUNCH, (time(13), time(15))], at(4, "15:00")),
        (at(4, "10:00"), [(time(10), time(10))], at(4, "10:00")),
    ],
)
def test_round_the_clock(moment, quiet, allowed):
    assert next_allowed(moment, ALWAYS, quiet, SHANGHAI) == allowed


def test_a_weekend_is_waited_out():
    assert next_allowed(at(6, "19:00"), NINE_TO_SIX, [NIGHT], SHANGHAI) == at(9, "09:00")


def test_what_leaves_no_hour_is_said():
    shut = [(time(8), time(20))]

    assert not leaves_an_hour(at(4, "10:00"), NINE_TO_SIX, shut, SHANGHAI)
    with pytest.raises(NoHourLeft):
        next_allowed(at(4, "10:00"), NINE_TO_SIX, shut, SHANGHAI)
