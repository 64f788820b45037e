"""How one question came out: mean, shares, promoters less detractors, each with its 95 % interval. Plain Python over counts."""

from collections.abc import Mapping
from math import sqrt

from guixin.web.intervals import student, wilson

Z = 1.959963984540054


def mean(counts: Mapping[int, int]) -> tuple[float, float, float] | None:
    """(mean, low, high) by Student's t; None with fewer than two answers.

    counts   point -> how many gave it
    """
    number = sum(counts.values())
    if number < 2:
        return None
    middle = sum(point * n for point, n in counts.items()) / number
    spread = sum(n * (point - middle) ** 2 for point, n in counts.items()) / (number - 1)
    reach = student(min(number - 1, 1_000_000)) * sqrt(spread / number)
    return middle, middle - reach, middle + reach


def share(counts: Mapping[int, int], at_least: int) -> tuple[float, float, float] | None:
    """(share, low, high) of those who gave this point or more, by Wilson."""
    number = sum(counts.values())
    if not number:
        return None
    high = sum(n for point, n in counts.items() if point >= at_least)
    return (high / number, *wilson(high, number))


def recommendation(counts: Mapping[int, int]) -> tuple[float, float, float] | None:
    """Promoters (9, 10) less detractors (0 to 6), in -100 … 100, with the adjusted Wald interval.

    The interval adds three quarters of a promoter and of a detractor and one and a half passives (Rocks 2016); its middle is
    therefore a little nearer to zero than the figure.

    >>> [round(each, 2) for each in recommendation({10: 50, 8: 30, 3: 20})]
    [30.0, 14.05, 44.2]
    """
    number = sum(counts.values())
    if not number:
        return None
    promoters = sum(n for point, n in counts.items() if point >= 9)
    detractors = sum(n for point, n in counts.items() if point <= 6)
    more, less, all_of_them = promoters + 0.75, detractors + 0.75, number + 3
    middle = (more - less) / all_of_them
    reach = Z * sqrt(((more + less) / all_of_them - middle**2) / all_of_them)
    return 100 * (promoters - detractors) / number, 100 * (middle - reach), 100 * (middle + reach)


def read_as(reading: str, high: int, counts: Mapping[int, int]) -> tuple[float, float, float] | None:
    """What is told beside the mean: see questions.READINGS. Shares in 0 … 1."""
    if reading == "csat":
        return share(counts, high - 1)
    if reading == "effort":
        return share(counts, high - 2)
    return recommendation(counts) if reading == "recommend" else None
