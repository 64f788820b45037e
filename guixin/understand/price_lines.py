"""A row of somebody's file as an answer to a price study: numbers read as people write them, or what is wrong."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from guixin.understand.identities import IdentityKind, normalise
from guixin.understand.models import PriceStudy
from guixin.understand.price_questions import LIKELIHOODS, PRICES, WORDS
from guixin.understand.taking_in_prices import Doubt, Given
from guixin.web import money

IDENTITIES = {
    "customer_number": IdentityKind.OTHER,
    "phone": IdentityKind.PHONE,
    "email": IdentityKind.EMAIL,
}


def read_answer(number: int, fields: Mapping[str, Any], study: PriceStudy) -> Given | Doubt:
    """`number`: its line. Whoever answered is looked up afterwards, for all rows together (`identities_of`)."""
    if written := fields.get("currency"):
        try:
            currency = money.currency_code(written)
        except money.NotMoney as why:
            return Doubt(number, "bad_currency", str(why))
        if currency != study.currency:
            words = _("The row is in %(theirs)s; the study is in %(ours)s, and nothing is converted.")
            return Doubt(number, "other_currency", words % {"theirs": currency, "ours": study.currency})
    prices = []
    for name in PRICES:
        try:
            prices.append(money.minor_units(money.number(str(fields[name])), study.currency))
        except money.NotMoney as why:
            return Doubt(number, "bad_price", f"{WORDS[name]}: {why}")
    likely = []
    for name in LIKELIHOODS:
        written = str(fields.get(name) or "").strip()
        if written and written not in {"1", "2", "3", "4", "5"}:
            words = _("%s: how likely is a number from 1 (surely not) to 5 (surely).")
            return Doubt(number, "bad_likelihood", words % WORDS[name])
        likely.append(int(written) if written else None)
    at = fields.get("answered_at")
    day: date | None = timezone.localdate(at) if isinstance(at, datetime) else None
    too_cheap, cheap, expensive, too_expensive = prices
    return Given(
        number, (too_cheap, cheap, expensive, too_expensive), likely[0], likely[1],
        respondent=str(fields.get("respondent") or "").strip(), answered_on=day,
    )  # fmt: skip


def identities_of(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the row says about who answered, in the form customers are found by."""
    return [
        (kind, normalise(kind, str(fields[name]))) for name, kind in IDENTITIES.items() if fields.get(name)
    ]
