"""The purchases a case is about: read, named, taken off."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import Id, Input, Word
from guixin.channels.api.door import Needs, by, now_of
from guixin.channels.api.finding import case_called, case_to_serve
from guixin.organisation.models import Scopes
from guixin.serve import orders
from guixin.serve.deciding import subject_of_case
from guixin.serve.models import CasePurchase
from guixin.serve.stakes import price_of_cases

router = Router(tags=["acts on a case"], auth=Needs(Scopes.CASES_WRITE))


class PurchaseWanted(Input):
    purchase: Id
    quantity: float | None = Field(
        None, gt=0, lt=1e12, description="How many of it went wrong; all without it."
    )


class OrderGiven(Input):
    """The number of an order of the customer, or lines of what they bought."""

    order: Word = ""
    lines: list[PurchaseWanted] = Field(default=[], max_length=100)


class NamedShown(BaseModel):
    """`amount`: what went wrong in it costs this, less what came back, in minor units. `quantity`: null: all of the line."""

    id: int
    purchase: int
    order: str
    product: str | None
    bought_at: datetime
    bought: float
    quantity: float | None
    came_back: float
    amount: int
    currency: str
    how: str
    at: datetime
    by: str | None


class PriceOfCase(BaseModel):
    amount: int
    currency: str


class OrdersShown(BaseModel):
    """`price`: what is given for the case is held against it: what was stated, else what the orders come to; null: nobody knows."""

    named: list[NamedShown]
    price: PriceOfCase | None


@router.get(
    "/{number}/orders", auth=Needs(Scopes.CASES_READ), response=OrdersShown, summary="The purchases a case is about"
)  # fmt: skip
def named(request: HttpRequest, number: str) -> Any:
    case = case_called(request, number)
    price = price_of_cases(subject_of_case(case).cases)
    rows = case.named_purchases.standing().select_related("by")
    return {
        "named": [_shown(each) for each in rows],
        "price": {"amount": price.amount, "currency": price.currency} if price else None,
    }


@router.post("/{number}/orders", response={201: list[NamedShown]}, summary="Name the purchases it is about")
def name(request: HttpRequest, number: str, given: OrderGiven) -> Any:
    """Only purchases of the customer of the case. Named already, they stay."""
    case, person, now = case_to_serve(request, number), by(request), now_of(request)
    if given.lines:
        wanted = {
            each.purchase: None if each.quantity is None else Decimal(f"{each.quantity:.3f}")
            for each in given.lines
        }
        made = orders.name_purchases(case, wanted, by=person, now=now)
    else:
        made = orders.name_order(case, given.order, by=person, now=now)
    return Status(201, [_shown(each) for each in made])


@router.delete(
    "/{number}/orders/{int:named_id}", response=NamedShown, summary="It is not about this purchase"
)
def take_off(request: HttpRequest, number: str, named_id: int) -> Any:
    case = case_to_serve(request, number)
    row = case.named_purchases.standing().filter(pk=named_id).first()
    if row is None:
        raise Http404
    orders.take_off(row, by=by(request), now=now_of(request))
    return _shown(row)


def _shown(named: CasePurchase) -> dict[str, Any]:
    line = named.purchase
    return {
        "id": named.pk, "purchase": line.pk, "order": line.order_key, "bought_at": line.bought_at,
        "product": line.product.code if line.product else None, "bought": float(line.quantity),
        "quantity": None if named.quantity is None else float(named.quantity),
        "came_back": float(line.back_quantity), "amount": named.amount, "currency": line.currency,
        "how": named.how, "at": named.at, "by": named.by.login if named.by else None,
    }  # fmt: skip
