"""Curves over a scale of numbers, with lines down to the axis where something is marked. See web/charts.py.

chart = curves.curves(_("Prices"), prices, [Series(_("Too cheap"), shares)], in_words=as_money, marks=[(980, "OPP")])
{% chart chart %}
"""

from collections.abc import Callable, Sequence
from typing import Any

from guixin.web import charts
from guixin.web.charts import Cell, Chart, Line, Mark, Series, Tick

ABOVE = 15  # for the words of each mark, which stand one above the other so that near ones can be read


def curves(
    title: Any, xs: Sequence[float], series: Sequence[Series], *, in_words: Callable[[float], str],
    marks: Sequence[tuple[float, Any]] = (), percent: bool = False, first: Any = "", note: Any = "",
) -> Chart:  # fmt: skip
    """A line for each series through (x, value), x ascending. `in_words` says an x, on the axis and in the table.

    marks   (x, words), at most five; one beyond the ends of `xs` is drawn at the end
    """
    known = [v for each in series for v in each.values if v is not None]
    scale = charts.Scale(min([*known, 0.0]), max([*known, 0.0]), percent)
    low, high = (xs[0], xs[-1]) if xs else (0, 1)
    wide = charts.WIDTH - charts.LEFT - charts.RIGHT - 12

    def across(x: float) -> float:
        share = (min(max(x, low), high) - low) / ((high - low) or 1)
        return round(charts.LEFT + 6 + wide * share, 1)

    at = [across(x) for x in xs]
    lines = [
        Line(
            charts.look_of(each, number),
            charts.runs(at, each.values, scale),
            charts.bands(at, each, scale),
            [],
        )
        for number, each in enumerate(series)
    ]
    rows = [
        (in_words(x), [Cell(charts.figure(each.values[place], percent)) for each in series])
        for place, x in enumerate(xs)
    ]
    legend = [(charts.look_of(each, number), each.words) for number, each in enumerate(series)]
    return Chart(
        title, [each.words for each in series], rows, scale.ticks, _x_ticks(low, high, across, in_words),
        scale.y(min(max(0.0, scale.low), scale.high)), lines=lines, legend=legend if len(legend) > 1 else [],
        first=first, note=note, marks=_marks(marks, across), above=ABOVE * len(marks),
    )  # fmt: skip


def _x_ticks(
    low: float, high: float, across: Callable[[float], float], in_words: Callable[[float], str]
) -> list[Tick]:
    if high <= low:
        return [Tick(across(low), in_words(low))]
    step = charts.round_step((high - low) / charts.TICKS)
    first = -(-low // step) * step
    return [Tick(across(x), in_words(x)) for n in range(charts.TICKS + 2) if (x := first + n * step) <= high]


def _marks(marks: Sequence[tuple[float, Any]], across: Callable[[float], float]) -> list[Mark]:
    """The leftmost lowest: its line then passes no other's words."""
    drawn = []
    for place, (x, words) in enumerate(sorted(marks, key=lambda mark: mark[0])):
        at = across(x)
        is_left = at < charts.WIDTH * 0.6
        drawn.append(
            Mark(
                at,
                4 - ABOVE * (place + 1) + ABOVE,
                str(words),
                at + 4 if is_left else at - 4,
                "start" if is_left else "end",
            )
        )
    return drawn
