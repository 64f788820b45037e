"""Constructs that lead to one another (GB/T 19038, ECSI): partial least squares, and the index from 0 to 100.

Lohmöller's algorithm with centroid scheme and mode A, on answers that are centred and not scaled. Only the covariances are
needed, so the number of respondents costs nothing. Source: Tenenhaus et al. 2005.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ROUNDS, NEAR = 300, 1e-10


class Degenerate(ValueError):
    """The answers cannot be weighed: a dimension does not vary, or the rounds came to no end."""


@dataclass(frozen=True)
class Model:
    """`weights`: (items,) of each item in its dimension, whose score has variance 1. `paths`: (from, to) -> coefficient of the
    standardised scores. `explained`: R² of each dimension something leads to."""

    weights: Any
    paths: dict[tuple[str, str], float]
    explained: dict[str, float]


def model(
    covariances: Any, dimensions: Mapping[str, Sequence[int]], paths: Sequence[tuple[str, str]]
) -> Model:
    """
    covariances   (items, items)
    dimensions    name -> the places of its items
    """
    import numpy

    covariances = numpy.asarray(covariances, dtype=float)
    names = list(dimensions)
    place = {name: at for at, name in enumerate(names)}
    belongs = numpy.zeros((len(covariances), len(names)))
    for name, items in dimensions.items():
        belongs[list(items), place[name]] = 1.0
    joined = numpy.zeros((len(names), len(names)))
    for a, b in paths:
        joined[place[a], place[b]] = joined[place[b], place[a]] = 1.0

    def normal(weights: Any) -> Any:
        variances = numpy.einsum("ij,ik,kj->j", weights, covariances, weights)
        if not (variances > 1e-12).all():
            raise Degenerate
        return weights / numpy.sqrt(variances)

    weights = normal(belongs)
    for _round in range(ROUNDS):
        between = weights.T @ covariances @ weights
        inner = numpy.sign(between) * joined
        fresh = normal((covariances @ weights @ inner) * belongs)
        # The sign of a dimension is arbitrary: most of its items shall count upwards.
        fresh = fresh * numpy.where((numpy.sign(fresh) * belongs).sum(axis=0) < 0, -1.0, 1.0)
        moved = numpy.abs(fresh - weights).max()
        weights = fresh
        if moved < NEAR:
            break
    else:
        raise Degenerate
    between = weights.T @ covariances @ weights
    found, explained = dict[tuple[str, str], float](), dict[str, float]()
    for name in names:
        before = [a for a, b in paths if b == name]
        if not before:
            continue
        places = [place[each] for each in before]
        with_it = between[places, place[name]]
        slopes = numpy.linalg.solve(between[numpy.ix_(places, places)], with_it)
        found |= {(a, name): float(slope) for a, slope in zip(before, slopes, strict=True)}
        explained[name] = float(slopes @ with_it)
    return Model(weights.sum(axis=1), found, explained)


def index(weights: Sequence[float], means: Sequence[float], low: float, high: float) -> float:
    """0 to 100, from the weights and means of a dimension's items on a scale from `low` to `high` (Fornell et al. 1996).

    >>> round(index([0.38, 0.31, 0.31], [8.2, 7.5, 7.1], 1, 10), 1)
    73.8
    """
    together = sum(weights)
    weighed = sum(weight * each for weight, each in zip(weights, means, strict=True))
    return 100 * (weighed - low * together) / ((high - low) * together)
