"""Is the value really low, or does the customer not notice it? Whoever is dissatisfied at a moment of truth, and whether the promise
made there was kept in that very case.

Mostly kept among the dissatisfied: they did not notice, or it is not what they want: tell them, show them. Mostly broken: it is
really low: improve it. What can be told is tested against an even split (binomial, exact), corrected by Holm for the number of
questions; a promise counts as the customer knew it when they answered.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from guixin.ledger.bulk import fetch_rows
from guixin.listen import comparing
from guixin.listen.models import Question, Wave
from guixin.listen.questions import Sheet
from guixin.listen.standards_behind import Behind
from guixin.listen.weakest import LOW
from guixin.web.intervals import newcombe, wilson

LEAST = 10  # dissatisfied ones with a judged promise; and on each side before the sides are compared
UNNOTICED, REALLY_LOW, BOTH, THIN = "unnoticed", "really_low", "both", "thin"

# Who answered how: below what they expected, or in the lower part of the scale where that was not asked.
SAID = """
    SELECT r.id, r.customer_id, r.case_id, r.completed_at,
        CASE WHEN %(hoped)s::bigint IS NULL THEN f.value < %(below)s ELSE f.value < h.value END AS is_low
    FROM listen_response r JOIN listen_answer f ON f.response_id = r.id AND f.question_id = %(found)s
    LEFT JOIN listen_answer h ON h.response_id = r.id AND h.question_id = %(hoped)s::bigint
    WHERE r.wave_id = %(wave)s AND r.completed_at IS NOT NULL AND r.struck_at IS NULL
        AND (%(hoped)s::bigint IS NULL OR h.value IS NOT NULL)
"""
_JUDGED = f"""
    WITH said AS MATERIALIZED ({SAID} AND r.case_id IS NOT NULL),
    judged AS (
        SELECT said.id, bool_or(k.breached_at <= said.completed_at) AS was_broken
        FROM said JOIN promise_clock k ON k.case_id = said.case_id JOIN promise_standardversion v ON v.id = k.version_id
        JOIN promise_standard s ON s.id = v.standard_id
        WHERE s.code = ANY(%(codes)s) AND k.state <> 'void' AND (%(department)s::bigint IS NULL OR k.department_id = %(department)s::bigint)
            AND (k.breached_at <= said.completed_at OR (k.state = 'met' AND k.stopped_at <= said.completed_at))
        GROUP BY said.id)
    SELECT coalesce(c.segment_id, 0), said.is_low, NOT coalesce(judged.was_broken, false), count(*)
    FROM said JOIN judged ON judged.id = said.id JOIN serve_case c ON c.id = said.case_id GROUP BY 1, 2, 3
"""  # noqa: S608  our own words


def terms_of(wave: Wave, sheet: Sheet, code: str) -> dict[str, Any]:
    """What SAID asks for."""
    one = sheet.by_code[code]
    ids = dict(Question.objects.filter(questionnaire=wave.version.questionnaire_id).values_list("code", "pk"))
    hoped = next((each.code for each in sheet.questions if each.expectation_of == code), None)
    return {
        "wave": wave.pk, "found": ids[code], "hoped": ids[hoped] if hoped else None,
        "below": one.low + LOW * (one.high - one.low),
    }  # fmt: skip


def noticed(wave: Wave, sheet: Sheet, behind: Mapping[str, Behind]) -> list[dict[str, Any]]:
    """As JSON, of each question with a standard behind it: see `told`. Nothing of an anonymous wave, which knows no case."""
    if wave.is_anonymous:
        return []
    found, chances = [], []
    for code, each in behind.items():
        if not each.standards:
            continue
        terms = terms_of(wave, sheet, code) | {"codes": list(each.standards), "department": each.department}
        counts: dict[tuple[bool, bool], int] = defaultdict(int)
        unnoticed_in = Counter[int]()
        for segment, is_low, was_kept, number in fetch_rows(_JUDGED, terms):
            counts[is_low, was_kept] += number
            if is_low and was_kept:
                unnoticed_in[segment] += number
        one, chance = told(counts)
        segment = unnoticed_in.most_common(1)
        found.append(
            {"code": code, "moment": each.moment, "standards": list(each.standards)}
            | one
            | {"segment": segment[0][0] if segment else 0}
        )
        chances.append(chance)
    tested = [at for at, each in enumerate(found) if "share" in each]
    adjusted = comparing.holm([chances[at] for at in tested])
    for at, chance in zip(tested, adjusted, strict=True):
        found[at] |= {"adjusted": chance, "verdict": _verdict(found[at]["share"][0], chance)}
    return found


def _verdict(share: float, chance: float) -> str:
    if chance >= comparing.CHANCE:
        return BOTH
    return UNNOTICED if share > 0.5 else REALLY_LOW


def told(counts: Mapping[tuple[bool, bool], int]) -> tuple[dict[str, Any], float]:
    """({"low", "kept", "share": of the dissatisfied in whose case the promise was kept, "difference": how many more are dissatisfied
    where it was broken}, p against an even split), of counts by (is dissatisfied, was kept)."""
    kept, broken = counts.get((True, True), 0), counts.get((True, False), 0)
    low = kept + broken
    found: dict[str, Any] = {
        "low": low, "kept": kept, "judged": sum(counts.values()), "verdict": THIN, "difference": None,
    }  # fmt: skip
    all_kept, all_broken = kept + counts.get((False, True), 0), broken + counts.get((False, False), 0)
    if min(all_kept, all_broken) >= LEAST:
        found["difference"] = list(
            newcombe(
                (broken / all_broken, *wilson(broken, all_broken)), (kept / all_kept, *wilson(kept, all_kept))
            )
        )
    if low < LEAST:
        return found, 1.0
    return found | {"share": [kept / low, *wilson(kept, low)]}, even(kept, low)


def even(some: int, number: int) -> float:
    """The two-sided exact chance of so uneven a split were both sides as likely.

    >>> round(even(12, 15), 4), even(5, 10)
    (0.0352, 1.0)
    """
    from scipy.special import bdtr

    return min(1.0, 2 * float(bdtr(min(some, number - some), number, 0.5)))
