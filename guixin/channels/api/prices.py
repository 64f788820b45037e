"""Price studies for programs: begun, changed, and what they found. Answers and sales: `price_answers.py`."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router
from ninja.errors import HttpError
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import Input, PersonShown, Said, Word
from guixin.channels.api.door import Needs, by, found, must, now_of
from guixin.listen import price_studies
from guixin.organisation.models import Person, Scopes
from guixin.understand import pricing
from guixin.understand.models import PriceObservation, PriceStudy, Segment
from guixin.understand.price_questions import QUESTIONS, question
from guixin.understand.price_results import Results, results

router = Router(tags=["prices"], auth=Needs(Scopes.CUSTOMERS_READ))
changing = Needs(Scopes.STANDARDS_WRITE)
PAGE = 200

Price = Annotated[int, Field(ge=0, lt=pricing.HIGHEST, description="Minor units of the study's currency.")]
Wording = dict[
    Literal["too_cheap", "cheap", "expensive", "too_expensive", "buys_cheap", "buys_expensive"],
    dict[Literal["zh", "en"], Word],
]


class StudyShown(BaseModel):
    """`wording`: each question as it is asked, in both languages."""

    code: str
    name: str
    name_en: str
    product: str
    line: str
    currency: str
    segment: str | None
    market: str
    owner: PersonShown
    begins_on: date | None
    ends_on: date | None
    wording: dict[str, dict[str, str]]
    is_open: bool


class StudyGiven(Input):
    """`currency` blank: the firm's. `wording`: where it is not the usual one."""

    code: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,49}$")
    name: Said
    name_en: Word = ""
    product: Word = ""
    line: Word = ""
    currency: Word = ""
    segment: Word = Field("", description="Code of the segment asked; blank: everybody.")
    market: Word = ""
    owner: Word = Field(description="Login of whoever answers for it.")
    begins_on: date | None = None
    ends_on: date | None = None
    wording: Wording = {}


class StudyChanges(Input):
    name: Said | None = None
    name_en: Word | None = None
    product: Word | None = None
    line: Word | None = None
    currency: Word | None = None
    segment: Word | None = None
    market: Word | None = None
    owner: Word | None = None
    begins_on: date | None = None
    ends_on: date | None = None
    wording: Wording | None = None


class SaleShown(BaseModel):
    id: int
    price: int
    quantity: float
    on: date
    place: str


class PointShown(BaseModel):
    """A price in minor units, with its 95 % interval where there are enough answers and a worker has counted it."""

    price: float
    low: float | None
    high: float | None


class CurvesShown(BaseModel):
    """Shares 0 to 1 at each price that was named."""

    prices: list[int]
    too_cheap: list[float]
    cheap: list[float]
    expensive: list[float]
    too_expensive: list[float]


class DemandShown(BaseModel):
    """Newton, Miller and Smith: the expected share of buyers, and revenue in minor units for each person asked."""

    number: int
    prices: list[int]
    buyers: list[float]
    revenue: list[float]
    price_of_most_buyers: int
    price_of_most_revenue: int


class ElasticityShown(BaseModel):
    """Correlation, not cause. `low` and `high`: 95 % interval."""

    value: float
    low: float
    high: float
    number: int


class SurveyAnswersRefused(BaseModel):
    """Answers of a survey that the study did not take; they stay with their responses."""

    wave: str
    question: str
    reason: str
    number: int


class ResultsShown(BaseModel):
    """`missing`: what cannot be told, and from how many answers it could, in words."""

    currency: str
    given: int
    used: int
    inconsistent: int
    struck: int
    points: dict[Literal["pmc", "opp", "ipp", "pme"], PointShown] | None
    curves: CurvesShown | None
    demand: DemandShown | None
    elasticity: ElasticityShown | None
    sales: list[SaleShown]
    missing: list[str]
    refused: list[SurveyAnswersRefused]


def study_called(request: HttpRequest, code: str) -> PriceStudy:
    studies = PriceStudy.objects.visible_to(by(request)).select_related("owner", "segment")
    return found(studies.filter(code=code).first())


def study_to_change(request: HttpRequest, code: str) -> PriceStudy:
    study = study_called(request, code)
    must(pricing.may_edit(study, by(request)))
    return study


def _shown(study: PriceStudy) -> dict[str, Any]:
    plain = ("code", "name", "name_en", "product", "line", "currency", "market", "begins_on", "ends_on")
    return {name: getattr(study, name) for name in plain} | {
        "segment": study.segment.code if study.segment else None,
        "owner": {"id": study.owner_id, "name": study.owner.name},
        "wording": {name: {each: question(study, name, each) for each in ("zh", "en")} for name in QUESTIONS},
        "is_open": study.closed_at is None,
    }


def _understood(request: HttpRequest, said: dict[str, Any]) -> dict[str, Any]:
    """Codes and logins as what they stand for."""
    if "owner" in said:
        owner = Person.objects.filter(login=said["owner"], is_active=True).first()
        if owner is None:
            raise HttpError(422, "There is no such person.")
        said["owner"] = owner
    if "segment" in said:
        code = said["segment"]
        said["segment"] = (
            found(Segment.objects.visible_to(by(request)).filter(code=code).first()) if code else None
        )
    return said


@router.get("/price-studies", response=list[StudyShown], summary="Price studies, the newest first")
def studies(request: HttpRequest):
    seen = PriceStudy.objects.visible_to(by(request)).select_related("owner", "segment")
    return [_shown(study) for study in seen.order_by("-pk")[:PAGE]]


@router.post("/price-studies", auth=changing, response={201: StudyShown}, summary="Begin a price study")
def begin(request: HttpRequest, given: StudyGiven):
    must(pricing.may_begin(by(request)))
    said = {name: value for name, value in given.model_dump().items() if name != "currency" or value}
    study = pricing.begin(said.pop("code"), by=by(request), now=now_of(request), **_understood(request, said))
    return Status(201, _shown(study))


@router.get("/price-studies/{code}", response=StudyShown, summary="One price study")
def one(request: HttpRequest, code: str):
    return _shown(study_called(request, code))


@router.patch("/price-studies/{code}", auth=changing, response=StudyShown, summary="Describe a study anew")
def change(request: HttpRequest, code: str, given: StudyChanges):
    """What was asked and in which currency stays once there are answers."""
    study = study_to_change(request, code)
    said = _understood(request, given.model_dump(exclude_unset=True))
    pricing.change(study, said, by=by(request), now=now_of(request))
    return _shown(study_called(request, code))


@router.post(
    "/price-studies/{code}/closing", auth=changing, response=StudyShown, summary="Take no more answers"
)
def close(request: HttpRequest, code: str):
    pricing.close(study_to_change(request, code), by=by(request), now=now_of(request))
    return _shown(study_called(request, code))


@router.delete(
    "/price-studies/{code}/closing", auth=changing, response=StudyShown, summary="Take answers again"
)
def reopen(request: HttpRequest, code: str):
    pricing.reopen(study_to_change(request, code), by=by(request), now=now_of(request))
    return _shown(study_called(request, code))


@router.get("/price-studies/{code}/results", response=ResultsShown, summary="What a price study found")
def shown_results(request: HttpRequest, code: str):
    study = study_called(request, code)
    refused = [
        {"wave": wave.code, "question": question, "reason": why, "number": number}
        for wave, question, why, number in price_studies.refused_by_wave(study)
    ]
    return _results(results(study)) | {"refused": refused}


def _results(seen: Results) -> dict[str, Any]:
    def point(name: str) -> dict[str, Any]:
        low, high = seen.intervals[name] if seen.intervals else (None, None)
        return {"price": getattr(seen.points, name), "low": low, "high": high}

    curves, demand = seen.curves, seen.demand
    return {
        "currency": seen.study.currency,
        "given": seen.given,
        "used": seen.used,
        "inconsistent": seen.inconsistent,
        "struck": seen.struck,
        "points": {name: point(name) for name in ("pmc", "opp", "ipp", "pme")} if seen.points else None,
        "curves": {"prices": curves.prices}
        | {
            name: curves.shares(name, curves.prices)
            for name in ("too_cheap", "cheap", "expensive", "too_expensive")
        }
        if curves
        else None,
        "demand": vars(demand)
        | {"price_of_most_buyers": demand.most_buyers, "price_of_most_revenue": demand.most_revenue}
        if demand
        else None,
        "elasticity": vars(seen.elasticity) if seen.elasticity else None,
        "sales": [sale_shown(each) for each in seen.sold],
        "missing": seen.missing(),
    }


def sale_shown(row: PriceObservation) -> dict[str, Any]:
    return {
        "id": row.pk, "price": row.price, "quantity": float(row.quantity), "on": row.seen_on, "place": row.place,
    }  # fmt: skip
