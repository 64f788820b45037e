"""Where each part of a blueprint stands on paper: boxes in lanes and columns, the three lines, the arrows. No database.

The template draws what is laid out here as SVG with classes, so that dark, print and contrast are the style sheet's.
Sizes are user units of the SVG; a Chinese character of the boxes' text is EM wide, a Latin one about half of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

from guixin.promise.drawing import LINES, Drawing, Element, Lane, Step
from guixin.promise.performance import Performance

EM = 13.0
COLUMN, BOX, GUTTER = 186, 154, 32  # a column is a box and the gutter its arrows turn in
LABELS, HEAD = 98, 44  # room for the names of lanes on the left, of steps on top
TALL, WITH_FIGURES, GAP, PADDING = 50, 72, 12, 14
LINE_TALL = 22
WORDS_WIDE, WORD_LINES = 10.6, 2  # in EM, and lines a name may take


@dataclass(frozen=True)
class Box:
    element: Element
    words: list[str]  # its name, line by line
    name: str  # whole
    x: float
    y: float
    height: float
    performance: Performance | None  # none: no promise stands here, or not for this reader
    mark: str = ""  # added, changed: beside another version

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def lines(self) -> list[tuple[float, str]]:
        """(y of the baseline, words)"""
        top = self.y + (31 if len(self.words) == 1 else 22)
        return [(top + place * 17, words) for place, words in enumerate(self.words)]


@dataclass(frozen=True)
class Band:
    lane: str
    words: Any
    y: float
    height: float


@dataclass(frozen=True)
class Rule:
    """One of the three lines."""

    words: Any
    y: float
    lane: str


@dataclass(frozen=True)
class Column:
    step: Step
    name: str
    words: list[str]
    x: float


@dataclass(frozen=True)
class Picture:
    width: float
    height: float
    columns: list[Column]
    bands: list[Band]
    rules: list[Rule]
    boxes: list[Box]
    arrows: list[str]  # paths


def picture(
    drawing: Drawing, language: str, performance: Mapping[str, Performance] | None = None,
    marks: Mapping[str, str] | None = None,
) -> Picture:  # fmt: skip
    """`performance` by key of the element, `marks` (added, changed) by key."""
    performance, marks = performance or {}, marks or {}
    column_of = {step.key: place for place, step in enumerate(drawing.steps)}
    width = LABELS + max(len(drawing.steps), 1) * COLUMN
    bands, rules, boxes, y = list[Band](), list[Rule](), list[Box](), float(HEAD)
    for lane in Lane:
        cells = {step: drawing.in_cell(lane, step) for step in column_of}
        tallest = max((_stack(cell, performance) for cell in cells.values()), default=0)
        height = max(tallest, TALL) + 2 * PADDING
        bands.append(Band(lane.value, lane.label, y, height))
        for step, cell in cells.items():
            at = y + PADDING
            for element in cell:
                tall = _tall(element, performance)
                name = element.shown_name(language)
                boxes.append(
                    Box(
                        element,
                        folded(name),
                        name,
                        LABELS + column_of[step] * COLUMN + GUTTER / 2,
                        at,
                        tall,
                        performance.get(element.key) if element.standards else None,
                        marks.get(element.key, ""),
                    )
                )
                at += tall + GAP
        y += height
        if lane in LINES:
            rules.append(Rule(LINES[lane], y + LINE_TALL / 2, lane.value))
            y += LINE_TALL
    columns = [
        Column(step, name, folded(name), LABELS + place * COLUMN)
        for place, step in enumerate(drawing.steps)
        for name in [step.shown_name(language)]
    ]
    return Picture(width, y, columns, bands, rules, boxes, _arrows(boxes, column_of))


def _tall(element: Element, performance: Mapping[str, Performance]) -> float:
    return WITH_FIGURES if element.standards and element.key in performance else TALL


def _stack(cell: list[Element], performance: Mapping[str, Performance]) -> float:
    return sum(_tall(each, performance) for each in cell) + GAP * max(len(cell) - 1, 0)


def folded(name: str) -> list[str]:
    """In at most WORD_LINES lines that fit a box; Latin words stay whole where they can; … where it does not fit."""
    lines, line = [], ""
    for piece in _pieces(name):
        if line and wide(line + piece.rstrip()) > WORDS_WIDE:
            lines.append(line.strip())
            line = ""
        line += piece
    lines.append(line.strip())
    if len(lines) > WORD_LINES or wide(lines[-1]) > WORDS_WIDE:
        lines = lines[:WORD_LINES]
        while lines[-1] and wide(lines[-1] + "…") > WORDS_WIDE:
            lines[-1] = lines[-1][:-1]
        lines[-1] += "…"
    return lines


def wide(words: str) -> float:
    """In EM."""
    return sum(1.0 if east_asian_width(each) in "WF" else 0.56 for each in words)


def _pieces(name: str) -> list[str]:
    """What may stand at the beginning of a line: a Chinese character, or a Latin word with its blank."""
    pieces = [""]
    for each in name:
        if (
            east_asian_width(each) in "WF"
            or pieces[-1].endswith((" ", "-", "/"))
            or (pieces[-1] and east_asian_width(pieces[-1][-1]) in "WF")
        ):
            pieces.append(each)
        else:
            pieces[-1] += each
    return [each for each in pieces if each]


def _arrows(boxes: list[Box], column_of: Mapping[str, int]) -> list[str]:
    """Straight up or down within a column; otherwise across, turning in the gutter before the box it points at."""
    by_key = {box.element.key: box for box in boxes}
    paths = []
    for box in boxes:
        for key in box.element.leads_to:
            to = by_key[key]
            if box.element.step == to.element.step:
                middle = box.x + BOX / 2
                start, end = (box.y + box.height, to.y - 3) if to.y > box.y else (box.y, to.y + to.height + 3)
                paths.append(f"M{middle:g} {start:g}V{end:g}")
                continue
            forward = column_of[to.element.step] > column_of[box.element.step]
            start = box.x + BOX if forward else box.x
            end = to.x - 3 if forward else to.x + BOX + 3
            turn = end - GUTTER / 2 if forward else end + GUTTER / 2
            paths.append(f"M{start:g} {box.middle:g}H{turn:g}V{to.middle:g}H{end:g}")
    return paths
