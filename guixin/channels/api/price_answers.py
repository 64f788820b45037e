"""The answers of a price study for programs, by the thousand, and what was sold at which price."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import Id, Input, Said, Word
from guixin.channels.api.door import Needs, by, found, now_of
from guixin.channels.api.prices import (
    PAGE,
    Price,
    SaleShown,
    changing,
    sale_shown,
    study_called,
    study_to_change,
)
from guixin.organisation.models import Scopes
from guixin.serve.customers import visible_customer
from guixin.understand import pricing, taking_in_prices
from guixin.understand.models import Customer, PriceAnswer
from guixin.understand.taking_in_prices import AT_ONCE, Given

router = Router(tags=["prices"], auth=Needs(Scopes.CUSTOMERS_READ))
noting = Needs(Scopes.CASES_WRITE)
Likely = Annotated[int, Field(ge=1, le=5, description="1 surely not … 5 surely")]


class PriceAnswerGiven(Input):
    """`respondent`: your own number of whoever answered; with it the same answer lands once however often it is sent,
    and another one of the same respondent is named. `customer`: the id of a customer of ours."""

    too_cheap: Price
    cheap: Price
    expensive: Price
    too_expensive: Price
    buys_cheap: Likely | None = None
    buys_expensive: Likely | None = None
    respondent: Word = ""
    customer: Id | None = None
    answered_on: date | None = None


class AnswersGiven(Input):
    answers: list[PriceAnswerGiven] = Field(min_length=1, max_length=AT_ONCE)


class AnswerDoubtShown(BaseModel):
    """`line`: the place in the list that was sent, the first is 1."""

    line: int
    reason: str
    sentence: str
    landed: bool


class TakenInShown(BaseModel):
    landed: int
    already: int
    rejected: int
    doubts: list[AnswerDoubtShown]


class AnswerShown(BaseModel):
    id: int
    too_cheap: int
    cheap: int
    expensive: int
    too_expensive: int
    buys_cheap: int | None
    buys_expensive: int | None
    customer: int | None
    source: str
    answered_on: date
    noted_at: datetime
    is_consistent: bool
    struck_at: datetime | None
    struck_why: str


class Answers(BaseModel):
    rows: list[AnswerShown]
    after: int | None


class AnswersAsked(Input):
    which: Literal["all", "used", "inconsistent", "struck"] = "all"
    after: Id | None = None


class Why(Input):
    why: Said


class SaleGiven(Input):
    price: Annotated[int, Field(gt=0, lt=pricing.HIGHEST)]
    quantity: float = Field(ge=0, lt=1e12)
    on: date
    place: Word = ""


@router.get("/price-studies/{code}/answers", response=Answers, summary="The answers, the newest first")
def answers(request: HttpRequest, code: str, asked: Query[AnswersAsked]):
    """`customer` is empty for a customer the caller may not see."""
    study = study_called(request, code)
    rows = study.answers.all()
    if asked.which != "all":
        rows = {"used": rows.consistent, "inconsistent": rows.inconsistent, "struck": rows.struck}[
            asked.which
        ]()
    if asked.after:
        rows = rows.filter(pk__lt=asked.after)
    some = list(rows.order_by("-pk")[: PAGE + 1])
    wanted = {each.customer_id for each in some if each.customer_id}
    seen = set(Customer.objects.visible_to(by(request)).filter(pk__in=wanted).values_list("pk", flat=True))
    return {
        "rows": [_answer(each, seen) for each in some[:PAGE]],
        "after": some[PAGE - 1].pk if len(some) > PAGE else None,
    }


def _answer(each: PriceAnswer, seen: set[int]) -> dict[str, Any]:
    own = {"customer"}
    return {name: getattr(each, name) for name in AnswerShown.model_fields if name not in own} | {
        "customer": each.customer_id if each.customer_id in seen else None
    }


@router.post(
    "/price-studies/{code}/answers", auth=noting, response={201: TakenInShown}, summary="Take in answers"
)
def take_in(request: HttpRequest, code: str, given: AnswersGiven):
    """Up to 5,000 at once. Prices out of order are kept and not counted; what cannot land is named by its place."""
    study, person = study_called(request, code), by(request)
    wanted = {each.customer for each in given.answers if each.customer}
    seen = Customer.objects.visible_to(person).filter(pk__in=wanted).values_list("pk", flat=True)
    for pk in wanted - set(seen):
        visible_customer(Customer.objects.all(), person, pk)  # seen through a case, or 404
    read = [
        Given(
            number, (each.too_cheap, each.cheap, each.expensive, each.too_expensive), each.buys_cheap,
            each.buys_expensive, respondent=each.respondent, customer_id=each.customer, answered_on=each.answered_on,
        )
        for number, each in enumerate(given.answers, 1)
    ]  # fmt: skip
    done = taking_in_prices.take_in(
        study, read, source=PriceAnswer.Source.API, by=person, now=now_of(request)
    )
    return Status(201, {
        "landed": done.landed, "already": done.already, "rejected": done.rejected,
        "doubts": [{**vars(doubt), "sentence": str(doubt.sentence)} for doubt in done.doubts],
    })  # fmt: skip


@router.post(
    "/price-studies/{code}/answers/{int:answer_id}/striking", auth=changing, response=AnswerShown,
    summary="Strike an answer out",
)  # fmt: skip
def strike_out(request: HttpRequest, code: str, answer_id: int, given: Why):
    study = study_to_change(request, code)
    answer = found(study.answers.filter(pk=answer_id).first())
    taking_in_prices.strike_out(answer, given.why, by=by(request), now=now_of(request))
    answer.refresh_from_db()
    seen = Customer.objects.visible_to(by(request)).filter(pk=answer.customer_id or 0)
    return _answer(answer, set(seen.values_list("pk", flat=True)))


@router.post(
    "/price-studies/{code}/sales", auth=changing, response={201: SaleShown}, summary="Note what was sold at a price"
)  # fmt: skip
def observe(request: HttpRequest, code: str, given: SaleGiven):
    study = study_to_change(request, code)
    quantity = Decimal(f"{given.quantity:.3f}")
    made = pricing.observe(
        study, given.price, quantity, given.on, place=given.place, by=by(request), now=now_of(request)
    )
    return Status(201, sale_shown(made))


@router.delete(
    "/price-studies/{code}/sales/{int:sale_id}", auth=changing, response={204: None}, summary="Take it away"
)
def forget(request: HttpRequest, code: str, sale_id: int):
    study = study_to_change(request, code)
    row = found(study.observations.select_related("study").filter(pk=sale_id).first())
    pricing.forget_observation(row, by=by(request), now=now_of(request))
    return Status(204, None)
