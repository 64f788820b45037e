"""Purchases by a program, and what a customer is worth."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from guixin.channels.api.answers import Input, Text, Word
from guixin.channels.api.door import Needs, by, now_of
from guixin.organisation.models import Scopes
from guixin.serve.customers import visible_customer
from guixin.understand import taking_in_purchases as purchases
from guixin.understand.models import Customer, CustomerWorth, Purchase
from guixin.understand.purchase_lines import Line, Terms, read_line
from guixin.understand.worth_words import since_last_time, why
from guixin.web import money

router = Router(tags=["purchases"])
of_customers = Router(tags=["customers"])
AT_ONCE, SHOWN = 5_000, 200


class LineGiven(Input):
    """`amount` is the whole line in minor units; negative, or with a `kind`, for what came back."""

    order: Word = Field(min_length=1)
    line: Word = ""
    bought_at: datetime
    customer_number: Word = ""
    product: Word = ""
    product_name: Text = Field("", max_length=500)
    product_line: Word = ""
    quantity: float = Field(1, gt=-1e12, lt=1e12)
    amount: int = Field(gt=-money.LARGEST, lt=money.LARGEST)
    currency: Word = Field("", max_length=8)
    kind: Word = Field("", max_length=20)
    takes_back: Word = ""


class LinesGiven(Input):
    source: str = Field(min_length=1, max_length=40, pattern=r"^[\w-]+$")
    lines: list[LineGiven] = Field(min_length=1, max_length=AT_ONCE)


class DoubtShown(BaseModel):
    """`line` is the place in the list that was sent, the first is 1."""

    line: int
    reason: str
    sentence: str
    landed: bool


class LandedShown(BaseModel):
    landed: int
    already: int
    rejected: int
    customers_made: int
    products_made: int
    without_customer: int
    tied: int
    doubts: list[DoubtShown]


class PurchaseShown(BaseModel):
    id: int
    customer: int | None
    product: str | None
    kind: str
    bought_at: datetime
    quantity: float
    amount: int
    currency: str
    order: str
    line: str
    source: str
    takes_back: int | None


class WorthShown(BaseModel):
    """Sums in minor units of `currency`, as of the last grading."""

    grade: str
    grade_before: str | None
    graded_at: datetime
    as_of: datetime
    currency: str
    orders: int
    returns: int
    gross: int
    returned: int
    net: int
    recency_days: int
    r: int
    f: int
    m: int
    alive: float | None
    expected_orders: float | None
    lifetime_value: int | None
    value_percentile: float
    why: list[str]
    since_last_time: list[str]


@router.post(
    "", auth=Needs(Scopes.IMPORTS, administrators=True), response=LandedShown, summary="Take in purchases"
)
def take_in(request: HttpRequest, given: LinesGiven) -> Any:
    """Up to 5,000 lines, all landed together. Lines that are here already are not added again."""
    now, batch, doubts, lines = now_of(request), purchases.batch_for_now(), [], []
    for number, each in enumerate(given.lines, 1):
        line, wrong = _read(number, each, now)
        if wrong:
            doubts.append({"line": number, **wrong._asdict()})
        if line:
            lines.append(line)
    purchases.put_aside(batch, lines)
    done = purchases.land(batch, given.source, now=now, by=by(request))
    doubts += [
        {"line": d.line, "reason": d.reason, "sentence": d.sentence, "landed": d.landed} for d in done.doubts
    ]
    rejected = sum(not doubt["landed"] for doubt in doubts)
    return {
        "landed": done.landed,
        "already": done.already,
        "rejected": rejected,
        "doubts": doubts,
        **done.figures(),
    }


def _read(number: int, given: LineGiven, now: datetime) -> tuple[Line | None, Any]:
    currency = given.currency or money.firm_currency()
    written = given.model_dump() | {"quantity": f"{given.quantity:.3f}", "currency": currency}
    written["amount"] = money.written(given.amount, currency.strip().upper())
    written["bought_at"] = _with_zone(given.bought_at)
    return read_line(number, written, Terms(currency=currency), now)


def _with_zone(at: datetime) -> datetime | None:
    """Without a zone it is the firm's clock. None: the first and the last day of the calendar have no such moment."""
    try:
        return at if at.tzinfo else at.astimezone()
    except (OverflowError, ValueError):
        return None


@of_customers.get(
    "/{int:customer_id}/purchases", auth=Needs(Scopes.CUSTOMERS_READ), response=list[PurchaseShown],
    summary="What a customer bought, the newest first",
)  # fmt: skip
def purchases_of(request: HttpRequest, customer_id: int) -> Any:
    """The newest 200 lines."""
    customer = visible_customer(Customer.objects.all(), by(request), customer_id)
    lines = Purchase.objects.filter(customer=customer).select_related("product").newest_first()
    return [line.facts() for line in lines[:SHOWN]]


@of_customers.get(
    "/{int:customer_id}/worth", auth=Needs(Scopes.CUSTOMERS_READ), response=WorthShown | None,
    summary="What a customer is worth, and why",
)  # fmt: skip
def worth(request: HttpRequest, customer_id: int) -> Any:
    """null for a customer who was never graded."""
    customer = visible_customer(Customer.objects.all(), by(request), customer_id)
    told = CustomerWorth.objects.select_related("grading").filter(customer=customer).first()
    if told is None:
        return None
    own = {"as_of", "currency", "why", "since_last_time"}
    return {name: getattr(told, name) for name in WorthShown.model_fields if name not in own} | {
        "as_of": told.grading.as_of,
        "currency": money.firm_currency(),
        "why": why(told),
        "since_last_time": since_last_time(told),
    }
