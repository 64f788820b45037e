"""The short plank (短板): what customers hold important and get least of, with how sure that is.

Martilla and James 1977: importance against performance, divided at the medians of the questions themselves. A raw minimum is
almost always noise, so answers are drawn again and again, and what is told is how often each question came out worst.
"""

from dataclasses import dataclass
from typing import Any

from guixin.listen import drivers
from guixin.listen.latent import Degenerate
from guixin.listen.matrix import NOTHING, Answers
from guixin.listen.questions import SCALE, Asked, Sheet
from guixin.listen.resampling import Moments, drawn, limits
from guixin.web.intervals import wilson

LEAST = 30  # responses that answered all of them
SURE = 0.8  # how often one must come out worst to be named alone
POSSIBLE = 0.05  # and how often to be named beside it
NOISE = 9  # decimals of a figure; what follows is the reckoning's own and another on another machine
LOW = 0.4  # of the way from the lowest point to the highest: whoever stays below is dissatisfied


@dataclass(frozen=True)
class Judged:
    """What is compared, and by what importance is derived: the questions of a dimension, or a question alone."""

    items: list[Asked]
    outcome: list[Asked]
    outcome_name: str


def judged(sheet: Sheet) -> Judged:
    """Of a sheet with paths: the dimension most others lead to is the outcome, and what leads there is compared; without, the
    first satisfaction that stands alone is the outcome, and the questions of dimensions are compared."""
    dimensions, paths = sheet.dimensions, sheet.paths
    if paths:
        targets = {name: sum(b == name for _a, b in paths) for _a, name in paths}
        outcome = max(targets, key=lambda name: targets[name])
        before, fresh = set[str](), {outcome}
        while fresh:
            fresh = {a for a, b in paths if b in fresh} - before - {outcome}
            before |= fresh
        hopes = {a for a, _b in sheet.gaps}  # what customers expect is nothing we do
        found = [each for name, items in dimensions.items() if name in before - hopes for each in items]
        return Judged(_always(found), dimensions[outcome], outcome)
    alone = [
        each
        for each in sheet.questions
        if each.kind == SCALE and not each.dimension and not each.is_beside and each.reads_as in ("csat", "recommend")
    ]  # fmt: skip
    compared = [each for items in dimensions.values() for each in items]
    if not compared:
        compared = [
            each
            for each in sheet.questions
            if each.kind == SCALE and not each.is_beside and each not in alone[:1]
        ]
    return Judged(_always(compared), alone[:1], alone[0].code if alone else "")


def _always(items: list[Asked]) -> list[Asked]:
    """What is asked under a condition is answered by few, and by those who have reason to."""
    return [each for each in items if not each.shown_if]


def importance_and_performance(
    answers: Answers, sheet: Sheet, only: set[str] | None = None
) -> dict[str, Any]:
    """As JSON: each question with its importance (a share, all together 1) and performance (0 to 100), both with intervals, and
    how likely it is the worst of them.

    The weighted gap is importance × what is missing: expected less found where that was asked, otherwise the best point less
    what was found; in hundredths of the scale.

    only   the codes of some of them, which are compared among themselves
    """
    import numpy

    about = judged(sheet)
    items = [each for each in about.items if only is None or each.code in only]
    found: dict[str, Any] = {"n": 0, "by": "", "outcome": about.outcome_name, "points": [], "worst": None}
    if len(items) < 2:
        return found | {"why": "one"}
    stated = {each.importance_of: each for each in sheet.questions if each.importance_of}
    expected = {each.expectation_of: each for each in sheet.questions if each.expectation_of}
    is_stated = all(each.code in stated for each in items)
    asked = [each.code for each in items]
    columns = [*asked, *(expected[code].code for code in asked if code in expected)]
    outcome = [] if is_stated else [each.code for each in about.outcome]
    columns += [stated[code].code for code in asked] if is_stated else outcome
    rows = answers.of(columns)
    if len(rows) < LEAST and outcome:
        columns = [code for code in columns if code not in outcome]
        outcome, rows = [], answers.of(columns)
    found["n"] = len(rows)
    if len(rows) < LEAST:
        return found | {"why": "few"}
    where = {code: at for at, code in enumerate(columns)}
    by_code = sheet.by_code
    ends = [by_code[code].low for code in columns], [by_code[code].high for code in columns]
    here = [where[code] for code in asked]
    hoped = [where[expected[code].code] if code in expected else -1 for code in asked]
    weighed = [where[stated[code].code] for code in asked] if is_stated else []
    at_end = [where[code] for code in outcome]

    def once(moments: Moments) -> Any:
        means = moments.means
        weights = _weights(moments, here, weighed, at_end)
        best = numpy.array([means[at] if at >= 0 else 1.0 for at in hoped])
        return numpy.concatenate([weights, 100 * means[here], 100 * (best - means[here]) * weights])

    try:
        first, draws = drawn(rows, once, ends)
    except (Degenerate, numpy.linalg.LinAlgError):
        if not at_end:
            return found | {"why": "same"}
        at_end = []
        first, draws = drawn(rows, once, ends)
    lows, highs = limits(draws)
    number = len(items)
    # Of two that are equal the first is meant, never the one whose last bit came out larger.
    largest = draws[:, 2 * number :].round(NOISE).argmax(axis=1)
    worst = numpy.bincount(largest, minlength=number) / len(draws)
    found["by"] = "stated" if is_stated else "derived" if at_end else "equal"
    told = [[float(a), float(b), float(c)] for a, b, c in zip(first, lows, highs, strict=True)]
    for at, one in enumerate(items):
        share, number_of = _dissatisfied(answers, one, expected.get(one.code))
        found["points"].append(
            {
                "code": one.code, "importance": told[at], "performance": told[number + at],
                "weighted": told[2 * number + at], "worst": float(worst[at]), "dissatisfied": share, "n": number_of,
            }
        )  # fmt: skip
    order = sorted(found["points"], key=lambda each: -round(each["weighted"][0], NOISE))
    if round(order[0]["weighted"][0], NOISE) > 0:
        found["worst"] = order[0]["code"]
        found["is_sure"] = order[0]["worst"] >= SURE
        found["beside"] = (
            [] if found["is_sure"] else [each["code"] for each in order[1:] if each["worst"] >= POSSIBLE]
        )
    return found


def _weights(moments: Moments, here: list[int], weighed: list[int], at_end: list[int]) -> Any:
    """A share for each question: what was said, what it goes along with, or the same for all."""
    import numpy

    if weighed:
        weights = moments.means[weighed]
    elif at_end:
        # The outcome is the mean of its questions.
        together = numpy.zeros((len(here) + 1, len(moments.means)))
        together[0, at_end] = 1 / len(at_end)
        for row, at in enumerate(here, start=1):
            together[row, at] = 1
        between = together @ moments.covariances @ together.T
        spread = numpy.sqrt(numpy.diag(between))
        if not (spread > 1e-9).all():
            raise Degenerate
        weights = drivers.shares(between / numpy.outer(spread, spread))
    else:
        weights = numpy.ones(len(here))
    if weights.sum() <= 0:
        raise Degenerate
    return weights / weights.sum()


def _dissatisfied(answers: Answers, one: Asked, expected: Asked | None) -> tuple[list[float] | None, int]:
    """(share, low, high) of those who found less than they expected, or who stayed in the lower part of the scale; and of how
    many."""
    if expected is not None:
        pairs = answers.of([expected.code, one.code])
        less, number = int((pairs[:, 1] < pairs[:, 0]).sum()), len(pairs)
    else:
        points = answers.values[:, answers.place[one.code]]
        points = points[points != NOTHING]
        less, number = int((points < one.low + LOW * (one.high - one.low)).sum()), len(points)
    return ([less / number, *wilson(less, number)], number) if number else (None, 0)
