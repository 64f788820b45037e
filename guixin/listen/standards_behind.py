"""Which service standards stand behind a question, and how the promises by them were kept in the time a wave asks about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guixin.ledger.bulk import fetch_rows
from guixin.listen.questions import SCALE, Sheet
from guixin.organisation.models import Department
from guixin.promise.models import StandardVersion
from guixin.promise.models.standard import TO_CUSTOMER
from guixin.promise.moments import elements_in_force


@dataclass(frozen=True)
class Behind:
    """Of one question: `standards` in force at its moment of truth; `department`: whose promises alone count, by its id.

    Without a moment, all promises of its department stand behind it.
    """

    moment: str = ""
    standards: tuple[str, ...] = ()
    department: int | None = None

    @property
    def is_measured(self) -> bool:
        return bool(self.standards or (self.department and not self.moment))


@dataclass(frozen=True)
class Kept:
    """Promises that ended: how many, how many were kept; of those told to customers how many, and how many were given by the
    deadline first told, before any more time was granted."""

    ended: int = 0
    kept: int = 0
    told: int = 0
    given: int = 0

    def as_json(self) -> dict[str, int]:
        return dict(vars(self))


def standards_behind(sheet: Sheet) -> dict[str, Behind]:
    """By the code of each question that asks how something was found."""
    asked = [each for each in sheet.questions if each.kind == SCALE and not each.is_beside]
    drawn = elements_in_force({each.moment for each in asked if each.moment})
    codes = {code for each in drawn.values() for code in each.standards}
    in_force = set(
        StandardVersion.objects.filter(withdrawn_at=None, standard__code__in=codes).values_list(
            "standard__code", flat=True
        )
    )
    named = {each.department for each in asked if each.department}
    departments = dict(Department.objects.filter(code__in=named).values_list("code", "pk"))
    return {
        each.code: Behind(
            each.moment,
            tuple(code for code in drawn[each.moment].standards if code in in_force) if each.moment in drawn else (),
            departments.get(each.department),
        )
        for each in asked
    }  # fmt: skip


_FIRST_TOLD = """
    LEFT JOIN (SELECT clock_id, min(old_due_at) AS due_at FROM promise_extension WHERE state = 'granted' GROUP BY clock_id) x
        ON x.clock_id = k.id
"""
_COUNTED = """
    count(DISTINCT k.id), count(DISTINCT k.id) FILTER (WHERE k.state = 'met'),
    count(DISTINCT k.id) FILTER (WHERE k.measure = ANY(%(told)s)),
    count(DISTINCT k.id) FILTER (WHERE k.measure = ANY(%(told)s) AND k.state = 'met'
        AND (x.due_at IS NULL OR k.stopped_at <= x.due_at))
"""
_OF_STANDARDS = f"""
    SELECT e.key, {_COUNTED}
    FROM unnest(%(keys)s::text[], %(codes)s::text[], %(departments)s::bigint[]) AS e (key, code, department)
    JOIN promise_standard s ON s.code = e.code JOIN promise_standardversion v ON v.standard_id = s.id
    JOIN promise_clock k ON k.version_id = v.id {_FIRST_TOLD}
    WHERE k.state IN ('met', 'missed') AND k.stopped_at >= %(since)s AND k.stopped_at < %(until)s
        AND (e.department IS NULL OR k.department_id = e.department) GROUP BY e.key
"""  # noqa: S608  our own words
_OF_DEPARTMENTS = f"""
    SELECT e.key, {_COUNTED}
    FROM unnest(%(keys)s::text[], %(departments)s::bigint[]) AS e (key, department)
    JOIN promise_clock k ON k.department_id = e.department {_FIRST_TOLD}
    WHERE k.state IN ('met', 'missed') AND k.stopped_at >= %(since)s AND k.stopped_at < %(until)s GROUP BY e.key
"""  # noqa: S608  our own words


def kept_behind(behind: Mapping[str, Behind], since: datetime, until: datetime) -> dict[str, Kept]:
    """By the same keys, the promises that ended in [since, until)."""
    found = dict.fromkeys(behind, Kept())
    span: dict[str, Any] = {"told": [str(each) for each in TO_CUSTOMER], "since": since, "until": until}
    rows = [(key, code, each.department) for key, each in behind.items() for code in each.standards]
    if rows:
        keys, codes, departments = (list(column) for column in zip(*rows, strict=True))
        terms = span | {"keys": keys, "codes": codes, "departments": departments}
        found |= {key: Kept(*counts) for key, *counts in fetch_rows(_OF_STANDARDS, terms)}
    alone = [
        (key, each.department) for key, each in behind.items() if each.is_measured and not each.standards
    ]
    if alone:
        keys, departments = (list(column) for column in zip(*alone, strict=True))
        terms = span | {"keys": keys, "departments": departments}
        found |= {key: Kept(*counts) for key, *counts in fetch_rows(_OF_DEPARTMENTS, terms)}
    return found


def all_together(behind: Mapping[str, Behind]) -> dict[str, Behind]:
    """What stands behind any of the questions as keys of its own, so that no promise is counted twice; see `summed`."""
    whole = {code for each in behind.values() if not each.department for code in each.standards}
    found = {f"standard:{code}": Behind("", (code,)) for code in sorted(whole)}
    of_department = {each.department for each in behind.values() if each.is_measured and not each.standards}
    found |= {f"department:{each}": Behind("", (), each) for each in sorted(filter(None, of_department))}
    for each in behind.values():
        for code in each.standards:
            if each.department and code not in whole and each.department not in of_department:
                found[f"standard:{code}:{each.department}"] = Behind("", (code,), each.department)
    return found


def summed(kept: Mapping[str, Kept]) -> Kept:
    return Kept(
        *(sum(getattr(each, name) for each in kept.values()) for name in ("ended", "kept", "told", "given"))
    )
