"""Points in a field of four quarters, as SVG drawn on the server, with its table: what matters against how it is done.

    field = quadrants(_("What matters, and how we do it"), points, across=_("How we do it"), upwards=_("What matters"), …)
    {% load charts %} … {% quadrants field %}      a page lists web/css/components/chart.css among its styles

The field is divided at the medians of the points. Each carries the number of its row in the table, where its links are: see
web/charts.py for why not in the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import hypot
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
    label: str = ""  # its number, with those of the points on the same spot; blank where another carries it
    label_x: float = 0
    label_y: float = 0
    anchor: str = "start"


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
    rows: list[tuple[int, Point, list[tuple[Any, Cell]]]] = field(default_factory=list)


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
        labelled(
            [Dot(x_of(each.x), y_of(each.y), n, each.words, each.is_named) for n, each in enumerate(points, start=1)]
        ),
        ticks(across_scale, x_of), ticks(upwards_scale, y_of), (x_of(median(xs)), y_of(median(ys))),
        across, upwards, corners, note, rows=[(n, each, list(zip(head[1:], each.cells, strict=False))) for n, each in enumerate(points, start=1)],
    )  # fmt: skip


DIGIT, LINE = 7.5, 11.0  # how wide a digit of a label is, and how high
# Where a label may stand beside its dot, the most readable first: above, below, right, left, then further off.
_PLACES = [
    (0, -10, "middle"), (0, 19, "middle"), (9, -5, "start"), (9, 12, "start"), (-9, -5, "end"), (-9, 12, "end"),
    *((0, -10 - LINE * step, "middle") for step in (1, 2)), *((0, 19 + LINE * step, "middle") for step in (1, 2)),
]  # fmt: skip


def labelled(dots: list[Dot]) -> list[Dot]:
    """Each with the place of its number, so that none hides another or a dot; points on one spot share a label."""
    taken = [(each.x - 5, each.y - 5, each.x + 5, each.y + 5) for each in dots]
    carried: dict[tuple[float, float], list[Dot]] = {}
    for each in dots:
        at = next(
            (spot for spot in carried if hypot(spot[0] - each.x, spot[1] - each.y) < 3), (each.x, each.y)
        )
        carried.setdefault(at, []).append(each)
    found = []
    for together in carried.values():
        first = together[0]
        label = ", ".join(str(each.number) for each in together)
        wide = DIGIT * len(label)

        def box(
            place: tuple[float, float, str], first: Dot = first, wide: float = wide
        ) -> tuple[float, float, float, float]:
            x, y = first.x + place[0], first.y + place[1]
            left = x - {"start": 0, "middle": wide / 2, "end": wide}[place[2]]
            return left, y - LINE, left + wide, y

        def hidden(place: tuple[float, float, str]) -> float:
            left, top, right, bottom = box(place)
            outside = left < LEFT or right > WIDTH or top < 0
            return 1e6 * outside + sum(
                max(0.0, min(right, b[2]) - max(left, b[0])) * max(0.0, min(bottom, b[3]) - max(top, b[1]))
                for b in taken
            )

        best = min(_PLACES, key=hidden)
        taken.append(box(best))
        found.append(
            replace(first, label=label, label_x=round(first.x + best[0], 1), label_y=round(first.y + best[1], 1), anchor=best[2])
        )  # fmt: skip
        found += together[1:]
    return sorted(found, key=lambda each: each.number)
