"""How many would buy at which price: from what people say they would do, and from what was sold at which price.

Plain arithmetic, no database. What people say is more than what they do: how likely they call it is turned into a
probability by Newton, Miller and Smith (1993), and still it tells a range and an order, not a forecast.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from guixin.web.intervals import slope

# “Surely” of five answers is seven purchases of ten; the convention that goes with the method.
PROBABILITY = {1: 0.0, 2: 0.1, 3: 0.3, 4: 0.5, 5: 0.7}
LEAST_OBSERVATIONS = 5
LEAST_PRICES = 3

Likelihoods = tuple[int, int, int, int, int, int]  # the four prices, then 1 to 5 at cheap and at expensive


@dataclass(frozen=True)
class Demand:
    """`buyers`: the expected share who buy at each price; `revenue`: price times share, in minor units a person asked."""

    number: int
    prices: list[int]
    buyers: list[float]
    revenue: list[float]

    @property
    def most_buyers(self) -> int:
        return self.prices[self.buyers.index(max(self.buyers))]

    @property
    def most_revenue(self) -> int:
        return self.prices[self.revenue.index(max(self.revenue))]


def demand(answers: Sequence[Likelihoods]) -> Demand | None:
    """Newton, Miller and Smith: nobody buys where it is too cheap or too expensive; between, a straight line through
    the two likelihoods. At every price that was named. None without answers.

    A price that is cheap and too cheap at once counts as cheap, one that is expensive and too expensive as too dear.
    """
    if not answers:
        return None
    prices = sorted({price for answer in answers for price in answer[:4]})
    # A person's line is three straight pieces [a, b). Adding up where pieces begin and end costs the same for any
    # number of prices; adding up everybody at every price would not.
    rises, levels = [0.0] * (len(prices) + 1), [0.0] * (len(prices) + 1)
    for too_cheap, cheap, expensive, too_expensive, at_cheap, at_expensive in answers:
        stops = (
            (too_cheap, 0.0), (cheap, PROBABILITY[at_cheap]), (expensive, PROBABILITY[at_expensive]), (too_expensive, 0.0),
        )  # fmt: skip
        for (begins, low), (ends, high) in pairwise(stops):
            if begins < ends:
                rise = (high - low) / (ends - begins)
                first, last = bisect_left(prices, begins), bisect_left(prices, ends)
                rises[first] += rise
                rises[last] -= rise
                levels[first] += low - rise * begins
                levels[last] -= low - rise * begins
    buyers, rise, level = [], 0.0, 0.0
    for place, price in enumerate(prices):
        rise, level = rise + rises[place], level + levels[place]
        buyers.append(max(round((level + rise * price) / len(answers), 12), 0.0))
    return Demand(
        len(answers), prices, buyers, [price * share for price, share in zip(prices, buyers, strict=True)]
    )


@dataclass(frozen=True)
class Elasticity:
    """By how many per cent the quantity went up with one per cent of price: −1.5 is one and a half less. Correlation,
    not cause: whoever set the price had a reason, and the reason may have moved the quantity too."""

    value: float
    low: float
    high: float
    number: int


def elasticity(sold: Sequence[tuple[float, float]]) -> Elasticity | None:
    """The slope of log quantity on log price over (price, quantity); None with too few, or too few prices.

    Where nothing was sold there is no logarithm: such rows are left out, and whoever shows this says how many.
    """
    used = [(price, quantity) for price, quantity in sold if price > 0 and quantity > 0]
    if len(used) < LEAST_OBSERVATIONS or len({price for price, _quantity in used}) < LEAST_PRICES:
        return None
    found = slope([log(price) for price, _q in used], [log(quantity) for _p, quantity in used])
    return Elasticity(found.rise, found.low, found.high, found.number) if found else None


def arc_elasticity(one: tuple[float, float], other: tuple[float, float]) -> float | None:
    """Between two (price, quantity): the change of each against its middle.

    >>> round(arc_elasticity((10, 100), (12, 80)), 4)
    -1.2222
    """
    (price, quantity), (new_price, new_quantity) = one, other
    if price == new_price or price + new_price <= 0 or quantity + new_quantity <= 0:
        return None
    by_quantity = (new_quantity - quantity) / (quantity + new_quantity)
    return by_quantity / ((new_price - price) / (price + new_price))
