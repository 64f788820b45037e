"""Intervals from answers drawn again and again (bootstrap), in one pass over them whatever their number.

Everything drawn here follows from the means and covariances of some columns. Up to 2,000 responses each is drawn by itself;
above, they are dealt at random into 2,000 hands whose sums are drawn, so that a draw costs the same for a million.
"""

from collections.abc import Callable, Sequence
from typing import Any

from guixin.listen.latent import Degenerate

DRAWS = 500
HANDS = 2_000
SEED = 2005  # the same answers always have the same intervals
Ends = tuple[Sequence[float], Sequence[float]]


class Moments:
    """Of complete rows (responses, columns): how many, their means (columns,) and covariances (columns, columns)."""

    def __init__(self, sums: Any, width: int):
        import numpy

        sums = sums.reshape(width + 1, width + 1)
        self.number = float(sums[0, 0])
        self.means = sums[0, 1:] / self.number
        products = sums[1:, 1:] - self.number * numpy.outer(self.means, self.means)
        self.covariances = products / max(self.number - 1, 1)

    @property
    def correlations(self) -> Any:
        import numpy

        spread = numpy.sqrt(numpy.diag(self.covariances))
        if not (spread > 1e-9).all():
            raise Degenerate
        return self.covariances / numpy.outer(spread, spread)


def _hands(rows: Any, ends: Ends | None) -> Any:
    """(hands, (columns + 1)²): the sums of products of each, with a column of ones before. Rows stay as narrow as they are: those
    of one hand at a time are made numbers to reckon with."""
    import numpy

    number, width = rows.shape[0], rows.shape[1] + 1

    def whole(some: Any) -> Any:
        if ends:
            low, high = (numpy.array(each, dtype=float) for each in ends)
            some = (some - low) / (high - low)
        return numpy.column_stack([numpy.ones(len(some)), some])

    if number <= HANDS:
        each = whole(rows)
        return (each[:, :, None] * each[:, None, :]).reshape(number, width * width)
    order = numpy.random.default_rng(SEED).permutation(number)
    found = numpy.empty((HANDS, width * width))
    for at, some in enumerate(numpy.array_split(order, HANDS)):
        hand = whole(rows[some])
        found[at] = (hand.T @ hand).ravel()
    return found


def drawn(
    rows: Any, once: Callable[[Moments], Any], ends: Ends | None = None, draws: int = 0
) -> tuple[Any, Any]:
    """What `once` tells of all rows, (figures,), and of each draw, (draws, figures).

    ends   the lowest and the highest point of each column, which become 0 and 1
    A draw in which somebody varies in nothing is made again; raises Degenerate where that goes on, or for all rows together.
    """
    import numpy

    hands, width = _hands(rows, ends), rows.shape[1]
    first = numpy.asarray(once(Moments(hands.sum(axis=0), width)), dtype=float)
    drawing, told, tries, wanted = numpy.random.default_rng(SEED), list[Any](), 0, draws or DRAWS
    chances = numpy.full(len(hands), 1 / len(hands))
    while len(told) < wanted:
        tries += 1
        if tries > 2 * wanted:
            raise Degenerate
        times = drawing.multinomial(len(hands), chances)
        try:
            told.append(numpy.asarray(once(Moments(times @ hands, width)), dtype=float))
        except (Degenerate, numpy.linalg.LinAlgError):
            continue
    return first, numpy.array(told)


def limits(told: Any) -> tuple[Any, Any]:
    """2.5 % and 97.5 % of each figure over the draws."""
    import numpy

    low, high = numpy.percentile(told, [2.5, 97.5], axis=0)
    return low, high
