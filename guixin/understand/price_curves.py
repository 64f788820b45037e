"""Between which prices customers find a product worth buying: Van Westendorp's price sensitivity meter (1976).

Plain arithmetic, no database. Everybody named four prices: too cheap to be good, cheap, expensive, too expensive. At a
price p

    too cheap, cheap            fall:  the share who named a higher price than p for it
    expensive, too expensive    rise:  the share who named p or less
    not cheap, not expensive    what is left of the two in the middle

and where two of these curves cross there is a point:

    PMC  too cheap × not cheap              below it more find it too cheap than find it not cheap: the range begins
    IPP  cheap × expensive                  as many find it cheap as find it expensive
    OPP  too cheap × too expensive          as many leave it because it is too cheap as because it is too dear
    PME  too expensive × not expensive      the range ends

The curves are known at the prices somebody named; between two of them they are taken as straight. Where two curves lie
upon each other the middle of that stretch is the point. Prices are whole minor units of one currency.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Answer = tuple[int, int, int, int]  # too cheap, cheap, expensive, too expensive


@dataclass(frozen=True)
class Points:
    """Prices in minor units, between those that were named."""

    pmc: float
    ipp: float
    opp: float
    pme: float


@dataclass(frozen=True)
class Curves:
    """How many of `number` find each of these prices so. The first two fall, the last two rise."""

    number: int
    prices: list[int]
    too_cheap: list[int]
    cheap: list[int]
    expensive: list[int]
    too_expensive: list[int]

    @property
    def not_cheap(self) -> list[int]:
        return [self.number - each for each in self.cheap]

    @property
    def not_expensive(self) -> list[int]:
        return [self.number - each for each in self.expensive]

    def shares(self, name: str, prices: Sequence[int]) -> list[float]:
        """One curve, by name, at these prices: what is so at a price is so until the next that was named."""
        before = self.number if name in ("too_cheap", "cheap", "not_expensive") else 0
        counts: list[int] = getattr(self, name)
        places = [bisect_right(self.prices, price) - 1 for price in prices]
        return [(counts[place] if place >= 0 else before) / self.number for place in places]


def is_consistent(answer: Sequence[int]) -> bool:
    """Too cheap <= cheap <= expensive <= too expensive; who says otherwise did not understand the question.

    >>> is_consistent((5, 8, 12, 15)), is_consistent((5, 5, 12, 12)), is_consistent((8, 5, 12, 15))
    (True, True, False)
    """
    return all(one <= other for one, other in pairwise(answer))


def curves(answers: Sequence[Answer]) -> Curves:
    """The curves of these consistent answers, at every price that was named."""
    at = sorted({price for answer in answers for price in answer})
    number = len(answers)
    columns = [sorted(column) for column in zip(*answers, strict=True)] if answers else [[], [], [], []]
    so_far = [[bisect_right(column, price) for price in at] for column in columns]
    falling = [[number - each for each in column] for column in so_far[:2]]
    return Curves(number, at, *falling, *so_far[2:])


def points(found: Curves) -> Points:
    """Where the curves cross; of at least one answer."""
    return Points(
        pmc=_crossing(found.prices, found.too_cheap, found.not_cheap),
        ipp=_crossing(found.prices, found.cheap, found.expensive),
        opp=_crossing(found.prices, found.too_cheap, found.too_expensive),
        pme=_crossing(found.prices, found.not_expensive, found.too_expensive),
    )


def _crossing(prices: Sequence[int], falling: Sequence[int], rising: Sequence[int]) -> float:
    """At the highest price named the falling curve is at nobody and the rising one at everybody, so they do cross."""
    apart = [down - up for down, up in zip(falling, rising, strict=True)]
    first = next(place for place, each in enumerate(apart) if each <= 0)
    if apart[first] == 0:
        last = first
        while last + 1 < len(apart) and apart[last + 1] == 0:
            last += 1
        return (prices[first] + prices[last]) / 2
    if first == 0:
        return float(prices[0])
    before = apart[first - 1]
    return prices[first - 1] + (prices[first] - prices[first - 1]) * before / (before - apart[first])


def round_prices(low: int, high: int, at_most: int = 40) -> list[int]:
    """Round prices over [low, high], at most so many, for a chart and its table.

    >>> round_prices(430, 2380, 6)
    [0, 500, 1000, 1500, 2000, 2500]
    """
    rough, step = max((high - low) / max(at_most - 2, 1), 1), 1
    while step < rough:
        step = next((step * by for by in (2, 5, 10) if step * by >= rough), step * 10)
    first = low // step * step
    return list(range(first, high + step, step))
