"""What each group of a wave answered: segments, departments, grades, and answers to a list of words.

Counted from the matrix, a column at a time; a group is never walked through. Of an anonymous wave no group may be found out,
neither from its own figures nor by taking what is told from the whole.
"""

from collections.abc import Sequence
from typing import Any

from guixin.listen import scores
from guixin.listen.matrix import NOTHING, Answers
from guixin.listen.questions import SCALE, Sheet
from guixin.listen.weakest import LOW, importance_and_performance, judged
from guixin.web.intervals import student, wilson

FEWEST = 5  # responses before anything of a group is told
MOMENT = "moment"  # how the figures of moments of truth stand among the groups
POINTS = 12  # a scale runs from 0 to 10, moved by one for NOTHING


def may_be_told(sizes: Sequence[int], whole: int) -> list[bool]:
    """Which groups of nobody's answers may be told: none below five, and none beside which fewer than five would be left over.

    sizes   of the groups, which do not overlap
    whole   of all together, those in no group among them

    >>> may_be_told([20, 9, 3], 32)   # 32 - 20 - 9 would give away the three
    [True, False, False]
    """
    told = [size >= FEWEST for size in sizes]
    while any(told):
        left = whole - sum(size for size, is_told in zip(sizes, told, strict=True) if is_told)
        if left == 0 or left >= FEWEST:
            break
        smallest = min((size, at) for at, size in enumerate(sizes) if told[at])[1]
        told[smallest] = False
    return told


def by_group(answers: Answers, sheet: Sheet, *, is_anonymous: bool) -> list[dict[str, Any]]:
    """[{"by", "key", "responses", "figures"}]. `responses` and `figures` are none where nothing may be told; `figures` where there
    are fewer than five of them."""
    import numpy

    found = []
    gaps = _gaps(answers, sheet)
    outcome = {each.code for each in judged(sheet).outcome}
    for by, members in answers.groups.items():
        rows, group, names = members.rows, members.group, members.names
        if not len(rows):
            continue
        sizes = numpy.bincount(group, minlength=len(names))
        told = may_be_told(sizes.tolist(), len(answers.values)) if is_anonymous else [True] * len(names)
        questions: list[dict[str, Any]] = [{} for _each in names]
        for one in sheet.questions:
            if one.kind != SCALE:
                continue
            points = answers.values[rows, answers.place[one.code]].astype(numpy.int64)
            counts = numpy.bincount(group * POINTS + points + 1, minlength=len(names) * POINTS).reshape(
                -1, POINTS
            )
            whole = int((answers.values[:, answers.place[one.code]] != NOTHING).sum())
            numbers = counts[:, 1:].sum(axis=1).tolist()
            may = may_be_told(numbers, whole) if is_anonymous else [each >= FEWEST for each in numbers]
            for at in range(len(names)):
                if may[at]:
                    # A department compares all of it with the wave before.
                    with_counts = one.code in outcome or by == "department"
                    questions[at][one.code] = _told(one, counts[at, 1:], with_counts)
        planks = _planks(answers, sheet, rows, group, len(names)) if by == "department" else []
        split = _split(gaps, rows, group, len(names))
        for at, name in enumerate(names):
            size = int(sizes[at])
            enough = told[at] and size >= FEWEST
            found.append(
                {
                    "by": by,
                    "key": name,
                    "responses": size if told[at] else None,
                    "figures": {
                        "questions": questions[at],
                        "gap": None if is_anonymous else split[at],
                        **({"plank": planks[at]} if planks else {}),
                    } if enough else None,
                }
            )  # fmt: skip
    return found


def by_moment(answers: Answers, sheet: Sheet, *, is_anonymous: bool) -> list[dict[str, Any]]:
    """As by_group tells, `by` "moment": how each moment of truth was found by whoever answered all its questions. `figures`:
    {"n", "level": 0 to 100, "low": the share in the lower part of the scale, "gap": as of a group}."""
    import numpy

    found = []
    for key, items in sheet.moments.items():
        values = answers.values[:, [answers.place[each.code] for each in items]]
        complete = (values != NOTHING).all(axis=1)
        number = int(complete.sum())
        is_told = may_be_told([number], len(values))[0] if is_anonymous else number >= FEWEST
        figures = None
        if is_told:
            low = numpy.array([each.low for each in items], dtype=float)
            high = numpy.array([each.high for each in items], dtype=float)
            levels = ((values[complete] - low) / (high - low)).mean(axis=1)
            below = int((levels < LOW).sum())
            middle = 100 * float(levels.mean())
            reach = 100 * student(min(number - 1, 1_000_000)) * float(levels.std(ddof=1)) / number**0.5
            figures = {
                "n": number, "level": _short((middle, middle - reach, middle + reach)),
                "low": _short((below / number, *wilson(below, number))),
                "gap": None if is_anonymous else _gap_of(answers, sheet, items),
            }  # fmt: skip
        found.append(
            {"by": MOMENT, "key": key, "responses": number if is_told or not is_anonymous else None, "figures": figures}
        )  # fmt: skip
    return found


def _gap_of(answers: Answers, sheet: Sheet, items: list[Any]) -> dict[str, Any] | None:
    """Perceived less expected over those of these questions that were asked both ways."""
    import numpy

    codes = {each.code for each in items}
    pairs = [(each.code, each.expectation_of) for each in sheet.questions if each.expectation_of in codes]
    if not pairs:
        return None
    rows = answers.of([code for pair in pairs for code in pair])
    gaps = (rows[:, 1::2] - rows[:, 0::2]).mean(axis=1)
    number = len(gaps)
    return _split(gaps, numpy.arange(number), numpy.zeros(number, dtype=numpy.int64), 1)[0]


def _planks(answers: Answers, sheet: Sheet, rows: Any, group: Any, number: int) -> list[dict[str, Any]]:
    """The short plank of each department, from the responses of whoever it worked for."""
    found = []
    for at in range(number):
        mine = rows[group == at]
        some = Answers(answers.values[mine], answers.ids[mine], answers.place)
        found.append(importance_and_performance(some, sheet))
    return found


def _told(one: Any, counts: Any, with_counts: bool) -> dict[str, Any]:
    by_point = {point: int(number) for point, number in enumerate(counts) if number}
    middle, read = scores.mean(by_point), scores.read_as(one.reads_as, one.high, by_point)
    found: dict[str, Any] = {"n": sum(by_point.values()), "mean": _short(middle)}
    if read:
        found["read"] = _short(read)
    if with_counts:
        found["counts"] = {str(point): number for point, number in by_point.items()}
    return found


def _short(told: tuple[float, ...] | None) -> list[float] | None:
    return None if told is None else [round(each, 5) for each in told]


def _gaps(answers: Answers, sheet: Sheet) -> Any:
    """(responses,) perceived less expected over all pairs, for whoever answered all of them; NaN for the others."""
    import numpy

    pairs = [
        (each.code, each.expectation_of)
        for each in sheet.questions
        if each.expectation_of and each.kind == SCALE
    ]
    dimensions = sheet.dimensions
    together = [([before], [after]) for before, after in pairs] + [
        ([each.code for each in dimensions[a]], [each.code for each in dimensions[b]]) for a, b in sheet.gaps
    ]  # fmt: skip
    if not together:
        return None
    places = [answers.place[code] for before, after in together for code in (*before, *after)]
    complete = (answers.values[:, places] != NOTHING).all(axis=1)
    values = answers.values
    whole = numpy.zeros(len(values))
    for before, after in together:
        whole += values[:, [answers.place[code] for code in after]].mean(axis=1)
        whole -= values[:, [answers.place[code] for code in before]].mean(axis=1)
    return numpy.where(complete, whole / len(together), numpy.nan)


def _split(gaps: Any, rows: Any, group: Any, number: int) -> list[dict[str, Any] | None]:
    """Of each group the mean gap with its interval, and how many it disappointed, met and delighted."""
    import numpy

    if gaps is None:
        return [None] * number
    here = gaps[rows]
    known = ~numpy.isnan(here)
    here, group = here[known], group[known]
    sizes = numpy.bincount(group, minlength=number)
    sums = numpy.bincount(group, weights=here, minlength=number)
    means = sums / numpy.maximum(sizes, 1)
    squares = numpy.bincount(group, weights=(here - means[group]) ** 2, minlength=number)
    ways = [
        numpy.bincount(group[some], minlength=number)
        for some in (here < -1e-9, abs(here) <= 1e-9, here > 1e-9)
    ]
    found: list[dict[str, Any] | None] = []
    for at in range(number):
        size = int(sizes[at])
        if size < FEWEST:
            found.append(None)
            continue
        reach = student(min(size - 1, 1_000_000)) * (squares[at] / (size - 1) / size) ** 0.5
        middle = float(means[at])
        found.append(
            {
                "n": size, "mean": [round(each, 5) for each in (middle, middle - reach, middle + reach)],
                "split": [int(each[at]) for each in ways],
            }
        )  # fmt: skip
    return found
