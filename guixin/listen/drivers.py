"""Which of several things a score goes along with most: shares of R², never called effect.

Up to twelve are shared out exactly (Lindeman, Merenda and Gold); more by Johnson's relative weights (2000), which rank alike.
"""

from math import factorial
from typing import Any

MOST = 12  # predictors of which every subset is solved, for each draw


def shares(correlations: Any) -> Any:
    """The share of each predictor in R², (p,); they add up to R².

    correlations   (p + 1, p + 1), the target first
    Raises numpy.linalg.LinAlgError where one predictor is made of others.
    """
    return lindeman(correlations) if len(correlations) - 1 <= MOST else johnson(correlations)


def lindeman(correlations: Any) -> Any:
    """The mean rise of R² over all orders in which predictors may enter. Two with .6 and .4, and .5 between them: .28667 and
    .08667.

    A predictor at a time is swept out of a stack of matrices of what is left over: after the last, the stack holds, for each
    subset, what it leaves of the target. 2^p numbers, without solving one regression.
    """
    import numpy

    left = numpy.asarray(correlations, dtype=float)[None]
    number = left.shape[1] - 1
    for _predictor in range(number):
        pivot = left[:, 1, 1]
        if not (pivot > 1e-10).all():
            raise numpy.linalg.LinAlgError
        swept = left - left[:, :, 1:2] * left[:, 1:2, :] / pivot[:, None, None]
        left = numpy.concatenate([left, swept])
        left = numpy.delete(numpy.delete(left, 1, axis=1), 1, axis=2)
    explained = 1 - left[:, 0, 0]  # of the subset whose bits are the place: the first predictor is the lowest
    subsets = numpy.arange(2**number)
    sizes = ((subsets[:, None] >> numpy.arange(number)) & 1).sum(axis=1)
    weights = numpy.array(
        [factorial(n) * factorial(number - n - 1) / factorial(number) for n in range(number)]
    )
    found = numpy.empty(number)
    for bit in range(number):
        without = subsets[(subsets >> bit) & 1 == 0]
        rise = explained[without | 1 << bit] - explained[without]
        found[bit] = weights[sizes[without]] @ rise
    return found


def johnson(correlations: Any) -> Any:
    """Relative weights: the predictors are turned into the nearest ones that do not go along with each other."""
    import numpy

    whole = numpy.asarray(correlations, dtype=float)
    values, vectors = numpy.linalg.eigh(whole[1:, 1:])
    if not (values > 1e-10).all():
        raise numpy.linalg.LinAlgError
    root = vectors * numpy.sqrt(values) @ vectors.T
    return root**2 @ numpy.linalg.solve(root, whole[1:, 0]) ** 2
