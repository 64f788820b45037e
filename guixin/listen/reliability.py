"""How far answers that shall measure one thing do so. numpy and scipy are heavy: only a worker or a command comes here."""

from typing import Any


def alpha(answers: Any) -> tuple[float, float, float] | None:
    """Cronbach's alpha with Feldt's (1965) 95 % limits; None where there is nothing to judge by (all the same, one item).

    answers   (respondents, items), complete

    alpha = k / (k - 1) · (1 - sum of the items' variances / variance of the sum). Its test is R's `attitude`: 0.8431 [.739, .916].
    """
    import numpy
    from scipy.special import fdtri

    answers = numpy.asarray(answers, dtype=float)
    number, items = answers.shape
    if number < 3 or items < 2:
        return None
    whole = answers.sum(axis=1).var(ddof=1)
    if not whole:
        return None
    found = items / (items - 1) * (1 - answers.var(axis=0, ddof=1).sum() / whole)
    above, below = number - 1, (number - 1) * (items - 1)
    low, high = (1 - (1 - found) * fdtri(above, below, p) for p in (0.975, 0.025))
    return float(found), float(low), float(high)


def of_a_difference(perceived: float, expected: float, together: float) -> float | None:
    """The reliability of perceived less expected, from that of the two and their correlation; None where the two go along with
    each other more closely than either with itself, which no share of a variance can say.

    >>> round(of_a_difference(0.8, 0.8, 0.5), 2)
    0.6
    """
    of_both = (perceived + expected) / 2
    return (of_both - together) / (1 - together) if together < 1 and together <= of_both else None
