"""Which of several things a score goes along with most: shares of R² (Lindeman, Merenda and Gold), never called effect."""

from itertools import combinations
from math import factorial
from typing import Any

MOST = 8  # predictors: every subset of them is solved, for each draw


def shares(correlations: Any) -> Any:
    """The LMG share of each predictor in R², (p,); they add up to R².

    correlations   (p + 1, p + 1), the target first
    Of all orders in which predictors may enter, the mean rise of R². Two predictors with .6 and .4, and .5 between them:
    .28667 and .08667. Raises numpy.linalg.LinAlgError where one predictor is made of others.
    """
    import numpy

    correlations = numpy.asarray(correlations, dtype=float)
    number = len(correlations) - 1
    places = range(1, number + 1)
    explained = {
        some: _explained(correlations, some, numpy)
        for size in range(number + 1)
        for some in combinations(places, size)
    }
    found = numpy.zeros(number)
    for one in places:
        others = [each for each in places if each != one]
        for size in range(number):
            weight = factorial(size) * factorial(number - size - 1) / factorial(number)
            for some in combinations(others, size):
                found[one - 1] += weight * (explained[tuple(sorted((*some, one)))] - explained[some])
    return found


def _explained(correlations: Any, some: tuple[int, ...], numpy: Any) -> float:
    if not some:
        return 0.0
    places = list(some)
    with_target = correlations[0, places]
    return float(with_target @ numpy.linalg.solve(correlations[numpy.ix_(places, places)], with_target))
