"""How far a figure may be from the truth: intervals of shares and of slopes, in plain Python.

One formula each, below every package that shows a share or a trend. Known figures are their tests.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, lgamma, log, pi, sqrt

_Z = 1.959963984540054  # 95 %, two-sided


def wilson(successes: float, number: float) -> tuple[float, float]:
    """Wilson's 95 % interval of a share, (low, high) in 0..1; the whole of it where there is nothing to judge by.

    Of a weighted share, `number` is the effective one: as many as tell as much without weights.

    Source: Wilson 1927; the published figures of Newcombe 1998 are its test.
    """
    if not number:
        return 0.0, 1.0
    share, z2 = successes / number, _Z * _Z
    middle = share + z2 / (2 * number)
    reach = _Z * sqrt(share * (1 - share) / number + z2 / (4 * number * number))
    scale = 1 + z2 / number
    return max((middle - reach) / scale, 0.0), min((middle + reach) / scale, 1.0)


def newcombe(
    first: tuple[float, float, float], second: tuple[float, float, float]
) -> tuple[float, float, float]:
    """The difference of two independent shares with its 95 % interval: (difference, low, high).

    first, second   each (share, low, high), the interval by `wilson`
    Source: Newcombe 1998, method 10; his published figures are its test.
    """
    (one, one_low, one_high), (other, other_low, other_high) = first, second
    apart = one - other
    return (
        apart,
        apart - sqrt((one - one_low) ** 2 + (other_high - other) ** 2),
        apart + sqrt((one_high - one) ** 2 + (other - other_low) ** 2),
    )


@dataclass(frozen=True)
class Slope:
    """y = level + rise · x. `error`: the standard error of the rise; `low`, `high`: its 95 % interval (Student's t)."""

    level: float
    rise: float
    error: float
    low: float
    high: float
    number: int


def slope(xs: Sequence[float], ys: Sequence[float]) -> Slope | None:
    """Least squares through these points; None with fewer than three, or where x never changes.

    The certified values of NIST's data set Norris are its test.
    """
    number = len(xs)
    if number < 3 or len(set(xs)) < 2:
        return None
    middle_x, middle_y = sum(xs) / number, sum(ys) / number
    along = sum((x - middle_x) ** 2 for x in xs)
    rise = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True)) / along
    level = middle_y - rise * middle_x
    left_over = sum((y - level - rise * x) ** 2 for x, y in zip(xs, ys, strict=True))
    error = sqrt(left_over / (number - 2) / along)
    reach = student(number - 2) * error
    return Slope(level, rise, error, rise - reach, rise + reach, number)


@lru_cache(maxsize=256)
def student(freedom: int) -> float:
    """Student's t that 97.5 % stay below, for so many degrees of freedom (>= 1); to six digits.

    >>> round(student(1), 3), round(student(10), 3), round(student(100), 3)
    (12.706, 2.228, 1.984)
    """
    low, high = 1.9, 13.0
    for _step in range(40):
        t = (low + high) / 2
        low, high = (t, high) if _below(t, freedom) < 0.975 else (low, t)
    return (low + high) / 2


def _below(t: float, freedom: int, steps: int = 400) -> float:
    """The share below t > 0: Simpson's rule over the density, which is smooth."""
    scale = exp(lgamma((freedom + 1) / 2) - lgamma(freedom / 2) - 0.5 * log(freedom * pi))
    power = -(freedom + 1) / 2

    def density(x: float) -> float:
        return scale * (1 + x * x / freedom) ** power

    wide = t / steps
    inner = sum((4 if n % 2 else 2) * density(n * wide) for n in range(1, steps))
    return 0.5 + (density(0) + inner + density(t)) * wide / 3
