"""What one customer said in surveys: of each wave their score, and whether they found more or less than they expected.

An anonymous wave holds no customer, so nothing of it is here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy

from guixin.listen.models import Answer, Response, Wave
from guixin.listen.questions import Sheet
from guixin.listen.weakest import LOW, judged
from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.organisation.models.position import Duty

SHOWN = 12
DISSATISFIED, SATISFIED, DELIGHTED = "dissatisfied", "satisfied", "delighted"
VERDICTS = {
    DISSATISFIED: gettext_lazy("Dissatisfied"),
    SATISFIED: gettext_lazy("Satisfied"),
    DELIGHTED: gettext_lazy("Delighted"),
}


@dataclass(frozen=True)
class Said:
    """`score` of `high` points, the mean of the questions about the whole; `gap`: perceived less expected, none where that was
    not asked or not wholly answered; `verdict`: one of VERDICTS, blank where it cannot be told."""

    wave: Wave
    response_id: int
    at: datetime | None
    score: float | None
    high: int
    gap: float | None
    verdict: str

    @property
    def verdict_words(self) -> Any:
        return VERDICTS.get(self.verdict, "")


def said_by(customer_id: int) -> list[Said]:
    """The newest first, in one statement."""
    points = (
        Answer.objects.filter(response=OuterRef("pk"), value__isnull=False)
        .values("response")
        .annotate(points=JSONBAgg(JSONObject(code=F("question__code"), value=F("value"))))
        .values("points")
    )
    rows = (
        Response.objects.counted()
        .filter(customer=customer_id)
        .select_related("wave__version")
        .annotate(points=Subquery(points))
        .order_by("-completed_at", "-pk")[:SHOWN]
    )
    sheets: dict[int, Sheet] = {}
    found = []
    for each in rows:
        sheet = sheets.setdefault(each.wave.version_id, each.wave.version.sheet)
        given = {one["code"]: one["value"] for one in each.points or ()}
        score, high, is_low = _score(sheet, given)
        gap = _gap(sheet, given)
        found.append(
            Said(
                each.wave, each.pk, each.completed_at, score, high, gap,
                _verdict(gap) or (DISSATISFIED if is_low and not _pairs(sheet) else ""),
            )
        )  # fmt: skip
    return found


def may_open(wave: Wave, person: Person) -> bool:
    """As Wave.objects.visible_to, of one that is read already."""
    scope = scope_of(person)
    return (
        scope.sees_everything
        or scope.is_front_desk
        or scope.has_duty(Duty.ADMINISTRATOR)
        or wave.owner_id == scope.person_id
    )


def _score(sheet: Sheet, given: Mapping[str, int]) -> tuple[float | None, int, bool]:
    """(score, its highest point, whether it lies in the lower part of the scale)"""
    asked = [each for each in judged(sheet).outcome if each.code in given]
    if not asked or len({(each.low, each.high) for each in asked}) > 1:
        return None, 0, False
    low, high = asked[0].low, asked[0].high
    score = sum(given[each.code] for each in asked) / len(asked)
    return score, high, score < low + LOW * (high - low)


def _pairs(sheet: Sheet) -> list[tuple[list[str], list[str]]]:
    """(codes of expectations, codes of what was found)"""
    dimensions = sheet.dimensions
    alone = [([each.code], [each.expectation_of]) for each in sheet.questions if each.expectation_of]
    return alone + [
        ([each.code for each in dimensions[a]], [each.code for each in dimensions[b]]) for a, b in sheet.gaps
    ]


def _gap(sheet: Sheet, given: Mapping[str, int]) -> float | None:
    """The mean over all pairs, as groups count it; none unless all were answered."""
    pairs = _pairs(sheet)
    if not pairs or any(code not in given for pair in pairs for side in pair for code in side):
        return None
    return sum(_mean(given, after) - _mean(given, before) for before, after in pairs) / len(pairs)


def _mean(given: Mapping[str, int], codes: list[str]) -> float:
    return sum(given[code] for code in codes) / len(codes)


def _verdict(gap: float | None) -> str:
    if gap is None:
        return ""
    return SATISFIED if abs(gap) <= 1e-9 else DELIGHTED if gap > 0 else DISSATISFIED
