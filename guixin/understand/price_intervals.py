"""How far the points of a price study may be off: counted by a worker, from answers drawn again and again (bootstrap)."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from guixin.understand.models import PriceStudy
from guixin.understand.price_curves import Answer
from guixin.understand.price_results import LEAST_FOR_INTERVALS

DRAWS = 1_000
SEED = 1976  # the same answers always have the same intervals
NAMES = ("pmc", "ipp", "opp", "pme")


def count_next(now: datetime) -> bool:
    """One study whose answers changed. False if there is none. A version that moved meanwhile is counted again."""
    study = PriceStudy.objects.exclude(version=F("intervals_of")).order_by("pk").first()
    if study is None:
        return False
    rows = study.answers.consistent().order_by("pk")
    answers = list(rows.values_list("too_cheap", "cheap", "expensive", "too_expensive"))
    found = intervals(answers) if len(answers) >= LEAST_FOR_INTERVALS else None
    PriceStudy.objects.filter(pk=study.pk, version=study.version).update(
        intervals=found, intervals_of=study.version
    )
    return True


def intervals(answers: Sequence[Answer], draws: int = DRAWS, seed: int = SEED) -> dict[str, list[float]]:
    """{point: [low, high]}, the middle 95 % of `draws` samples of as many answers, drawn with replacement.

    Percentile bootstrap (Efron 1979). The curves of a sample are taken at every price anybody named.
    """
    import numpy  # heavy; only a worker comes here

    drawing = numpy.random.default_rng(seed)
    table = numpy.array(answers, dtype=numpy.int64)
    number, prices = len(table), numpy.unique(table)
    places = numpy.searchsorted(prices, table)
    found = numpy.empty((draws, len(NAMES)))
    for draw in range(draws):
        drawn = places[drawing.integers(number, size=number)]
        too_cheap, cheap, expensive, too_expensive = (
            numpy.cumsum(numpy.bincount(drawn[:, column], minlength=len(prices))) for column in range(4)
        )
        apart = (
            number - too_cheap - cheap,  # too cheap over not cheap
            number - cheap - expensive,
            number - too_cheap - too_expensive,
            number - expensive - too_expensive,  # not expensive over too expensive
        )
        found[draw] = [_crossing(prices, each, numpy) for each in apart]
    low, high = numpy.percentile(found, [2.5, 97.5], axis=0)
    return {name: [float(low[at]), float(high[at])] for at, name in enumerate(NAMES)}


def _crossing(prices, apart, numpy) -> float:
    """As price_curves._crossing, of the falling curve less the rising one."""
    first = int(numpy.argmax(apart <= 0))
    if apart[first] == 0:
        last = first + int(numpy.argmax(numpy.append(apart[first:], 1) != 0)) - 1
        return (prices[first] + prices[last]) / 2
    if first == 0:
        return float(prices[0])
    before = apart[first - 1]
    return prices[first - 1] + (prices[first] - prices[first - 1]) * before / (before - apart[first])
