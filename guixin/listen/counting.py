"""The figures of a wave, counted by a worker and kept on it: numpy is nowhere on the way of a request.

Questions are counted by one statement. What needs the answers of one person beside each other (reliability, perceived less
expected, index, drivers) reads them as one narrow matrix: a million responses to 24 questions are 24 MB.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, Q

from guixin.listen import drivers, latent, ranked, scores
from guixin.listen.models import Answer, Wave
from guixin.listen.questions import COUNTED, RANKING, SCALE, Asked, Sheet
from guixin.listen.reliability import alpha, of_a_difference
from guixin.listen.who_answered import weighted_means
from guixin.web.intervals import student, wilson

NOTHING = -1  # in the matrix: no answer
LEAST = 10  # complete responses before a dimension, a gap or its reliability is told
LEAST_FOR_MODEL = 30
FEWEST_OF_NOBODY = (
    5  # anonymous responses before anything of them is told: colleagues know who of three was cross
)
DRAWS, DRAWS_OF_MANY, MANY = 500, 100, 20_000
SEED = 2005  # the same answers always have the same intervals
Interval = list[float]


def count_next(now: datetime) -> bool:
    """One wave whose answers changed. False if there is none. Answers that came meanwhile have it counted again."""
    wave = Wave.objects.exclude(answers_seen=F("figures_of")).select_related("version").order_by("pk").first()
    if wave is None:
        return False
    Wave.objects.filter(pk=wave.pk, answers_seen=wave.answers_seen).update(
        figures=figures(wave), figures_of=wave.answers_seen
    )
    return True


def figures(wave: Wave) -> dict[str, Any]:
    """Everything a wave says, as JSON; null where there is not enough to say it."""
    sheet, responses = wave.version.sheet, wave.responses.filter(struck_at=None)
    links = wave.invitations.aggregate(made=Count("pk"), answered=Count("pk", filter=Q(is_answered=True)))
    found: dict[str, Any] = {
        "responses": responses.counted().count(),
        "begun": responses.filter(completed_at=None).count(),
        "links": links["made"],
        "rate": [links["answered"] / links["made"], *wilson(links["answered"], links["made"])] if links["made"] else None,
        "questions": {},
    }  # fmt: skip
    if wave.is_anonymous and found["responses"] < FEWEST_OF_NOBODY:
        return found
    found["questions"] = _questions(wave, sheet)
    if weighted := weighted_means(wave):
        found["weighted"] = weighted
    scales = [each for each in sheet.questions if each.kind == SCALE]
    if not scales:
        return found
    answers = matrix(wave, scales)
    place = {each.code: at for at, each in enumerate(scales)}
    found["dimensions"] = {
        name: _dimension(answers, [place[each.code] for each in items])
        for name, items in sheet.dimensions.items()
    }
    found["gaps"] = _gaps(answers, sheet, place)
    found["model"] = _model(answers, sheet, place)
    return found


def _questions(wave: Wave, sheet: Sheet) -> dict[str, Any]:
    given = Answer.objects.filter(response__in=wave.responses.counted())
    rows = (
        given.filter(question__kind__in=COUNTED)
        .values_list("question__code", "value", "words")
        .annotate(number=Count("pk"))
    )
    counts: dict[str, dict[Any, int]] = {}
    for code, value, words, number in rows:
        counts.setdefault(code, {})[words if value is None else value] = number
    texts = dict(
        given.exclude(question__kind__in=COUNTED).values_list("question__code").annotate(number=Count("pk"))
    )
    found = {each.code: _question(each, counts.get(each.code, {}), texts) for each in sheet.questions}
    for one in sheet.questions:
        if one.kind == RANKING:
            found[one.code]["places"] = ranked.places(wave, one)
    return found


def _question(one: Asked, counts: dict[Any, int], texts: dict[str, int]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "n": sum(counts.values()) or texts.get(one.code, 0),
        "counts": {str(each): counts[each] for each in sorted(counts)},
    }
    if one.kind == SCALE:
        found |= {"mean": scores.mean(counts), "read": scores.read_as(one.reads_as, one.high, counts)}
    return found


def matrix(wave: Wave, scales: Sequence[Asked]) -> Any:
    """(responses given to the end, scales) int8, in the order of their ids; NOTHING where there is no answer."""
    import numpy

    ids = dict(wave.version.questionnaire.questions.values_list("code", "pk"))
    columns = ", ".join(f"max(a.value) FILTER (WHERE a.question_id = {ids[each.code]:d})" for each in scales)
    pieces = []
    connection.ensure_connection()
    with transaction.atomic(), connection.connection.cursor(name="wave_answers") as cursor:
        cursor.itersize = 20_000
        cursor.execute(
            f"SELECT {columns} FROM listen_response r JOIN listen_answer a ON a.response_id = r.id"  # noqa: S608
            " WHERE r.wave_id = %s AND r.completed_at IS NOT NULL AND r.struck_at IS NULL"
            " GROUP BY r.id ORDER BY r.id",
            [wave.pk],
        )
        while rows := cursor.fetchmany(20_000):
            pieces.append(
                numpy.array(
                    [[NOTHING if each is None else each for each in row] for row in rows], dtype=numpy.int8
                )
            )
    return numpy.concatenate(pieces) if pieces else numpy.empty((0, len(scales)), dtype=numpy.int8)


def _complete(answers: Any, places: Sequence[int]) -> Any:
    some = answers[:, list(places)]
    return some[(some != NOTHING).all(axis=1)].astype(float)


def _of_mean(values: Any) -> Interval:
    """[mean, low, high] by Student's t."""
    number = len(values)
    reach = student(min(number - 1, 1_000_000)) * values.std(ddof=1) / number**0.5
    return [float(values.mean()), float(values.mean() - reach), float(values.mean() + reach)]


def _dimension(answers: Any, places: Sequence[int]) -> dict[str, Any]:
    """The mean of its items for whoever answered all of them, and whether they measure one thing."""
    some = _complete(answers, places)
    found: dict[str, Any] = {"n": len(some), "items": len(places), "mean": None, "alpha": None}
    if len(some) >= LEAST:
        found |= {"mean": _of_mean(some.mean(axis=1)), "alpha": alpha(some)}
    return found


def _gaps(answers: Any, sheet: Sheet, place: dict[str, int]) -> dict[str, Any]:
    """Perceived less expected, of each dimension that was asked both ways, and of all of them together ("")."""
    import numpy

    dimensions = sheet.dimensions
    pairs: dict[str, tuple[list[int], list[int]]] = {}
    for name, expected in sheet.expectations.items():
        pairs[name] = (
            [place[each.code] for each in expected],
            [place[each.expectation_of] for each in expected],
        )
    for hoped, found_in in sheet.gaps:
        pairs[found_in] = (
            [place[each.code] for each in dimensions[hoped]],
            [place[each.code] for each in dimensions[found_in]],
        )
    found: dict[str, Any] = {}
    together: list[tuple[list[int], list[int]]] = []
    for name, (before, after) in pairs.items():
        some = _complete(answers, [*before, *after])
        found[name] = _gap(some[:, : len(before)], some[:, len(before) :])
        together.append((before, after))
    if len(pairs) > 1:
        places = [each for before, after in together for each in (*before, *after)]
        some = _complete(answers, places)
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
    some = _complete(answers, places)
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

    def once(rows: Any) -> list[float]:
        means = rows.mean(axis=0)
        made = latent.model(numpy.cov(rows, rowvar=False), where, sheet.paths)
        told = [latent.index(made.weights[where[n]], means[where[n]], *ends[n]) for n in names]
        told += [made.paths[path] for path in sheet.paths]
        scores_of = numpy.column_stack([rows[:, where[n]] @ made.weights[where[n]] for n in names])
        together = numpy.corrcoef(scores_of, rowvar=False)
        for name, before in targets.items():
            wanted = [names.index(name), *(names.index(each) for each in before)]
            told += list(drivers.shares(together[numpy.ix_(wanted, wanted)]))
        return told

    try:
        first = once(some)
        explained = latent.model(numpy.cov(some, rowvar=False), where, sheet.paths).explained
        low, high = _drawn(some, once)
    except (latent.Degenerate, numpy.linalg.LinAlgError):
        return found | {"why": "same"}
    told = iter([[float(one), float(a), float(b)] for one, a, b in zip(first, low, high, strict=True)])
    found["index"] = {name: next(told) for name in names}
    found["paths"] = [[a, b, *next(told)] for a, b in sheet.paths]
    found["drivers"] = {name: {each: next(told) for each in before} for name, before in targets.items()}
    found["explained"] = explained
    return found


def _drawn(rows: Any, once: Any) -> tuple[Any, Any]:
    """2.5 % and 97.5 % of each figure over as many samples; one in which somebody varies in nothing is drawn again."""
    import numpy

    told: list[list[float]] = []
    drawing, tries = numpy.random.default_rng(SEED), 0
    draws = DRAWS if len(rows) <= MANY else DRAWS_OF_MANY
    while len(told) < draws:
        tries += 1
        if tries > 2 * draws:
            raise latent.Degenerate
        try:
            told.append(once(rows[drawing.integers(len(rows), size=len(rows))]))
        except (latent.Degenerate, numpy.linalg.LinAlgError):
            continue
    low, high = numpy.percentile(numpy.array(told), [2.5, 97.5], axis=0)
    return low, high
