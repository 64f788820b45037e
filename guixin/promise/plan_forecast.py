"""A look at a plan before it is published: how many would be told what in the next thirty days, and who would not, and why.

Days and recurring lines lie ahead and are counted as they will come. Everything else is counted as it was in the last
thirty days, because nobody knows who will buy tomorrow. The cap is counted
line by line. One statement for each occasion; nothing is written.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from guixin.organisation.models import Person
from guixin.promise import occasions
from guixin.promise.communication import checked_terms, hours_of, quiet_of
from guixin.promise.models import CommunicationEntry, CommunicationPlan, PlanMessage
from guixin.promise.models.communication import ADDRESSED_BY, ASKED_AS, BY_PEOPLE
from guixin.promise.plan_words import words_for
from guixin.promise.planning import GOVERNING, due_at
from guixin.understand.masking import mask
from guixin.understand.models import Customer, Identity
from guixin.understand.models.consent import ASKED_FIRST
from guixin.worktime.quiet import NoHourLeft, next_allowed

AHEAD = timedelta(days=30)
SAMPLES = 5
Reason = PlanMessage.Reason


@dataclass(frozen=True)
class LineForecast:
    """One line of the plan. `events` is everybody concerned; the others add up to it. `quiet` are among those told."""

    entry: Mapping[str, Any]
    occasion: Any
    lies_ahead: bool
    events: int = 0
    told: int = 0
    without_address: int = 0
    without_consent: int = 0
    above_cap: int = 0
    moved_by_quiet: int = 0


@dataclass(frozen=True)
class Sample:
    """One message as it would read; the customer masked."""

    customer: str
    address: str
    channel: str
    subject: str
    body: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Forecast:
    customers: int  # in the segment
    governed: int  # … who are told by this plan, because no plan of a more important segment speaks to them
    lines: list[LineForecast]
    samples: list[Sample] = field(default_factory=list)

    @property
    def told(self) -> int:
        return sum(each.told for each in self.lines)


def forecast(plan: CommunicationPlan, content: Mapping[str, Any], *, now: datetime) -> Forecast:
    """What this content would do if it were published now."""
    terms = checked_terms(content, now)
    lines, samples = [], []
    for entry in content["entries"]:
        occasion = occasions.known().get(entry["occasion"])
        if occasion is None:
            continue
        row = _count(plan, entry, occasion, terms, now)
        lines.append(LineForecast(entry, occasion.words, occasion.lies_ahead, *row[:-1]))
        samples += [(entry, one) for one in row[-1] or ()]
    customers, governed = _size(plan)
    return Forecast(customers, governed, lines, _samples(_spread(samples), plan, now))


def _spread(samples: list[tuple[Mapping[str, Any], list]]) -> list[tuple[Mapping[str, Any], list]]:
    """Five in all, of as many lines as there are."""
    by_line: dict[str, list] = {}
    for entry, one in samples:
        by_line.setdefault(entry["code"], []).append((entry, one))
    chosen = [some[n] for n in range(SAMPLES) for some in by_line.values() if n < len(some)]
    return chosen[:SAMPLES]


_PLANS = """
    SELECT %(segment)s::bigint AS segment_id UNION
    SELECT p.segment_id FROM promise_communicationplan p
    JOIN promise_communicationversion v ON v.plan_id = p.id AND v.withdrawn_at IS NULL
"""


def _size(plan: CommunicationPlan) -> tuple[int, int]:
    governing = GOVERNING.format(customer="c.id", plans=_PLANS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT count(*), count(*) FILTER (WHERE g.segment_id = %(segment)s)
                FROM understand_membership m JOIN understand_customer c ON c.id = m.customer_id AND c.merged_into_id IS NULL
                CROSS JOIN LATERAL ({governing}) g WHERE m.segment_id = %(segment)s AND m.until IS NULL""",  # noqa: S608
            {"segment": plan.segment_id},
        )
        return cursor.fetchone()


_CONSENT = """
    coalesce((SELECT s.withdrawn_at IS NULL FROM understand_consent s
              WHERE s.customer_id = h.customer_id AND s.purpose = %(purpose)s AND s.channel IN ('', %(asked)s)
              ORDER BY greatest(s.given_at, s.withdrawn_at) DESC, s.id DESC LIMIT 1), %(unasked)s)
"""


def _count(
    plan: CommunicationPlan, entry: Mapping[str, Any], occasion: occasions.Occasion, terms: Mapping[str, Any], now: datetime
) -> tuple:  # fmt: skip
    span = (now, now + AHEAD) if occasion.lies_ahead else (now - AHEAD, now)
    channel = entry["channel"]
    opens, closes = _allowed_spans(terms, span[0], span[1] + timedelta(hours=entry["delay_hours"]), now)
    one = {
        "id": 0, "code": entry["code"], "occasion": entry["occasion"], "direction": entry["direction"],
        "on_day": entry["on_day"], "months": entry["months"], "delay_hours": entry["delay_hours"], "at": entry["at"],
        "segment_id": plan.segment_id,
    }  # fmt: skip
    parameters = {
        "entry": json.dumps([one]), "segment": plan.segment_id, "since": span[0], "until": span[1],
        "zone": timezone.get_default_timezone_name(), "purpose": entry["purpose"], "asked": str(ASKED_AS[channel]),
        "unasked": entry["purpose"] not in ASKED_FIRST, "kind": str(ADDRESSED_BY.get(channel) or ""),
        "by_people": channel in BY_PEOPLE, "at_most": terms["at_most"], "within": terms["within_days"],
        "opens": opens, "closes": closes, "samples": SAMPLES,
    }  # fmt: skip
    governing = GOVERNING.format(customer="h.customer_id", plans=_PLANS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH entry AS (SELECT * FROM jsonb_to_recordset(%(entry)s::jsonb) AS x (id bigint, code text, occasion text,
                    direction text, on_day date, months int, delay_hours int, at time, segment_id bigint)),
                 happened (customer_id, event, happened_at, segment_id, entry_code) AS ({occasion.question}),
                 looked AS (
                    SELECT h.customer_id, h.event, {due_at("h.happened_at")}
                            + row_number() OVER (PARTITION BY h.customer_id ORDER BY h.happened_at, h.event) * interval '1 us' AS due,
                        %(kind)s = '' OR EXISTS (SELECT 1 FROM understand_identity i
                            WHERE i.customer_id = h.customer_id AND i.kind = %(kind)s) AS has_address,
                        {_CONSENT} AS wanted
                    FROM happened h JOIN understand_customer c ON c.id = h.customer_id AND c.merged_into_id IS NULL
                    CROSS JOIN LATERAL ({governing}) g JOIN entry e ON e.segment_id = g.segment_id
                    WHERE h.segment_id IS NULL OR h.segment_id = g.segment_id),
                 counted AS (
                    SELECT *, NOT %(by_people)s AND has_address AND wanted AND count(*) FILTER (WHERE has_address AND wanted)
                        OVER (PARTITION BY customer_id ORDER BY due RANGE BETWEEN make_interval(days => %(within)s) PRECEDING
                              AND CURRENT ROW) > %(at_most)s AS above
                    FROM looked)
            SELECT count(*), count(*) FILTER (WHERE has_address AND wanted AND NOT above),
                count(*) FILTER (WHERE NOT has_address), count(*) FILTER (WHERE has_address AND NOT wanted),
                count(*) FILTER (WHERE above),
                count(*) FILTER (WHERE has_address AND wanted AND NOT above AND NOT %(by_people)s AND NOT EXISTS (
                    SELECT 1 FROM unnest(%(opens)s::timestamptz[], %(closes)s::timestamptz[]) AS o (a, b)
                    WHERE due >= o.a AND due < o.b)),
                (SELECT jsonb_agg(jsonb_build_array(one.customer_id, one.event)) FROM (
                    SELECT customer_id, event FROM counted WHERE has_address AND wanted AND NOT above
                    ORDER BY due DESC, customer_id LIMIT %(samples)s) one)
            FROM counted
            """,  # noqa: S608  the questions are written by code, values are parameters
            parameters,
        )
        row = cursor.fetchone()
    return (*row[:-1], json.loads(row[-1]) if isinstance(row[-1], str) else row[-1])


def _allowed_spans(
    terms: Mapping[str, Any], since: datetime, until: datetime, now: datetime
) -> tuple[list[datetime], list[datetime]]:
    """The half hours in which something may leave, as spans for the database; the calendar stays in worktime."""
    hours, zone = hours_of(terms["calendar"]), timezone.get_default_timezone()
    begins, ends = (terms["quiet_from"], terms["quiet_to"])
    quiet = quiet_of(_time(begins), _time(ends))
    opens: list[datetime] = []
    closes: list[datetime] = []
    step, moment = timedelta(minutes=30), since.replace(minute=0, second=0, microsecond=0)
    last = min(until, since + timedelta(days=62))
    while moment < last:
        try:
            allowed = next_allowed(moment, hours, quiet, zone)
        except NoHourLeft:
            break
        if allowed >= moment + step:
            moment = allowed.replace(minute=allowed.minute // 30 * 30, second=0, microsecond=0)
            continue
        if closes and closes[-1] >= allowed:
            closes[-1] = moment + step
        else:
            opens.append(allowed)
            closes.append(moment + step)
        moment += step
    return opens, closes


def _time(said: str | None) -> Any:
    return datetime.strptime(said, "%H:%M").time() if said else None  # noqa: DTZ007  a time of the day


def _samples(
    chosen: Sequence[tuple[Mapping[str, Any], list]], plan: CommunicationPlan, now: datetime
) -> list[Sample]:
    """As they would read. What one may not know of a customer is masked."""
    customers = Customer.objects.select_related("owner").in_bulk([one[0] for _entry, one in chosen])
    identities: dict[tuple[int, str], str] = {}
    for each in Identity.objects.filter(customer__in=list(customers)).order_by("pk"):
        identities[each.customer_id, each.kind] = mask(each.kind, each.normal)
    owner: Person = plan.segment.owner
    found = []
    for said, (customer_id, event) in chosen:
        customer = customers[customer_id]
        entry = CommunicationEntry(
            **{**said, "on_day": date.fromisoformat(said["on_day"]) if said["on_day"] else None}
        )
        values = occasions.values_of(said["occasion"], [event]) or {}
        subject, body = words_for(entry, customer, (customer.owner or owner).name, values.get(event, {}), now)
        kind = ADDRESSED_BY.get(said["channel"])
        found.append(
            Sample(
                customer=customer.shown_to(None)["name"], address=identities.get((customer_id, kind or ""), ""),
                channel=entry.get_channel_display(), subject=subject.body, body=body.body,
                missing=tuple(dict.fromkeys((*subject.missing, *body.missing))),
            )
        )  # fmt: skip
    return found
