"""Who is to be told of what: one statement for each occasion, whatever the number of customers.

Whoever is in several segments is told by the plan of the first of them that has one. What happened before the plan came
into force, or more than a week before we heard of it, is not spoken of. A second worker, a second look and a second plan
change nothing: the unique key of a message is the customer, the event and the way.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from guixin.promise import occasions
from guixin.promise.models import CommunicationEntry
from guixin.promise.models.communication import BY_PEOPLE

# The lines in force, as the questions of `occasions` know them.
ENTRIES_IN_FORCE = """
    SELECT e.id, e.code, e.occasion, e.direction, e.on_day, e.months, e.delay_hours, e.at, e.channel, e.purpose,
           p.id AS plan_id, p.segment_id, p.begun_at
    FROM promise_communicationentry e
    JOIN promise_communicationversion v ON v.id = e.version_id AND v.withdrawn_at IS NULL
    JOIN promise_communicationplan p ON p.id = v.plan_id
    JOIN understand_segment s ON s.id = p.segment_id AND s.published_at IS NOT NULL AND s.withdrawn_at IS NULL
"""

# The segment by whose plan a customer is told; {plans} are the segments that have one.
GOVERNING = """
    SELECT m.segment_id FROM understand_membership m JOIN understand_segment s ON s.id = m.segment_id
    WHERE m.customer_id = {customer} AND m.until IS NULL AND m.segment_id IN ({plans})
    ORDER BY s.priority LIMIT 1
"""


def due_at(moment: str) -> str:
    """When a message about something at `moment` (SQL) is wanted."""
    after = f"({moment} + make_interval(hours => e.delay_hours))"
    wall = f"({after} AT TIME ZONE %(zone)s)"
    return f"""CASE WHEN e.at IS NULL THEN {after} ELSE
        ({wall}::date + e.at + CASE WHEN {wall}::time > e.at THEN interval '1 day' ELSE interval '0' END)
        AT TIME ZONE %(zone)s END"""


@transaction.atomic
def plan_what_happened(now: datetime) -> int:
    """Put down a message for each event of the last week that a line in force speaks of. Returns how many are new."""
    spoken_of = set(
        CommunicationEntry.objects.filter(version__withdrawn_at__isnull=True).values_list(
            "occasion", flat=True
        )
    )
    return sum(_plan(each, now) for code, each in occasions.known().items() if code in spoken_of)


def _plan(occasion: occasions.Occasion, now: datetime) -> int:
    parameters: Mapping[str, Any] = {
        "since": now - occasions.HEARD_WITHIN, "until": now, "zone": timezone.get_default_timezone_name(),
        "occasion": occasion.code, "by_people": [str(each) for each in BY_PEOPLE],
    }  # fmt: skip
    governing = GOVERNING.format(customer="h.customer_id", plans="SELECT segment_id FROM in_force")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH in_force AS ({ENTRIES_IN_FORCE}),
                 entry AS (SELECT * FROM in_force WHERE occasion = %(occasion)s),
                 happened (customer_id, event, happened_at, segment_id, entry_code) AS ({occasion.question})
            INSERT INTO promise_planmessage (plan_id, entry_id, customer_id, way, occasion, event, happened_at, due_at,
                next_at, state, reason, detail, moved_by_quiet, channel, subject, body)
            SELECT e.plan_id, e.id, h.customer_id, w.way, e.occasion, h.event, h.happened_at, d.due_at, d.due_at,
                'waiting', '', '', false, '', '', ''
            FROM happened h
            JOIN understand_customer c ON c.id = h.customer_id AND c.merged_into_id IS NULL
            CROSS JOIN LATERAL ({governing}) g
            JOIN entry e ON e.segment_id = g.segment_id AND (h.entry_code IS NULL OR h.entry_code = e.code)
            CROSS JOIN LATERAL (SELECT CASE WHEN e.channel = ANY(%(by_people)s) THEN 'contact' ELSE 'message' END AS way) w
            CROSS JOIN LATERAL (SELECT {due_at("h.happened_at")} AS due_at) d
            WHERE (h.segment_id IS NULL OR h.segment_id = g.segment_id) AND h.happened_at >= e.begun_at
              AND NOT EXISTS (SELECT 1 FROM promise_planmessage told
                              WHERE told.customer_id = h.customer_id AND told.event = h.event AND told.way = w.way)
            ON CONFLICT DO NOTHING
            """,  # noqa: S608  the questions are written by code, values are parameters
            parameters,
        )
        return cursor.rowcount


def late_after(due: datetime) -> datetime:
    """Nobody wants to be thanked a fortnight late: after this it is left unsaid."""
    return due + timedelta(days=7)
