"""The second gap, where a time was asked: the time a standard promises against the time customers expect, and what our own people
believe they do. A standard counts working time and a customer does not, so a promise is taken from beginning to deadline by
the clock on the wall, as it was given in the time the wave asks about."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from guixin.ledger.bulk import fetch_rows
from guixin.listen.models import Wave
from guixin.listen.questions import Asked, Sheet
from guixin.web.intervals import wilson

LEAST = 10  # customers
FEWEST_PROMISES = 5

# What was waited for the customer, or granted later, was not promised at first.
_PROMISED = """
    SELECT s.code, count(k.id), percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM k.due_at - k.started_at) / 3600)
    FROM promise_standard s JOIN promise_standardversion v ON v.standard_id = s.id JOIN promise_clock k ON k.version_id = v.id
    WHERE s.code = ANY(%(codes)s) AND k.state IN ('met', 'missed') AND k.stopped_at >= %(since)s AND k.stopped_at < %(until)s
        AND NOT k.was_paused AND k.due_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM promise_extension x WHERE x.clock_id = k.id AND x.state = 'granted')
    GROUP BY s.code
"""


def asks_times(sheet: Sheet) -> list[Asked]:
    return [each for each in sheet.questions if each.standard]


def expected_times(
    wave: Wave, sheet: Sheet, ours: Wave | None, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """As JSON, of each question that asks for a time: `n` customers, the hours half of them expect it within; `promised`, the hours half
    of the `promises` were given for; `sooner`, the share who expect it before that; `ours` of how many believe so. Or `why` not."""
    asked = asks_times(sheet)
    if not asked:
        return []
    terms = {"codes": [each.standard for each in asked], "since": since, "until": until}
    promised = {code: (number, float(hours)) for code, number, hours in fetch_rows(_PROMISED, terms)}
    return [_one(each, wave, ours, *promised.get(each.standard, (0, 0.0))) for each in asked]


def _one(asked: Asked, wave: Wave, ours: Wave | None, promises: int, promised: float) -> dict[str, Any]:
    theirs = _hours(wave, asked)
    found: dict[str, Any] = {
        "code": asked.code,
        "standard": asked.standard,
        "n": len(theirs),
        "promises": promises,
    }
    if len(theirs) < LEAST:
        return found | {"why": "few"}
    found["expected"] = _median(theirs)
    if promises < FEWEST_PROMISES:
        return found | {"why": "few_promises"}
    sooner = _sooner(theirs, promised)
    found |= {"promised": round(promised, 1), "sooner": [sooner / len(theirs), *wilson(sooner, len(theirs))]}
    same = ours.version.sheet.by_code.get(asked.code) if ours else None
    if ours and same and (believed := _hours(ours, same)):
        found["ours"] = [_sooner(believed, promised), len(believed)]
    return found


def _hours(wave: Wave, asked: Asked) -> list[int]:
    """What was chosen, as hours, ascending."""
    counts: Mapping[str, int] = (
        (wave.figures or {}).get("questions", {}).get(asked.code, {}).get("counts", {})
    )
    meant = dict(zip(asked.choices, asked.choice_hours, strict=False))
    return sorted(meant[word] for word, number in counts.items() if word in meant for _one in range(number))


def _sooner(hours: Sequence[int], promised: float) -> int:
    return sum(each < promised for each in hours)


def _median(hours: Sequence[int]) -> int:
    """The lower one of two in the middle: nobody chose what lies between.

    >>> _median([4, 24, 48, 72])
    24
    """
    return hours[(len(hours) - 1) // 2]
