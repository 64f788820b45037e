"""Products: what was bought of each and brought back, for programs."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from guixin.channels.api.answers import Input, Word
from guixin.channels.api.door import Needs, by, now_of
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Scopes
from guixin.serve.product_cases import COUNTED, cases_about
from guixin.understand.models import Product, product_key
from guixin.understand.product_facts import facts_of
from guixin.web import money

router = Router(tags=["products"], auth=Needs(Scopes.CUSTOMERS_READ))
SHOWN = 200


class ProductShown(BaseModel):
    id: int
    code: str
    name: str
    line: str


class ProductMonthShown(BaseModel):
    """Quantities; `back` is positive."""

    begins: date
    sold: float
    back: float


class BuyerShown(BaseModel):
    customer: int
    net: int


class ProductInFull(ProductShown):
    """Since `since`. `net`: minor units by currency, nothing is converted. `back_share` and its 95 % interval are null
    with fewer than 20 lines sold. `best` is in the firm's own `currency`. `cases`: how many name it, at most 1,000 are counted."""

    since: datetime
    months: list[ProductMonthShown]
    lines_sold: int
    lines_back: int
    back_share: float | None
    back_share_low: float | None
    back_share_high: float | None
    net: dict[str, int]
    currency: str
    buyers: int
    best: list[BuyerShown]
    last_bought_at: datetime | None
    cases: int


class AskedProducts(Input):
    """`find`: a code, words of the name, or a product line. `after`: the code of the last one seen."""

    find: Word = ""
    after: str = Field("", max_length=200)


@router.get("/products", response=list[ProductShown], summary="Products, in the order of their codes")
def listed(request: HttpRequest, asked: Query[AskedProducts]) -> Any:
    """At most 200; none for whoever may not see every purchase."""
    products = Product.objects.visible_to(by(request)).found_by(asked.find)
    rows = products.filter(key__gt=product_key(asked.after)).order_by("key")
    return list(rows.values("id", "code", "name", "line")[:SHOWN])


@router.get(
    "/products/{int:product_id}", response=ProductInFull, summary="A product: bought, returned, by whom"
)
def shown(request: HttpRequest, product_id: int) -> Any:
    product = get_visible_or_404(Product.objects, by(request), pk=product_id)
    facts = facts_of(product, now_of(request))
    share, low, high = facts.back_share or (None, None, None)
    return {
        "id": product.pk, "code": product.code, "name": product.name, "line": product.line,
        "since": facts.since, "months": [vars(each) for each in facts.months], "lines_sold": facts.lines_sold,
        "lines_back": facts.lines_back, "back_share": share, "back_share_low": low, "back_share_high": high,
        "net": facts.net, "currency": money.firm_currency(), "buyers": facts.buyers,
        "best": [{"customer": pk, "net": net} for pk, net in facts.best], "last_bought_at": facts.last_bought_at,
        "cases": cases_about(product, by(request)).order_by()[:COUNTED].count(),
    }  # fmt: skip
