"""What a rule would mean, before it is published: how many, what they are worth, who comes and goes, who is in two.

Everybody is counted. Where that takes too long, some customers are drawn by lot and the rest is estimated from them, which the
preview says: whoever builds a rule waits seconds, whatever else the machine does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guixin.understand.models import Customer, Segment
from guixin.understand.selecting import STANDING, Selection
from guixin.web.intervals import wilson
from guixin.web.refusals import Refused

SAMPLED = 8
PATIENCE, PATIENCE_FOR_SOME = "3s", "5s"
DRAWN = 20_000  # customers; their share is within 0.7 points, 19 times out of 20


class TakesTooLong(Refused):
    """The preview was given up; publishing works all the same."""


@dataclass(frozen=True)
class Overlap:
    segment: Segment
    customers: int
    stands_before: bool  # and so decides for those in both


@dataclass(frozen=True)
class Preview:
    """Counted at this moment. Sums in minor units of the firm's currency.

    `drawn`     so many were looked at, and everything but `everybody` is estimated from them; None: all were counted
    `between`   of how many customers there are then, 19 times out of 20
    """

    customers: int
    everybody: int
    net: int
    net_of_everybody: int
    entering: int
    leaving: int
    sample: list[Customer] = field(default_factory=list)
    overlaps: list[Overlap] = field(default_factory=list)
    drawn: int | None = None
    between: tuple[int, int] | None = None

    @property
    def share(self) -> float | None:
        return self.customers / self.everybody if self.everybody else None

    @property
    def share_of_value(self) -> float | None:
        return self.net / self.net_of_everybody if self.net_of_everybody > 0 else None

    @property
    def average(self) -> int | None:
        return round(self.net / self.customers) if self.customers else None

    def warnings(self) -> list[str]:
        """What is probably not meant, in words."""
        said: list[str] = []
        if self.drawn is not None:  # nobody of those drawn need not be nobody
            return said
        if not self.everybody:
            said.append(_("There are no customers yet, so nothing can be counted."))
        elif not self.customers:
            said.append(_("Nobody matches this rule."))
        elif self.customers == self.everybody:
            said.append(_("Everybody matches this rule: it tells nobody apart."))
        if self.customers and self.leaving and not self.entering and self.leaving >= self.customers:
            said.append(
                ngettext(
                    "%s customer would leave the segment.",
                    "%s customers would leave the segment.",
                    self.leaving,
                )
                % f"{self.leaving:,}"
            )
        return said


def preview(
    rule: Mapping[str, Any], *, segment: Segment | None, now: datetime, sample: int = SAMPLED
) -> Preview:
    """Count this rule against everybody, or where that takes too long against some. Raises CannotFollow; TakesTooLong if even
    those do."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{PATIENCE}'")
            counted = _count(cursor, rule, segment, now, sample)
            cursor.execute("SET LOCAL statement_timeout = 0")
            return counted
    except OperationalError:
        pass
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{PATIENCE_FOR_SOME}'")
            estimated = _estimate(cursor, rule, segment, now, sample)
            cursor.execute("SET LOCAL statement_timeout = 0")
            return estimated
    except OperationalError as late:
        raise TakesTooLong(_("Counting takes too long just now; try again in a moment.")) from late


def _estimate(cursor, rule, segment: Segment | None, now: datetime, sample: int) -> Preview:
    """Exactly how it is with those drawn, times how many they stand for."""
    cursor.execute(f"SELECT count(*) FROM understand_customer c WHERE {STANDING}")  # noqa: S608
    (everybody,) = cursor.fetchone()
    cursor.execute(
        f"SELECT c.id FROM understand_customer c TABLESAMPLE BERNOULLI (%s) REPEATABLE (1) WHERE {STANDING}",  # noqa: S608
        [100 * min(1, DRAWN / max(everybody, 1))],
    )
    among = [pk for (pk,) in cursor.fetchall()]
    seen = _count(cursor, rule, segment, now, sample, among)
    each = everybody / max(len(among), 1)
    low, high = wilson(seen.customers, len(among))
    return replace(
        seen, customers=round(seen.customers * each), everybody=everybody, net=round(seen.net * each),
        net_of_everybody=round(seen.net_of_everybody * each), entering=round(seen.entering * each),
        leaving=round(seen.leaving * each), drawn=len(among), between=(round(low * everybody), round(high * everybody)),
        overlaps=[replace(other, customers=round(other.customers * each)) for other in seen.overlaps],
    )  # fmt: skip


def _count(
    cursor, rule, segment: Segment | None, now: datetime, sample: int, among: Sequence[int] | None = None
) -> Preview:
    """Everybody, or these, once, in one statement: the rule is asked of each customer a single time."""
    selection = Selection(now, among)
    holds, net = selection.condition(rule), selection.fact("net")
    cursor.execute("SET LOCAL work_mem = '64MB'")
    cursor.execute(
        f"""
        WITH looked AS MATERIALIZED (
            SELECT c.id, {holds} AS holds, {net} AS net FROM {selection.tables()} WHERE {selection.where()})
        SELECT count(*), count(*) FILTER (WHERE x.holds), coalesce(sum(x.net), 0),
               coalesce(sum(x.net) FILTER (WHERE x.holds), 0),
               count(*) FILTER (WHERE x.holds AND m.customer_id IS NULL),
               count(*) FILTER (WHERE NOT x.holds AND m.customer_id IS NOT NULL),
               ARRAY(SELECT id FROM looked WHERE holds ORDER BY net DESC, id LIMIT %(sample)s),
               ARRAY(SELECT ARRAY[o.segment_id, count(*)] FROM understand_membership o JOIN looked y ON y.id = o.customer_id
                     WHERE y.holds AND o.until IS NULL AND o.segment_id <> %(segment)s GROUP BY o.segment_id)
        FROM looked x
        LEFT JOIN understand_membership m
            ON m.segment_id = %(segment)s AND m.until IS NULL AND m.customer_id = x.id
        """,  # noqa: S608  # names are registered facts, values are parameters
        selection.parameters | {"segment": segment.pk if segment else 0, "sample": sample},
    )
    everybody, customers, net_of_all, value, entering, leaving, ids, overlapping = cursor.fetchone()
    both = dict(overlapping)
    others = Segment.objects.published().filter(pk__in=both)
    place = segment.priority if segment else None
    shown = Customer.objects.prefetch_related("identities").in_bulk(ids)
    return Preview(
        customers, everybody, int(value), int(net_of_all), entering, leaving,
        [shown[pk] for pk in ids if pk in shown],
        [
            Overlap(each, both[each.pk], stands_before=place is None or each.priority < place)
            for each in others
        ],
    )  # fmt: skip
