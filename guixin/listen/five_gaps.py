"""The five gaps (五差距) of a wave that asks what was expected and what was found: each from what is on record, or the reason why it
cannot be told.

Parasuraman, Zeithaml and Berry 1985: customers' expectations and what managers take them for (1), managers' belief and the
standards set (2), the standards and what was delivered (3), what was promised outside and what was given (4), expected and
found (5). Gap 5 comes from the survey; the others from the firm's own records.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from guixin.listen import comparing
from guixin.listen.expected_times import expected_times
from guixin.listen.models import Question, Wave
from guixin.listen.questions import Asked, Sheet
from guixin.listen.standards_behind import Behind, all_together, kept_behind, summed
from guixin.web.intervals import student, wilson

LEAST = 10  # customers who answered both, before their gap is told
FEWEST_OF_OURS = 5  # own people who answered; the interval says how little five tell
FEWEST_PROMISES = 5


def asks_both(sheet: Sheet) -> bool:
    """What was expected as well as what was found; a time that is expected is held against what is promised."""
    return bool(sheet.gaps or any(each.expectation_of or each.standard for each in sheet.questions))


def expectations(sheet: Sheet) -> list[Asked]:
    dimensions = sheet.dimensions
    return [each for each in sheet.questions if each.expectation_of] + [
        each for name, _found in sheet.gaps for each in dimensions[name]
    ]


def wave_of_ours(wave: Wave) -> Wave | None:
    """The last wave of the same questionnaire that our own people answered as they think customers would."""
    asked = Wave.objects.filter(
        version__questionnaire=wave.version.questionnaire_id, is_of_our_people=True, figures__isnull=False
    )
    return asked.select_related("version").order_by("-opened_at", "-pk").first()


def five_gaps(
    wave: Wave, sheet: Sheet, behind: Mapping[str, Behind], since: datetime, until: datetime
) -> dict[str, Any]:
    """As JSON: "1" to "5", each with its figures or `why` there are none, and `questions`, the same by question."""
    pairs = [(each, sheet.by_code[each.expectation_of]) for each in sheet.questions if each.expectation_of]
    asked = {found.code: behind[found.code] for _hoped, found in pairs if found.code in behind}
    if not pairs:
        hopes = {name for name, _found in sheet.gaps}
        asked = {code: each for code, each in behind.items() if sheet.by_code[code].dimension not in hopes}
    kept = kept_behind(asked, since, until)
    found: dict[str, Any] = {
        "1": _knowledge(wave, sheet),
        "2": _standards(asked) | {"times": expected_times(wave, sheet, wave_of_ours(wave), since, until)},
        "5": _customers(wave, sheet, pairs),
    } | _promises(asked, since, until)
    own = found["1"].pop("questions", {})
    customers = found["5"].pop("questions", {})
    found["questions"] = [
        {
            "code": code, "moment": each.moment, "standards": list(each.standards), "belief": own.get(code),
            "promises": kept[code].as_json() if each.is_measured else None, "gap": customers.get(code),
        }
        for code, each in asked.items()
    ]  # fmt: skip
    return found


# -- gap 1: what managers believe ------------------------------------------------------------------------------------


def _knowledge(wave: Wave, sheet: Sheet) -> dict[str, Any]:
    """What our people believe customers expect, less what customers expect."""
    ours = wave_of_ours(wave)
    if ours is None:
        return {"why": "no_wave"}
    theirs = ours.version.sheet.by_code
    items = [each for each in expectations(sheet) if each.code in theirs]
    if not items:
        return {"why": "no_wave"}
    found: dict[str, Any] = {"wave": ours.code, "questions": _beliefs(wave, ours, items)}
    if len({(each.low, each.high) for each in items}) > 1:
        return found | {"why": "scales"}
    customers, managers = _means(wave, [items]), _means(ours, [items])
    found |= {"n": customers[0], "ours": managers[0]}
    if customers[0] < LEAST or managers[0] < FEWEST_OF_OURS:
        return found | {"why": "few"}
    return found | {"difference": welch(managers, customers)[0]}


def _beliefs(wave: Wave, ours: Wave, items: Sequence[Asked]) -> dict[str, Any]:
    """By the code of what the expectation belongs to: [difference, low, high], and whether it is inside the noise once that so many
    were compared is counted in (Holm)."""
    told: dict[str, tuple[list[float], float]] = {}
    for each in items:
        sides = [_spread(one, each.code) for one in (ours, wave)]
        if sides[0][0] >= FEWEST_OF_OURS and sides[1][0] >= LEAST:
            told[each.expectation_of or each.code] = welch(*sides)
    adjusted = comparing.holm([chance for _difference, chance in told.values()])
    return {
        code: {"difference": difference, "is_noise": chance >= comparing.CHANCE}
        for (code, (difference, _p)), chance in zip(told.items(), adjusted, strict=True)
    }


Spread = tuple[int, float, float]  # number, mean, variance


def _spread(wave: Wave, code: str) -> Spread:
    counts = (wave.figures or {}).get("questions", {}).get(code, {}).get("counts", {})
    number = sum(counts.values())
    if number < 2:
        return number, 0.0, 0.0
    middle = sum(int(point) * n for point, n in counts.items()) / number
    return number, middle, sum(n * (int(point) - middle) ** 2 for point, n in counts.items()) / (number - 1)


def welch(first: Spread, second: Spread) -> tuple[list[float], float]:
    """([difference of the means, low, high], p), without taking the spreads for equal (Welch 1947).

    >>> difference, p = welch((5, 3.0, 2.5), (10, 5.0, 2.5))
    >>> [round(each, 3) for each in difference], round(p, 3)
    ([-2.0, -3.999, -0.001], 0.05)
    """
    (n, middle, spread), (m, other, spread_other) = first, second
    one, two = spread / n, spread_other / m
    apart, error = middle - other, (one + two) ** 0.5
    if not error:
        return [apart, apart, apart], 0.0 if apart else 1.0
    freedom = (one + two) ** 2 / (one**2 / (n - 1) + two**2 / (m - 1))
    from scipy.special import stdtr, stdtrit

    reach = float(stdtrit(freedom, 0.975)) * error
    return [apart, apart - reach, apart + reach], 2 * float(stdtr(freedom, -abs(apart) / error))


# -- gaps 2 to 4: standards and promises -------------------------------------------------------------------------------


def _standards(asked: Mapping[str, Behind]) -> dict[str, Any]:
    """Counted, not estimated: all questions there are, so no interval."""
    if not any(each.moment for each in asked.values()):
        return {"why": "no_moment", "asked": len(asked)}
    return {
        "asked": len(asked),
        "with_standard": sum(bool(each.standards) for each in asked.values()),
        "without": [code for code, each in asked.items() if not each.standards],
    }


def _promises(asked: Mapping[str, Behind], since: datetime, until: datetime) -> dict[str, dict[str, Any]]:
    if not any(each.is_measured for each in asked.values()):
        return {"3": {"why": "no_standard"}, "4": {"why": "no_standard"}}
    whole = summed(kept_behind(all_together(asked), since, until))
    return {"3": _share(whole.kept, whole.ended), "4": _share(whole.given, whole.told)}


def _share(did: int, number: int) -> dict[str, Any]:
    found: dict[str, Any] = {"n": number, "did": did}
    if number < FEWEST_PROMISES:
        return found | {"why": "few_promises"}
    return found | {"share": [did / number, *wilson(did, number)]}


# -- gap 5: what customers expected and found --------------------------------------------------------------------------

_PAIRS = """
    SELECT f.response_id, avg(f.value - h.value) AS gap
    FROM listen_response r JOIN listen_answer f ON f.response_id = r.id
    JOIN unnest(%(found)s::bigint[], %(hoped)s::bigint[]) AS e (found, hoped) ON e.found = f.question_id
    JOIN listen_answer h ON h.response_id = r.id AND h.question_id = e.hoped
    WHERE r.wave_id = %(wave)s AND r.completed_at IS NOT NULL AND r.struck_at IS NULL AND (NOT %(anonymous)s OR r.joined_figures)
    GROUP BY f.response_id HAVING count(*) = %(number)s
"""
_GAP = f"""
    SELECT count(*), coalesce(avg(gap), 0)::float, coalesce(var_samp(gap), 0)::float,
        count(*) FILTER (WHERE gap < 0), count(*) FILTER (WHERE gap = 0), count(*) FILTER (WHERE gap > 0)
    FROM ({_PAIRS}) AS each
"""  # noqa: S608  our own words


def _customers(wave: Wave, sheet: Sheet, pairs: Sequence[tuple[Asked, Asked]]) -> dict[str, Any]:
    """What was found less what was expected, over all pairs of whoever answered all of them; and pair by pair."""
    if not pairs and not sheet.gaps:
        return {"n": 0, "why": "not_both"}
    if not pairs:
        told = (wave.figures or {}).get("gaps", {})
        one: dict[str, Any] = told.get("") or next(iter(told.values()), {})
        if not one.get("mean"):
            return {"n": one.get("n", 0), "why": "few"}
        return {"n": one["n"], "mean": one["mean"], "split": one["split"]}
    ids = _ids(wave)
    by_question = {found.code: _gap(wave, [(ids[found.code], ids[hoped.code])]) for hoped, found in pairs}
    whole = _gap(wave, [(ids[found.code], ids[hoped.code]) for hoped, found in pairs])
    return whole | {"questions": {code: each for code, each in by_question.items() if "mean" in each}}


def _gap(wave: Wave, pairs: Sequence[tuple[int, int]]) -> dict[str, Any]:
    terms: dict[str, Any] = {
        "wave": wave.pk, "anonymous": wave.is_anonymous, "number": len(pairs), "found": [a for a, _b in pairs],
        "hoped": [b for _a, b in pairs],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_GAP, terms)
        number, middle, spread, *split = cursor.fetchone()
    if number < LEAST:
        return {"n": number, "why": "few"}
    reach = student(min(number - 1, 1_000_000)) * (spread / number) ** 0.5
    return {"n": number, "mean": [middle, middle - reach, middle + reach], "split": split}


_MEANS = """
    SELECT count(*), coalesce(avg(mean), 0)::float, coalesce(var_samp(mean), 0)::float FROM (
        SELECT avg(a.value) AS mean FROM listen_response r JOIN listen_answer a ON a.response_id = r.id
        WHERE r.wave_id = %(wave)s AND r.completed_at IS NOT NULL AND r.struck_at IS NULL
            AND (NOT %(anonymous)s OR r.joined_figures) AND a.question_id = ANY(%(asked)s) AND a.value IS NOT NULL
        GROUP BY r.id HAVING count(*) = %(number)s) AS each
"""


def _means(wave: Wave, together: Sequence[Sequence[Asked]]) -> Spread:
    """Of the mean over these questions, for whoever answered all of them."""
    ids = _ids(wave)
    asked = [ids[each.code] for items in together for each in items]
    terms: dict[str, Any] = {
        "wave": wave.pk,
        "anonymous": wave.is_anonymous,
        "asked": asked,
        "number": len(asked),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MEANS, terms)
        number, middle, spread = cursor.fetchone()
    return number, middle, spread


def _ids(wave: Wave) -> dict[str, int]:
    rows = Question.objects.filter(questionnaire=wave.version.questionnaire_id)
    return dict(rows.values_list("code", "pk"))
