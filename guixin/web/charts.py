"""Charts as SVG drawn on the server: bars, lines with a band of uncertainty, sparklines, each with its table.

    chart = charts.bars(_("Customers by month"), labels, [Series(_("New"), values), Series(_("Returned"), others)])
    {% load charts %} … {% chart chart %}        a page lists web/css/components/chart.css among its styles

Nothing here knows what is drawn. Geometry is worked out here, colours are classes (tokens decide, also in the dark), and
no style stands in the markup, which the Content-Security-Policy would refuse. Links belong to the table: a picture is
one image to a screen reader, so nobody could reach a link within.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, floor, log10
from typing import Any

WIDTH, HEIGHT = 480, 220
LEFT, RIGHT, TOP, BOTTOM = 52, 8, 10, 26
SPARK_WIDTH, SPARK_HEIGHT = 96, 24
TICKS = 4  # at most five lines across
HAN, LATIN, BETWEEN = 12, 7, 8  # how wide a letter below the axis is, and what stays free between two labels


@dataclass(frozen=True)
class Series:
    """One row of figures. `values`: None where there is nothing to say, which is drawn as a gap and told as “–”.

    `low`, `high`   the interval around each value, of the same length, drawn as a band (lines) or whiskers (bars)
    `links`         where each figure of the table leads; "" for none
    `look`          1 to 5: colour and pattern; 0: by place
    """

    words: Any
    values: Sequence[float | None]
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()
    links: Sequence[str] = ()
    look: int = 0


@dataclass(frozen=True)
class Tick:
    at: float
    words: str


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    look: int
    words: str  # what a pointer that rests on it reads
    whisker: tuple[float, float, float] | None = None  # x, from y, to y


@dataclass(frozen=True)
class Line:
    """`paths`: a gap ends one and begins the next. `dots`: (x, y, words)."""

    look: int
    paths: list[str]
    band: list[str]
    dots: list[tuple[float, float, str]]


@dataclass(frozen=True)
class Mark:
    """A line down to the axis at x from y, and its words beside its upper end."""

    x: float
    y: float
    words: str
    words_x: float
    side: str  # start or end: from where the words are written


@dataclass(frozen=True)
class Cell:
    words: str
    link: str = ""


@dataclass(frozen=True)
class Chart:
    title: Any
    head: list[Any]
    rows: list[tuple[str, list[Cell]]]
    y_ticks: list[Tick]
    x_ticks: list[Tick]
    zero: float
    bars: list[Bar] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    legend: list[tuple[int, Any]] = field(default_factory=list)
    first: Any = ""  # what the labels are, the head of the first column
    note: Any = ""
    width: int = WIDTH
    height: int = HEIGHT
    marks: list[Mark] = field(default_factory=list)
    above: int = 0  # room over the drawing for the words of marks

    @property
    def whole_height(self) -> int:
        return self.height + self.above

    @property
    def is_empty(self) -> bool:
        return not any(cell.words != NOTHING for _label, cells in self.rows for cell in cells)


NOTHING = "–"


def figure(value: float | None, percent: bool = False) -> str:
    """12,345 · 0.35 · 47.1 %: as short as it can be said without lying."""
    if value is None:
        return NOTHING
    if percent:
        return f"{100 * value:.1f} %"
    if value == int(value) or abs(value) >= 1000:
        return f"{round(value):,}"
    return f"{value:.2f}"


def bars(
    title: Any, labels: Sequence[Any], series: Sequence[Series], *, stacked: bool = False, percent: bool = False,
    first: Any = "", note: Any = "",
) -> Chart:  # fmt: skip
    """A group of bars for each label. Stacked: one upon the other, what is below zero below."""
    tops = [0.0]
    for place in range(len(labels)):
        column = [each.values[place] or 0.0 for each in series]
        if stacked:
            tops += [sum(v for v in column if v > 0), sum(v for v in column if v < 0)]
        else:
            tops += column + [each.high[place] or 0.0 for each in series if each.high]
            tops += [each.low[place] or 0.0 for each in series if each.low]
    scale = Scale(min(tops), max(tops), percent)
    slot = (WIDTH - LEFT - RIGHT) / max(len(labels), 1)
    wide = slot * 0.8 / (1 if stacked else max(len(series), 1))
    drawn = []
    for place, label in enumerate(labels):
        above = below = 0.0
        for number, each in enumerate(series):
            value = each.values[place]
            if value is None:
                continue
            start = (above if value >= 0 else below) if stacked else 0.0
            above, below = (above + value, below) if value >= 0 else (above, below + value)
            left = LEFT + slot * place + slot * 0.1 + (0 if stacked else wide * number)
            y, end = sorted((scale.y(start), scale.y(start + value)))
            low, high = _at(each.low, place), _at(each.high, place)
            drawn.append(
                Bar(
                    round(left, 1), y, round(max(wide - 0.5, 0.5), 1), round(end - y, 1), look_of(each, number),
                    f"{label}: {each.words} {figure(value, percent)}",
                    None
                    if low is None or high is None
                    else (round(left + wide / 2, 1), scale.y(low), scale.y(high)),
                )
            )  # fmt: skip
    return _chart(title, labels, series, scale, first, note, percent, slot, 0.5, bars=drawn)


def lines(
    title: Any, labels: Sequence[Any], series: Sequence[Series], *, percent: bool = False, from_zero: bool = True,
    first: Any = "", note: Any = "",
) -> Chart:  # fmt: skip
    """A line for each series, with its interval as a band behind it. Labels stand at equal distances."""
    known = [v for each in series for row in (each.values, each.low, each.high) for v in row if v is not None]
    known = [*known, 0.0] if from_zero or not known else known
    scale = Scale(min(known), max(known), percent)
    step = (WIDTH - LEFT - RIGHT - 12) / max(len(labels) - 1, 1)
    drawn = []
    for number, each in enumerate(series):
        xs = [round(LEFT + 6 + step * place, 1) for place in range(len(labels))]
        dots = [
            (x, scale.y(value), f"{label}: {each.words} {figure(value, percent)}")
            for x, label, value in zip(xs, labels, each.values, strict=True)
            if value is not None
        ]
        drawn.append(Line(look_of(each, number), runs(xs, each.values, scale), bands(xs, each, scale), dots))
    return _chart(title, labels, series, scale, first, note, percent, step, 6 / step, lines=drawn)


@dataclass(frozen=True)
class Spark:
    """A line without axes for a row of a table; `words` says the same."""

    points: str
    end: tuple[float, float] | None
    words: str
    width: int = SPARK_WIDTH
    height: int = SPARK_HEIGHT


def sparkline(values: Sequence[float], words: Any) -> Spark:
    """The course of a figure in the height of a line. Fewer than two values draw nothing but say the words."""
    if len(values) < 2:
        return Spark("", None, str(words))
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    step = (SPARK_WIDTH - 6) / (len(values) - 1)
    points = [
        (round(3 + step * place, 1), round(SPARK_HEIGHT - 4 - (SPARK_HEIGHT - 8) * (value - low) / span, 1))
        for place, value in enumerate(values)
    ]
    return Spark(" ".join(f"{x},{y}" for x, y in points), points[-1], str(words))


class Scale:
    """Values to heights, between round numbers."""

    def __init__(self, low: float, high: float, percent: bool):
        if high <= low:
            high = low + 1
        self.step = round_step((high - low) / TICKS)
        self.low = floor(low / self.step) * self.step
        self.high = self.low
        while self.high < high - self.step * 1e-9:
            self.high += self.step
        count = round((self.high - self.low) / self.step)
        self.ticks = [
            Tick(self.y(self.low + self.step * n), _short(self.low + self.step * n, percent, self.step))
            for n in range(count + 1)
        ]

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP), 1)


def round_step(rough: float) -> float:
    size = 10.0 ** floor(log10(rough))
    return next(size * n for n in (1, 2, 2.5, 5, 10) if size * n >= rough * (1 - 1e-9))


def _short(value: float, percent: bool, step: float) -> str:
    """For an axis: 1.5M, 20k, 0.25, 40 %."""
    if percent:
        return f"{100 * value:.0f} %" if step >= 0.01 else f"{100 * value:.1f} %"
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.0f}" if step >= 1 and step == int(step) else f"{value:.3g}"


def _at(row: Sequence[float | None], place: int) -> float | None:
    return row[place] if row else None


def look_of(series: Series, number: int) -> int:
    return series.look or number % 5 + 1


def runs(xs: Sequence[float], values: Sequence[float | None], scale: Scale) -> list[str]:
    runs: list[list[str]] = [[]]
    for x, value in zip(xs, values, strict=True):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{x},{scale.y(value)}")
    return [" ".join(run) for run in runs if len(run) > 1]


def bands(xs: Sequence[float], series: Series, scale: Scale) -> list[str]:
    if not series.low or not series.high:
        return []
    runs: list[list[tuple[float, float, float]]] = [[]]
    for x, low, high in zip(xs, series.low, series.high, strict=True):
        if low is None or high is None:
            runs.append([])
        else:
            runs[-1].append((x, scale.y(low), scale.y(high)))
    return [
        " ".join([f"{x},{high}" for x, _low, high in run] + [f"{x},{low}" for x, low, _high in reversed(run)])
        for run in runs
        if len(run) > 1
    ]


def _wide(label: str) -> int:
    return sum(HAN if ord(letter) > 0x2E7F else LATIN for letter in label)


def _chart(title, labels, series, scale, first, note, percent, step, shift, **drawn) -> Chart:
    widest = max((_wide(str(label)) for label in labels), default=0)
    every = max(ceil((widest + BETWEEN) / step), 1)  # as many as do not run into each other
    x_ticks = [
        Tick(round(LEFT + step * (place + shift), 1), str(label))
        for place, label in enumerate(labels)
        if place % every == 0
    ]
    head = [each.words for each in series]
    rows = [
        (str(label), [_cell(each, place, percent) for each in series]) for place, label in enumerate(labels)
    ]
    zero = scale.y(min(max(0.0, scale.low), scale.high))
    legend = [(look_of(each, number), each.words) for number, each in enumerate(series)]
    return Chart(
        title, head, rows, scale.ticks, x_ticks, zero, legend=legend if len(legend) > 1 else [], first=first,
        note=note, **drawn,
    )  # fmt: skip


def _cell(series: Series, place: int, percent: bool) -> Cell:
    words = figure(series.values[place], percent)
    low, high = _at(series.low, place), _at(series.high, place)
    if low is not None and high is not None:
        words += f" ({figure(low, percent)} – {figure(high, percent)})"
    return Cell(words, series.links[place] if series.links else "")
