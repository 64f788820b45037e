"""Two groups compared where they are alike: shares over cells, the second group weighed as the first is made up.

Coarsened exact matching: only cells both groups have count; in each the second group weighs as much as the first has there.
Plain numbers in, plain numbers out.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from guixin.web.intervals import newcombe, wilson

LEAST = 30  # matched, on either side, before anything is told


class Cell(NamedTuple):
    """So many, of whom so many did."""

    number: int
    did: int


@dataclass(frozen=True)
class Comparison:
    """Shares with their 95 % intervals (share, low, high), and the difference. None: not enough to tell.

    number, other     matched in the first group; in the second, as many as tell as much without weights
    left_out          of the first group, nobody in the second is like them
    """

    number: int
    other: int
    left_out: int
    share: tuple[float, float, float] | None
    other_share: tuple[float, float, float] | None
    difference: tuple[float, float, float] | None

    @property
    def verdict(self) -> str:
        """too_few, higher, lower or inside: whether the interval of the difference leaves out nothing at all."""
        if self.difference is None:
            return "too_few"
        _apart, low, high = self.difference
        return "higher" if low > 0 else "lower" if high < 0 else "inside"

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "verdict": self.verdict}


def compare(first: Mapping[Any, Cell], second: Mapping[Any, Cell]) -> Comparison:
    """The share of the first group against that of comparable ones of the second.

    The effective number of the second is Kish's, 1 / sum(w² / n): weights make it tell less than its head count.
    """
    shared = [key for key in first if key in second and first[key].number and second[key].number]
    number = sum(first[key].number for key in shared)
    left_out = sum(cell.number for cell in first.values()) - number
    if not number:
        return Comparison(0, 0, left_out, None, None, None)
    weights = {key: first[key].number / number for key in shared}
    effective = 1 / sum(weights[key] ** 2 / second[key].number for key in shared)
    if number < LEAST or effective < LEAST:
        return Comparison(number, int(effective), left_out, None, None, None)
    did = sum(first[key].did for key in shared)
    other = sum(weights[key] * second[key].did / second[key].number for key in shared)
    ours = (did / number, *wilson(did, number))
    theirs = (other, *wilson(other * effective, effective))
    return Comparison(number, int(effective), left_out, ours, theirs, newcombe(ours, theirs))
