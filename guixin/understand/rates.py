"""What other currencies are worth, from which day on; and what is left out of value because nobody said."""

from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.understand.grade_events import RateSet
from guixin.understand.models import Rate
from guixin.web import money
from guixin.web.refusals import Refused

HIGHEST = Decimal(10) ** 8


class CannotSetRate(Refused):
    """The rate makes no sense, and why."""

    about_input = True


@transaction.atomic
def set_rate(currency: str, since: date, rate: Decimal, *, by: Person, now: datetime) -> Rate:
    """One unit of the currency is worth `rate` of ours from that day on; the same day again replaces it."""
    try:
        currency = money.currency_code(currency)
    except money.NotMoney as why:
        raise CannotSetRate(why.args[0]) from why
    if currency == money.firm_currency():
        raise CannotSetRate(_("This is the firm's own currency; it needs no rate."))
    if not 0 < rate < HIGHEST:
        raise CannotSetRate(_("A rate is a number above zero."))
    made, _new = Rate.objects.update_or_create(
        currency=currency, since=since, defaults={"rate": rate, "set_by": by, "set_at": now}
    )
    record(
        RateSet(
            happened_at=now, actor_id=by.pk, about=("rate", made.pk), currency=currency,
            since=since.isoformat(), rate=str(rate),
        )
    )  # fmt: skip
    return made


# Which rate holds on a day, as a span; the factor turns minor units of one currency into those of ours.
RATE_SPANS = """
    rate_span AS (
        SELECT %(own)s::text AS currency, '-infinity'::date AS since, 'infinity'::date AS until, 1::numeric AS factor
        UNION ALL
        SELECT r.currency, r.since, lead(r.since, 1, 'infinity'::date) OVER (PARTITION BY r.currency ORDER BY r.since),
               r.rate * 10::numeric ^ (%(own_decimals)s - d.decimals)
        FROM understand_rate r
        JOIN unnest(%(currencies)s::text[], %(decimals)s::int[]) AS d (currency, decimals) USING (currency))
"""


def rate_terms() -> dict:
    """The parameters of RATE_SPANS, and the zone in which a purchase has its day."""
    currencies = sorted(money.CURRENCIES)
    own = money.firm_currency()
    return {
        "own": own,
        "own_decimals": money.decimals(own),
        "currencies": currencies,
        "decimals": [money.decimals(each) for each in currencies],
        "zone": settings.TIME_ZONE,
    }


def left_out() -> dict[str, int]:
    """How many lines count for nobody, by reason: no customer, a correction, `no_rate_USD` …"""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT_OUT, rate_terms())
        return {reason: number for reason, number in cursor.fetchall() if number}


# Statement by reason: corrections and lines without a customer are few or indexed; currencies are a handful.
_LEFT_OUT = f"""
    WITH {RATE_SPANS}
    SELECT CASE WHEN p.kind = 'correction' THEN 'correction' WHEN p.customer_id IS NULL THEN 'no_customer'
                ELSE 'no_rate_' || p.currency END, count(*)
    FROM understand_purchase p
    WHERE p.kind = 'correction' OR p.customer_id IS NULL
       OR (p.currency <> %(own)s AND NOT EXISTS (
            SELECT 1 FROM rate_span s WHERE s.currency = p.currency
              AND (p.bought_at AT TIME ZONE %(zone)s)::date >= s.since
              AND (p.bought_at AT TIME ZONE %(zone)s)::date < s.until))
    GROUP BY 1 ORDER BY 1
"""  # noqa: S608
