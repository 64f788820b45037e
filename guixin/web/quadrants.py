"""Points in a field of four quarters, as SVG drawn on the server, with its table: what matters against how it is done.

    field = quadrants(_("What matters, and how we do it"), points, across=_("How we do it"), upwards=_("What matters"), …)
    {% load charts %} … {% quadrants field %}      a page lists web/css/components/chart.css among its styles

The field is divided at the medians of the points. Each carries the number of its row in the table, where its links are: see
web/charts.py for why not in the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from guixin.web.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Cell, Scale, Tick

TALL = HEIGHT + 120


@dataclass(frozen=True)
class Point:
    """`x`, `y`: where it stands; `cells`: its row of the table behind its name; `is_named`: drawn to be seen first."""

    words: str
    x: float
    y: float
    cells: Sequence[Cell] = ()
    link: str = ""
    is_named: bool = False


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    number: int
    words: str
    is_named: bool


@dataclass(frozen=True)
class Quadrants:
    """`corners`: the words of the quarters, from the upper left as one reads."""

    title: Any
    head: Sequence[Any]
    points: Sequence[Point]
    dots: list[Dot]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    middle: tuple[float, float]
    across: Any
    upwards: Any
    corners: Sequence[Any] = ()
    note: Any = ""
    width: int = WIDTH
    height: int = TALL
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = TALL - BOTTOM - 16
    wide: int = WIDTH - RIGHT - LEFT
    tall: int = TALL - BOTTOM - 16 - TOP
    rows: list[tuple[int, Point]] = field(default_factory=list)


def quadrants(
    title: Any, points: Sequence[Point], *, head: Sequence[Any], across: Any, upwards: Any,
    corners: Sequence[Any] = (), note: Any = "", percent: bool = False,
) -> Quadrants:  # fmt: skip
    """`percent`: what counts upwards is a share. At least one point."""
    xs, ys = [each.x for each in points], [each.y for each in points]
    bottom = TALL - BOTTOM - 16

    def spread(values: list[float]) -> tuple[float, float]:
        reach = (max(values) - min(values)) or abs(max(values)) or 1.0
        return min(values) - 0.12 * reach, max(values) + 0.12 * reach

    across_scale, upwards_scale = Scale(*spread(xs), False), Scale(*spread(ys), percent)

    def place(value: float, scale: Scale, start: float, end: float) -> float:
        return round(start + (value - scale.low) / (scale.high - scale.low) * (end - start), 1)

    def x_of(value: float) -> float:
        return place(value, across_scale, LEFT, WIDTH - RIGHT)

    def y_of(value: float) -> float:
        return place(value, upwards_scale, bottom, TOP)

    def ticks(scale: Scale, at: Any) -> list[Tick]:
        return [Tick(at(scale.low + scale.step * n), tick.words) for n, tick in enumerate(scale.ticks)]

    return Quadrants(
        title, head, points,
        [Dot(x_of(each.x), y_of(each.y), n, each.words, each.is_named) for n, each in enumerate(points, start=1)],
        ticks(across_scale, x_of), ticks(upwards_scale, y_of), (x_of(median(xs)), y_of(median(ys))),
        across, upwards, corners, note, rows=list(enumerate(points, start=1)),
    )  # fmt: skip
