"""Occasions (时机): what a communication plan can speak of, each as a question to the database.

A question yields, for a span of time, one row for each event of one customer:

    customer_id, event, happened_at, segment_id, entry_code

`event` is permanent and names what happened ("bought:A-1042"): a customer is told of it once. `segment_id` is given where
only the plan of that segment may speak of it, `entry_code` where only one line may. Both may be null. The questions read
the times of events and look back a week each time (`HEARD_WITHIN`), so a row that was committed late is still heard, and
one that was heard before is refused by the unique key. A package above offers its own (`serve/occasions.py`).

A question may name `entry`, the lines it is asked for, and %(since)s, %(until)s, %(zone)s.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from guixin.ledger.wording import coded
from guixin.understand.models import Purchase

HEARD_WITHIN = timedelta(days=7)  # an event that reaches us later is not spoken of any more

# Values for the placeholders, event by event; an event that is missing no longer holds.
Values = Callable[[Sequence[str]], Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True)
class Occasion:
    """`lies_ahead`: its events are known beforehand, so a forecast counts them; others are counted as they were lately.

    values    from events to what the placeholders say in them; none: the event needs no looking up and always holds
    gaps      the placeholders it fills, each with what it stands for
    """

    code: str
    words: Any
    question: str
    asks: tuple[str, ...] = ()  # of a line: "on_day", "months", "direction"
    lies_ahead: bool = False
    of_the_record: bool = (
        False  # it belongs to the record, not to something the customer did: one after a merge
    )
    gaps: Mapping[str, Any] = field(default_factory=dict)
    values: Values | None = None


_known: dict[str, Occasion] = {}


def offer(*occasions: Occasion) -> None:
    for each in occasions:
        _known[each.code] = each
    coded("occasion", choices())


def known() -> dict[str, Occasion]:
    return dict(_known)


def choices() -> list[tuple[str, Any]]:
    return [(each.code, each.words) for each in _known.values()]


def _bought(events: Sequence[str]) -> dict[str, dict[str, str]]:
    """The order, and the first product of it that has a name. An order that was taken back whole no longer holds."""
    orders = {event.partition(":")[2]: event for event in events}
    lines = Purchase.objects.filter(order_key__in=list(orders), kind=Purchase.Kind.SALE).select_related(
        "product"
    )
    found: dict[str, dict[str, str]] = {}
    for line in lines.order_by("pk"):
        said = found.setdefault(orders[line.order_key], {"order": line.order_key, "product": ""})
        said["product"] = said["product"] or (line.product.name if line.product else "")
    return found


_MEMBER = """understand_membership m JOIN understand_customer c ON c.id = m.customer_id AND c.merged_into_id IS NULL"""

offer(
    Occasion(
        "entered",
        _("The customer entered the segment"),
        f"""SELECT m.customer_id, 'entered:' || m.id, m.since, m.segment_id, NULL::text
            FROM {_MEMBER} WHERE m.until IS NULL AND m.segment_id IN (SELECT segment_id FROM entry)
              AND m.since > %(since)s AND m.since <= %(until)s""",  # noqa: S608
        of_the_record=True,
    ),
    Occasion(
        "graded",
        _("The grade changed"),
        """SELECT w.customer_id, 'graded:' || w.grade || ':' || to_char(w.grade_since AT TIME ZONE 'UTC', 'YYYY-MM-DD'),
                  w.grade_since, NULL::bigint, e.code
           FROM understand_customerworth w JOIN entry e ON e.direction = ''
             OR e.direction = CASE WHEN w.grade < w.grade_before THEN 'up' ELSE 'down' END
           WHERE w.grade_before IS NOT NULL AND w.grade <> w.grade_before
             AND w.grade_since > %(since)s AND w.grade_since <= %(until)s""",
        asks=("direction",),
        of_the_record=True,
    ),
    Occasion(
        "bought",
        _("Something was bought"),
        """SELECT p.customer_id, 'bought:' || p.order_key, min(p.bought_at), NULL::bigint, NULL::text
           FROM understand_purchase p
           WHERE p.bought_at > %(since)s AND p.bought_at <= %(until)s AND p.kind = 'sale' AND p.customer_id IS NOT NULL
           GROUP BY p.customer_id, p.order_key""",
        gaps={"order": _("number of the order"), "product": _("product")},
        values=_bought,
    ),
    Occasion(
        "date",
        _("A day"),
        f"""SELECT m.customer_id, 'date:' || e.on_day, (e.on_day + coalesce(e.at, '10:00')) AT TIME ZONE %(zone)s,
                   m.segment_id, e.code
            FROM entry e JOIN {_MEMBER} ON m.segment_id = e.segment_id AND m.until IS NULL
            WHERE (e.on_day + coalesce(e.at, '10:00')) AT TIME ZONE %(zone)s > %(since)s
              AND (e.on_day + coalesce(e.at, '10:00')) AT TIME ZONE %(zone)s <= %(until)s
              AND m.since <= (e.on_day + coalesce(e.at, '10:00')) AT TIME ZONE %(zone)s""",  # noqa: S608
        asks=("on_day",),
        lies_ahead=True,
        of_the_record=True,
    ),
    Occasion(
        "every",
        _("Every few months in the segment"),
        f"""SELECT m.customer_id, 'every:' || e.months || ':' || m.id || ':' || n,
                   m.since + make_interval(months => n * e.months), m.segment_id, e.code
            FROM entry e JOIN {_MEMBER} ON m.segment_id = e.segment_id AND m.until IS NULL
            CROSS JOIN LATERAL (SELECT age(%(until)s::timestamptz, m.since) AS whole) a
            CROSS JOIN LATERAL (SELECT
                (extract(year FROM a.whole) * 12 + extract(month FROM a.whole))::int / e.months AS last) k
            CROSS JOIN LATERAL generate_series(greatest(1, k.last - 2), k.last + 1) n
            WHERE m.since + make_interval(months => n * e.months) > %(since)s
              AND m.since + make_interval(months => n * e.months) <= %(until)s""",  # noqa: S608
        asks=("months",),
        lies_ahead=True,
        of_the_record=True,
    ),
)


def values_of(code: str, events: Iterable[str]) -> Mapping[str, Mapping[str, str]] | None:
    """What the placeholders say for these events; None where the occasion fills none and always holds."""
    occasion = _known.get(code)
    if occasion is None or occasion.values is None:
        return None
    return occasion.values(list(events))
