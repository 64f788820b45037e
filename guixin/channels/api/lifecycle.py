"""The lifecycle of the business or of a product line, for programs."""

from datetime import date, datetime
from typing import Literal

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel

from guixin.channels.api.answers import Input, Word
from guixin.channels.api.door import Needs, must, now_of, scope
from guixin.organisation.models import Scopes
from guixin.serve.overview import sees_all
from guixin.understand import lifecycle
from guixin.web import money

router = Router(tags=["lifecycle"], auth=Needs(Scopes.CUSTOMERS_READ))


class GrowthShown(BaseModel):
    """Per period; 0.05 is five per cent. `low` and `high`: 95 % interval."""

    rate: float
    low: float
    high: float
    periods: int
    by_year: bool


class PeriodShown(BaseModel):
    begins: date
    is_complete: bool
    active: int
    new: int
    retained: int
    reactivated: int
    dormant: int
    cumulative: int
    net: int
    retention: float | None
    retention_low: float | None
    retention_high: float | None
    share_of_customers: float | None
    share_of_value: float | None


class LifecycleShown(BaseModel):
    """`stage`: introduction, growth, maturity, decline, or unknown with `why_unknown`."""

    line: str
    lines: list[str]
    length: str
    stage: str
    why_unknown: str | None
    growth: GrowthShown | None
    new_share: float | None
    currency: str
    counted_at: datetime | None
    periods: list[PeriodShown]


class Asked(Input):
    """`line` blank: the whole business."""

    line: Word = ""
    length: Literal["month", "quarter"] = "month"


@router.get(
    "/lifecycle",
    response=LifecycleShown,
    summary="Stage, growth and course of the business or a product line",
)
def shown(request: HttpRequest, asked: Query[Asked]):
    must(sees_all(scope(request)))
    seen = lifecycle.course(asked.line, asked.length, now_of(request))
    growth, verdict = seen.verdict.growth, seen.verdict
    return {
        "line": seen.line, "lines": lifecycle.lines(), "length": seen.length, "stage": verdict.stage.value,
        "why_unknown": verdict.why_unknown.value if verdict.why_unknown else None,
        "growth": vars(growth) if growth else None, "new_share": verdict.new_share, "currency": money.firm_currency(),
        "counted_at": seen.periods[-1].row.counted_at if seen.periods else None,
        "periods": [
            {
                **{name: getattr(each.row, name) for name in ("begins", "active", "new", "retained", "reactivated",
                                                              "dormant", "cumulative", "net")},
                "is_complete": each.is_complete, "retention": each.retention,
                "retention_low": each.interval[0] if each.interval else None,
                "retention_high": each.interval[1] if each.interval else None,
                "share_of_customers": each.share_of_customers, "share_of_value": each.share_of_value,
            }
            for each in seen.periods
        ],
    }  # fmt: skip
