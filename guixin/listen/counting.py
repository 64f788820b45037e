"""The figures of a wave, counted by a worker and kept on it: numpy is nowhere on the way of a request.

The points of scales are read once, as one narrow matrix (listen/matrix.py): a million responses to 24 questions are 24 MB.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q

from guixin.listen import comparing, drivers, evidence, latent, matrix, ranked, scores, theming
from guixin.listen.groups import FEWEST, by_group, by_moment
from guixin.listen.matrix import NOTHING, Answers, complete
from guixin.listen.models import GroupFigures, Wave
from guixin.listen.questions import COUNTED, RANKING, SCALE, Asked, Sheet
from guixin.listen.reliability import alpha, of_a_difference
from guixin.listen.resampling import Moments, drawn, limits
from guixin.listen.weakest import importance_and_performance
from guixin.listen.who_answered import people_of, weighted_means
from guixin.web.intervals import student, wilson

LEAST = 10  # complete responses before a dimension, a gap or its reliability is told
LEAST_FOR_MODEL = 30
Interval = list[float]


@dataclass(frozen=True)
class Counted:
    """`figures`: everything the wave says, as JSON, null where there is not enough to say it; `groups`: see groups.by_group."""

    figures: dict[str, Any]
    groups: list[dict[str, Any]]


def count_next(now: datetime) -> bool:
    """One wave whose answers changed, the one first that was tried longest ago: one whose count fails holds up no other. False if
    there is none. Answers that came meanwhile have it counted again."""
    waiting = Wave.objects.exclude(answers_seen=F("figures_of")).select_related("version")
    wave = waiting.order_by(F("tried_at").asc(nulls_first=True), "pk").first()
    if wave is None:
        return False
    Wave.objects.filter(pk=wave.pk).update(tried_at=now)
    if wave.is_anonymous:
        _join(wave)
    counted, themed = count(wave), theming.find(wave)
    with transaction.atomic():
        mine = Wave.objects.filter(pk=wave.pk, answers_seen=wave.answers_seen)
        if mine.update(figures=counted.figures, figures_of=wave.answers_seen):
            if evidence.is_due_again(wave, counted.figures):
                Wave.objects.filter(pk=wave.pk).update(evidence_at=None)
            if wave.is_of_our_people:  # what they believe is held against what customers of the others said
                of_same = Wave.objects.filter(version__questionnaire=wave.version.questionnaire_id)
                of_same.exclude(pk=wave.pk).update(evidence_at=None)
            wave.groups.all().delete()
            GroupFigures.objects.bulk_create(
                [GroupFigures(wave=wave, **each) for each in counted.groups], batch_size=1_000
            )
            kept = [theming.keep(each) for each in themed]
            if not all(kept):  # somebody corrected them meanwhile
                Wave.objects.filter(pk=wave.pk).update(answers_seen=F("answers_seen") + 1)
    return True


def _join(wave: Wave) -> None:
    """Nobody's answers join the figures five or more at once."""
    with transaction.atomic():
        waiting = wave.responses.counted().filter(joined_figures=False)
        if waiting.update(joined_figures=True) < FEWEST:
            transaction.set_rollback(True)


def figures(wave: Wave) -> dict[str, Any]:
    return count(wave).figures


def count(wave: Wave) -> Counted:
    sheet, responses = wave.version.sheet, wave.responses.filter(struck_at=None)
    links = wave.invitations.aggregate(made=Count("pk"), answered=Count("pk", filter=Q(is_answered=True)))
    found: dict[str, Any] = {
        "responses": responses.in_figures(wave).count(),
        "waiting": responses.counted().filter(joined_figures=False).count() if wave.is_anonymous else 0,
        "begun": responses.filter(completed_at=None).count(),
        "links": links["made"],
        "rate": [links["answered"] / links["made"], *wilson(links["answered"], links["made"])] if links["made"] else None,
        "questions": {},
    }  # fmt: skip
    if wave.is_anonymous and found["responses"] < FEWEST:
        return Counted(found, [])
    people = people_of(wave)
    answers = matrix.read(wave, sheet, list(people))
    found["questions"] = _questions(wave, sheet, answers)
    if weighted := weighted_means(people, answers):
        found["weighted"] = weighted
    if before := comparing.wave_before(wave):
        told = comparing.changes(sheet, found["questions"], (before.figures or {}).get("questions", {}))
        found["change"] = {"since": before.code, "questions": told}
    if not answers.place:
        return Counted(found, [])
    values, place = answers.values, answers.place
    found["dimensions"] = {
        name: _dimension(values, [place[each.code] for each in items])
        for name, items in sheet.dimensions.items()
    }
    found["gaps"] = _gaps(values, sheet, place)
    found["model"] = _model(values, sheet, place)
    found["plank"] = importance_and_performance(answers, sheet)
    # While nobody's answers still come in, one more would show in its group.
    groups = (
        []
        if wave.is_anonymous and wave.closed_at is None
        else by_group(answers, sheet, is_anonymous=wave.is_anonymous)
        + by_moment(answers, sheet, is_anonymous=wave.is_anonymous)
    )
    return Counted(found, groups)


def _questions(wave: Wave, sheet: Sheet, answers: Answers) -> dict[str, Any]:
    import numpy

    found: dict[str, Any] = {}
    for one in sheet.questions:
        counts: dict[Any, int] = {}
        if one.kind in COUNTED:
            given = (
                answers.values[:, answers.place[one.code]] if one.kind == SCALE else answers.chosen[one.code]
            )
            by_place = numpy.bincount(given[given != NOTHING]).tolist()
            named = one.choices or range(len(by_place))
            counts = {named[at]: number for at, number in enumerate(by_place) if number}
        found[one.code] = _question(one, counts, answers.written[one.code])
        if one.kind == RANKING:
            found[one.code]["places"] = ranked.places(wave, one)
    return found


def _question(one: Asked, counts: dict[Any, int], written: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "n": sum(counts.values()) if one.kind in COUNTED else written,
        "counts": {str(each): counts[each] for each in sorted(counts)},
    }
    if one.kind == SCALE:
        found |= {"mean": scores.mean(counts), "read": scores.read_as(one.reads_as, one.high, counts)}
    return found


def _of_mean(values: Any) -> Interval:
    """[mean, low, high] by Student's t."""
    number = len(values)
    reach = student(min(number - 1, 1_000_000)) * values.std(ddof=1) / number**0.5
    return [float(values.mean()), float(values.mean() - reach), float(values.mean() + reach)]


def _dimension(answers: Any, places: Sequence[int]) -> dict[str, Any]:
    """The mean of its items for whoever answered all of them, and whether they measure one thing."""
    some = complete(answers, places)
    found: dict[str, Any] = {"n": len(some), "items": len(places), "mean": None, "alpha": None}
    if len(some) >= LEAST:
        found |= {"mean": _of_mean(some.mean(axis=1)), "alpha": alpha(some)}
    return found


def _gaps(answers: Any, sheet: Sheet, place: dict[str, int]) -> dict[str, Any]:
    """Perceived less expected, of each dimension that was asked both ways, of each question alone that was (by its code), and of all
    of them together ("")."""
    import numpy

    dimensions = sheet.dimensions
    pairs: dict[str, tuple[list[int], list[int]]] = {}
    for name, expected in sheet.expectations.items():
        pairs[name] = (
            [place[each.code] for each in expected],
            [place[each.expectation_of] for each in expected],
        )
    by_code = sheet.by_code
    for each in sheet.questions:
        if each.expectation_of and not by_code[each.expectation_of].dimension:
            pairs[each.expectation_of] = [place[each.code]], [place[each.expectation_of]]
    for hoped, found_in in sheet.gaps:
        pairs[found_in] = (
            [place[each.code] for each in dimensions[hoped]],
            [place[each.code] for each in dimensions[found_in]],
        )
    found: dict[str, Any] = {}
    together: list[tuple[list[int], list[int]]] = []
    for name, (before, after) in pairs.items():
        some = complete(answers, [*before, *after])
        found[name] = _gap(some[:, : len(before)], some[:, len(before) :])
        together.append((before, after))
    if len(pairs) > 1:
        places = [each for before, after in together for each in (*before, *after)]
        some = complete(answers, places)
        column = {each: at for at, each in enumerate(places)}
        gaps = [
            some[:, [column[each] for each in after]].mean(axis=1)
            - some[:, [column[each] for each in before]].mean(axis=1)
            for before, after in together
        ]
        found[""] = _split(numpy.mean(gaps, axis=0)) if len(some) else _split(numpy.empty(0))
    return found


def _gap(expected: Any, perceived: Any) -> dict[str, Any]:
    import numpy

    before, after = (each.mean(axis=1) if len(each) else each[:, 0] for each in (expected, perceived))
    found = _split(after - before)
    if len(expected) >= LEAST:
        found |= {"expected": float(before.mean()), "perceived": float(after.mean())}
        one, other = alpha(perceived), alpha(expected)
        if one and other and before.std() and after.std():
            found["reliability"] = of_a_difference(
                one[0], other[0], float(numpy.corrcoef(before, after)[0, 1])
            )
    return found


def _split(gaps: Any) -> dict[str, Any]:
    """Below zero dissatisfied, zero satisfied, above delighted. Means of whole points: what is nearer than 1e-9 is zero."""
    number = len(gaps)
    found: dict[str, Any] = {"n": number, "mean": None, "split": None, "reliability": None}
    if number >= LEAST:
        found |= {
            "mean": _of_mean(gaps),
            "split": [int((gaps < -1e-9).sum()), int((abs(gaps) <= 1e-9).sum()), int((gaps > 1e-9).sum())],
        }
    return found


# -- what leads to what ----------------------------------------------------------------------------------------------


def _model(answers: Any, sheet: Sheet, place: dict[str, int]) -> dict[str, Any] | None:
    """Index of each dimension of the paths, their coefficients, and the drivers of each that several lead to; with intervals
    from answers drawn again and again (percentile bootstrap, whole responses)."""
    import numpy

    if not sheet.paths:
        return None
    names = [name for name in sheet.dimensions if any(name in path for path in sheet.paths)]
    items = {name: [place[each.code] for each in sheet.dimensions[name]] for name in names}
    places = [each for some in items.values() for each in some]
    some = complete(answers, places)
    found: dict[str, Any] = {"n": len(some)}
    if len(some) < LEAST_FOR_MODEL:
        return found | {"why": "few"}
    where, at = {}, 0
    for name in names:
        where[name] = list(range(at, at + len(items[name])))
        at += len(items[name])
    ends = {name: (sheet.dimensions[name][0].low, sheet.dimensions[name][0].high) for name in names}
    targets = {
        name: before
        for name in names
        if 2 <= len(before := [a for a, b in sheet.paths if b == name]) <= drivers.MOST
    }

    def once(moments: Moments) -> list[float]:
        made = latent.model(moments.covariances, where, sheet.paths)
        told = [latent.index(made.weights[where[n]], moments.means[where[n]], *ends[n]) for n in names]
        told += [made.paths[path] for path in sheet.paths]
        weights = numpy.zeros((len(places), len(names)))
        for column, name in enumerate(names):
            weights[where[name], column] = made.weights[where[name]]
        together = weights.T @ moments.covariances @ weights  # the scores have variance 1
        for name, before in targets.items():
            wanted = [names.index(name), *(names.index(each) for each in before)]
            told += list(drivers.shares(together[numpy.ix_(wanted, wanted)]))
        return told + list(made.explained.values())

    try:
        first, draws = drawn(some, once)
        low, high = limits(draws)
    except (latent.Degenerate, numpy.linalg.LinAlgError):
        return found | {"why": "same"}
    told = iter([[float(one), float(a), float(b)] for one, a, b in zip(first, low, high, strict=True)])
    found["index"] = {name: next(told) for name in names}
    found["paths"] = [[a, b, *next(told)] for a, b in sheet.paths]
    found["drivers"] = {name: {each: next(told) for each in before} for name, before in targets.items()}
    found["explained"] = {name: next(told)[0] for name in names if any(name == b for _a, b in sheet.paths)}
    return found
