"""One line of a purchase file or of the API, as it is understood: what it is, what it is worth, what is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from guixin.understand.identities import fold
from guixin.understand.models import Purchase, product_key
from guixin.web import money

EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)  # before it stand the zeros of Excel (1900) and of Unix (1970)
AHEAD = timedelta(days=1)  # a shop east of us may be in tomorrow already
MOST = Decimal(10) ** 12
Kind = Purchase.Kind
KINDS = frozenset(Kind.values)
_AS_A_NUMBER = re.compile(r"^(\d+)\.0+$")  # 17850.0: a customer's number that went through a spreadsheet


@dataclass(frozen=True)
class Terms:
    """How one source writes.

    currency             of a line that names none
    cancellation_prefix  an order number that begins with it is a cancellation
    negative             what a negative line is that is not marked: "return", or "correction" in a source that marks
                         its returns, where such a line is an adjustment of the stock or the books
    """

    currency: str
    cancellation_prefix: str = ""
    negative: str = Kind.RETURN


class Wrong(NamedTuple):
    """What is wrong with a line; one that `landed` is kept all the same."""

    reason: str
    sentence: str
    landed: bool = False


class Line(NamedTuple):
    """A line that can land. The names are the columns of the staging table."""

    line: int
    customer_number: str | None
    customer_name: str | None
    phone: str | None
    email: str | None
    customer_id: int | None
    product_code: str | None
    product_key: str | None
    product_name: str | None
    product_line: str | None
    kind: str
    bought_at: datetime
    quantity: Decimal
    amount: int
    currency: str
    order_key: str
    line_key: str | None
    takes_back_order: str | None


def read_line(
    number: int, written: Mapping[str, Any], terms: Terms, now: datetime
) -> tuple[Line | None, Wrong | None]:
    """The line and what is wrong with it; without a line it cannot land.

    written   text by field name, except `bought_at` (aware); blank or absent means not said
    """
    get = written.get
    bought_at = get("bought_at")
    if bought_at is None or bought_at < EARLIEST:
        return None, Wrong("too_early", _("No purchase here is older than 1980; the date is wrong."))
    if bought_at > now + AHEAD:
        return None, Wrong("in_the_future", _("The purchase lies in the future."))
    try:
        currency = _currency(get("currency") or terms.currency)
        quantity, amount = _counted(get("quantity") or "1", get("amount"), get("unit_price"), currency)
    except money.NotMoney as why:
        return None, Wrong("bad_number", str(why.args[0]))
    if amount is None:
        return None, Wrong("no_amount", _("The line has neither an amount nor a price."))
    order, kind = str(written["order"]), get("kind") or None
    if kind and kind not in KINDS:
        return None, Wrong("bad_kind", _("“%s” is no kind of purchase.") % kind)
    wrong = None
    if kind is None:
        prefix = terms.cancellation_prefix
        if prefix and order.startswith(prefix):
            kind = Kind.CANCELLATION
        elif quantity < 0 or amount < 0:
            kind = terms.negative
            if kind == Kind.CORRECTION:
                wrong = Wrong(
                    "negative_unmarked",
                    _("The line is negative and no cancellation: taken as a correction, without value."),
                    landed=True,
                )
        else:
            kind = Kind.SALE
    if kind in (Kind.RETURN, Kind.CANCELLATION):  # some files write what came back with a minus, some without
        quantity, amount = -abs(quantity), -abs(amount)
    elif kind == Kind.SALE and (quantity < 0 or amount < 0):
        return None, Wrong(
            "negative_sale", _("A purchase cannot be negative; mark it as a return or a cancellation.")
        )
    elif kind == Kind.SALE and not amount:
        wrong = Wrong("no_value", _("The price is zero: taken in, but it adds no value."), landed=True)
    code = get("product") or None
    return Line(
        number,
        customer_number(get("customer_number")),
        get("customer_name") or None,
        get("phone") or None,
        get("email") or None,
        get("customer_id"),
        code,
        _product_key(code) if code else None,
        get("product_name") or None,
        get("product_line") or None,
        kind,
        bought_at,
        quantity,
        amount,
        currency,
        order,
        get("line") or None,
        get("takes_back") or None,
    ), wrong  # fmt: skip


def customer_number(written: str | None) -> str | None:
    """The number as identities keep it, e.g. 17850 for 17850.0."""
    if not written:
        return None
    if written.isascii() and written.isalnum():  # as nearly all are; nothing to fold but the case
        return written.lower()
    found = _AS_A_NUMBER.match(written)
    return fold(found[1] if found else written) or None


_product_key = lru_cache(maxsize=65_536)(product_key)
_currency = lru_cache(maxsize=256)(money.currency_code)
_number = lru_cache(maxsize=65_536)(money.number)


@lru_cache(maxsize=65_536)
def _counted(
    quantity: str, amount: str | None, price: str | None, currency: str
) -> tuple[Decimal, int | None]:
    """Quantity and sum of the line. A shop has few prices and sells few pieces at a time, so most are known already."""
    counted = _quantity(quantity)
    return counted, _amount(amount, price, counted, currency)


def _quantity(written: str) -> Decimal:
    quantity = money.number(written)
    if abs(quantity) >= MOST:
        raise money.NotMoney(_("“%s” is too large to be a quantity.") % written[:40])
    return quantity.quantize(Decimal("0.001"))


def _amount(written: str | None, price: str | None, quantity: Decimal, currency: str) -> int | None:
    """The whole line in minor units; a written amount goes before price times quantity."""
    if written:
        return money.minor_units(_number(written), currency)
    return money.minor_units(_number(price) * quantity, currency) if price else None
