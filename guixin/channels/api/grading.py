"""How customers are graded, and what other currencies are worth: the draft, what it would change, and putting it in force."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field, StringConstraints

from guixin.channels.api.answers import Input, Word
from guixin.channels.api.door import Needs, by, now_of
from guixin.organisation.models import Scopes
from guixin.understand import grade_rules, rates
from guixin.understand.models import GradeRules, Rate

router = Router(tags=["grading"], auth=Needs(Scopes.STANDARDS_READ, administrators=True))
changing = Needs(Scopes.STANDARDS_WRITE, administrators=True)
LISTED = 500
Letter = Annotated[str, StringConstraints(pattern="^[A-Z]$")]
Weight = Annotated[int, Field(ge=0, le=100)]


class GradeShare(Input):
    """A grade, and down to which share of the customers (or of the value) it reaches; the last takes the rest."""

    letter: Letter
    share: int = Field(ge=1, le=100)


class Weights(Input):
    recency: Weight
    frequency: Weight
    money: Weight
    lifetime: Weight


class GradeRulesGiven(Input):
    """Only what is named is changed in the draft."""

    method: Literal["score", "abc"] | None = None
    value: Literal["net", "lifetime"] | None = None
    weights: Weights | None = None
    cuts: list[GradeShare] | None = Field(None, min_length=1, max_length=10)
    least_orders: int | None = Field(None, ge=0, le=100)
    steady_periods: int | None = Field(None, ge=1, le=6)
    period: Literal["week", "month", "quarter"] | None = None
    horizon_months: int | None = Field(None, ge=1, le=60)
    margin_percent: Decimal | None = Field(None, ge=1, le=100, decimal_places=2)
    discount_percent: Decimal | None = Field(None, ge=0, le=99, decimal_places=2)


class GradeRulesShown(BaseModel):
    """`number` is the version; none: the draft."""

    number: int | None
    published_at: datetime | None
    method: str
    value: str
    weights: dict[str, int]
    cuts: list[dict[str, Any]]
    least_orders: int
    steady_periods: int
    period: str
    horizon_months: int
    margin_percent: float
    discount_percent: float


class MoveShown(BaseModel):
    before: str
    after: str
    customers: int


class GradingPreviewShown(BaseModel):
    """Over the figures of the last grading."""

    customers: int
    changed: int
    moves: list[MoveShown]
    letters: dict[str, int]


class RateGiven(Input):
    currency: Word
    since: date
    rate: Decimal = Field(max_digits=20, decimal_places=8, description="One unit in the firm's currency.")


class RateShown(BaseModel):
    currency: str
    since: date
    rate: str


def _shown(rules: GradeRules) -> dict[str, Any]:
    same = set(GradeRulesShown.model_fields) - {"cuts"}
    return {name: getattr(rules, name) for name in same} | {
        "cuts": [{"letter": letter, "share": share} for letter, share in rules.cuts]
    }


@router.get("/grade-rules", response=list[GradeRulesShown], summary="How customers are graded: every version")
def versions(request: HttpRequest):
    """The newest first. None: nobody has decided yet, and ours hold."""
    return [_shown(each) for each in GradeRules.objects.exclude(number=None).order_by("-number")[:LISTED]]


@router.get(
    "/grade-rules/draft", response=GradeRulesShown, summary="The draft, or a copy of what is in force"
)
def draft(request: HttpRequest):
    return _shown(grade_rules.draft(now_of(request)))


@router.patch("/grade-rules/draft", auth=changing, response=GradeRulesShown, summary="Work on the draft")
def change(request: HttpRequest, given: GradeRulesGiven):
    """Nobody is graded by a draft."""
    changes = {name: value for name, value in given.model_dump().items() if value is not None}
    if given.cuts is not None:
        changes["cuts"] = [[each.letter, each.share] for each in given.cuts]
    return _shown(grade_rules.write_draft(changes, by=by(request), now=now_of(request)))


@router.delete("/grade-rules/draft", auth=changing, response={204: None}, summary="Drop the draft")
def drop(request: HttpRequest):
    grade_rules.drop_draft()
    return Status(204, None)


@router.get(
    "/grade-rules/draft/preview", response=GradingPreviewShown, summary="Who would change under the draft"
)
def preview(request: HttpRequest):
    seen = grade_rules.preview(grade_rules.draft(now_of(request)))
    moves = [{"before": one, "after": other, "customers": n} for one, other, n in seen["moves"]]
    return seen | {"moves": moves}


@router.post(
    "/grade-rules/draft/publication",
    auth=changing,
    response={201: GradeRulesShown},
    summary="Grade by the draft",
)
def publish(request: HttpRequest):
    """A worker grades by it within minutes."""
    return Status(201, _shown(grade_rules.publish(by=by(request), now=now_of(request))))


@router.get("/rates", response=list[RateShown], summary="What other currencies are worth, by day")
def listed(request: HttpRequest):
    return [_rate(each) for each in Rate.objects.order_by("currency", "-since")[:LISTED]]


@router.post("/rates", auth=changing, response={201: RateShown}, summary="A rate from a day on")
def set_rate(request: HttpRequest, given: RateGiven):
    """The same day again replaces it; the next grading counts by it."""
    made = rates.set_rate(given.currency, given.since, given.rate, by=by(request), now=now_of(request))
    return Status(201, _rate(made))


def _rate(rate: Rate) -> dict[str, Any]:
    return {"currency": rate.currency, "since": rate.since, "rate": f"{rate.rate.normalize():f}"}
