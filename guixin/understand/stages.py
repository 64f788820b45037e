"""Where a business or a product line stands in its lifecycle, told from how the number of its customers moves.

Plain arithmetic, no database. The stage is a statement about growth with its uncertainty, never about a date or an age:

    growth of the active customers per period, from the last periods, with a 95 % interval
        interval above zero     growth
        interval below zero     decline
        around zero             maturity, or introduction while most of the customers are new ones
        too wide, too few       not enough data

With enough periods each is compared with the same one a year before, so that a season is not taken for growth.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log, sqrt

LOOKED_AT = 6  # periods
LEAST_ACTIVE = 30  # customers a period on average; with fewer, chance decides
WIDEST = 0.15  # growth per period; an interval that reaches further to both sides tells nothing
MOSTLY_NEW = 0.5
# Student's t, 97.5 %, for 1 to 10 degrees of freedom.
_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)


class Stage(StrEnum):
    INTRODUCTION = "introduction"
    GROWTH = "growth"
    MATURITY = "maturity"
    DECLINE = "decline"
    UNKNOWN = "unknown"


class WhyUnknown(StrEnum):
    TOO_FEW_PERIODS = "too_few_periods"
    TOO_FEW_CUSTOMERS = "too_few_customers"
    TOO_WIDE = "too_wide"


@dataclass(frozen=True)
class Growth:
    """Per period, 0.05 is five per cent, with a 95 % interval. `by_year`: compared with the year before."""

    rate: float
    low: float
    high: float
    periods: int
    by_year: bool


@dataclass(frozen=True)
class Verdict:
    stage: Stage
    growth: Growth | None
    new_share: float | None  # of the active ones of the periods looked at
    why_unknown: WhyUnknown | None = None


def stage(active: Sequence[int], new: Sequence[int], *, a_year: int) -> Verdict:
    """The stage by the complete periods, oldest first.

    active, new   customers of each period; `new` of them for the first time
    a_year        periods in a year: 12 or 4
    """
    if len(active) < LOOKED_AT:
        return Verdict(Stage.UNKNOWN, None, None, WhyUnknown.TOO_FEW_PERIODS)
    recent = list(active[-LOOKED_AT:])
    new_share = sum(new[-LOOKED_AT:]) / sum(recent) if sum(recent) else None
    if min(recent) == 0 or sum(recent) / LOOKED_AT < LEAST_ACTIVE:
        return Verdict(Stage.UNKNOWN, None, new_share, WhyUnknown.TOO_FEW_CUSTOMERS)
    growth = growth_of(active, a_year=a_year)
    if growth.low > 0:
        found = Stage.GROWTH
    elif growth.high < 0:
        found = Stage.DECLINE
    elif (growth.high - growth.low) / 2 > WIDEST:
        return Verdict(Stage.UNKNOWN, growth, new_share, WhyUnknown.TOO_WIDE)
    else:
        found = Stage.INTRODUCTION if (new_share or 0) >= MOSTLY_NEW else Stage.MATURITY
    return Verdict(found, growth, new_share)


def growth_of(active: Sequence[int], *, a_year: int) -> Growth:
    """Growth per period over the last LOOKED_AT periods.

    With a year more of data: the mean of log(active / active a year before), divided by the periods of a year. Else the
    slope of a straight line through log(active). The interval is Student's, but never narrower than counting itself
    allows: a count of n varies by about sqrt(n), which is 1/sqrt(n) of its logarithm.
    """
    before = active[-LOOKED_AT - a_year : -a_year]
    if len(active) >= LOOKED_AT + a_year and min(before) > 0:
        steps = [log(now / then) for now, then in zip(active[-LOOKED_AT:], before, strict=True)]
        mean = sum(steps) / LOOKED_AT
        spread = sum((each - mean) ** 2 for each in steps) / (LOOKED_AT - 1)
        counting = sum(1 / n + 1 / m for n, m in zip(active[-LOOKED_AT:], before, strict=True)) / LOOKED_AT
        half = _T[LOOKED_AT - 2] * sqrt(max(spread, counting) / LOOKED_AT) / a_year
        return _growth(mean / a_year, half, by_year=True)
    logs = [log(each) for each in active[-LOOKED_AT:]]
    middle = (LOOKED_AT - 1) / 2
    along = sum((x - middle) ** 2 for x in range(LOOKED_AT))
    mean = sum(logs) / LOOKED_AT
    slope = sum((x - middle) * (y - mean) for x, y in enumerate(logs)) / along
    left_over = sum((y - mean - slope * (x - middle)) ** 2 for x, y in enumerate(logs)) / (LOOKED_AT - 2)
    counting = sum(1 / n for n in active[-LOOKED_AT:]) / LOOKED_AT
    half = _T[LOOKED_AT - 3] * sqrt(max(left_over, counting) / along)
    return _growth(slope, half, by_year=False)


def _growth(rate: float, half: float, *, by_year: bool) -> Growth:
    return Growth(exp(rate) - 1, exp(rate - half) - 1, exp(rate + half) - 1, LOOKED_AT, by_year)
