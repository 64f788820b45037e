"""The visit rhythm of a service package (走访节奏): regular contacts for every customer of its segment, by its named owner.

Two statements, whatever the number of customers: rhythms that no longer hold are ended with what they had planned ahead,
and missing ones begin. The contacts themselves are put down by `understand/contact_series.py`, a quarter ahead. A series
that somebody ended or changed by hand stays as they left it for as long as the customer stays in the segment.
"""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guixin.ledger.recording import record_rows
from guixin.understand.contact_events import ContactSeriesChanged

# Whoever is treated by a segment whose package has a rhythm, and somebody to keep it.
_WANTED = """
    SELECT c.id AS customer_id, v.package_id, v.visit_every_days AS every, p.name, coalesce(v.owner_id, c.owner_id, s.owner_id) AS owner_id
    FROM promise_packageversion v
    JOIN promise_package p ON p.id = v.package_id
    JOIN understand_segment s ON s.id = p.segment_id AND s.published_at IS NOT NULL AND s.withdrawn_at IS NULL
    JOIN understand_membership m ON m.segment_id = s.id AND m.until IS NULL
    JOIN understand_customer c ON c.id = m.customer_id AND c.merged_into_id IS NULL AND c.segment_id = s.id
    WHERE v.withdrawn_at IS NULL AND v.visit_every_days IS NOT NULL
"""

_END = f"""
    WITH wanted AS ({_WANTED}),
         over AS (
            UPDATE promise_visitrhythm r SET ended_at = %(now)s WHERE r.ended_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM wanted w WHERE w.customer_id = r.customer_id AND w.package_id = r.package_id
                  AND w.every = r.every_days AND w.owner_id = r.owner_id)
            RETURNING r.series_id),
         cleared AS (
            DELETE FROM understand_contact k USING over WHERE k.plan_id = over.series_id AND k.state = 'planned'
                AND k.missed_at IS NULL AND NOT k.moved AND k.due_at > %(now)s)
    UPDATE understand_contactplan t SET ended_at = %(now)s FROM over
    WHERE t.id = over.series_id AND t.ended_at IS NULL RETURNING t.id, t.customer_id
"""  # noqa: S608  words of our own

# Spread over the rhythm by the customer's number: a thousand first visits must not fall on one day.
_BEGIN = f"""
    WITH wanted AS ({_WANTED}),
         fresh AS (
            INSERT INTO understand_contactplan (customer_id, kind, subject, owner_id, every, unit, first_on, made_at, version)
            SELECT w.customer_id, 'visit', format(%(subject)s, w.name), w.owner_id, w.every, 'days',
                   %(today)s::date + 1 + (w.customer_id %% w.every)::int, %(now)s, 1
            FROM wanted w
            JOIN organisation_person o ON o.id = w.owner_id AND o.is_active
            WHERE NOT EXISTS (SELECT 1 FROM promise_visitrhythm r WHERE r.customer_id = w.customer_id
                              AND r.package_id = w.package_id AND r.ended_at IS NULL)
            RETURNING id, customer_id, every, owner_id)
    INSERT INTO promise_visitrhythm (package_id, customer_id, series_id, every_days, owner_id, begun_at)
    SELECT w.package_id, f.customer_id, f.id, f.every, f.owner_id, %(now)s
    FROM fresh f JOIN wanted w ON w.customer_id = f.customer_id
    RETURNING series_id, customer_id
"""  # noqa: S608

_PEN = 0x72687974  # "rhyt": one worker at a time keeps them up


@transaction.atomic
def keep_up(now: datetime) -> int:
    """End and begin what changed since the last look. Returns how many series that were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_PEN])
        if not cursor.fetchone()[0]:
            return 0
        said: dict[str, Any] = {
            "now": now,
            "today": timezone.localdate(now),
            "subject": _("Visit by the service package “%s”"),
        }
        cursor.execute(_END, said)
        ended = cursor.fetchall()
        cursor.execute(_BEGIN, said)
        begun = cursor.fetchall()
    for rows, change in ((ended, "ended"), (begun, "planned")):
        if rows:
            record_rows(
                ContactSeriesChanged,
                """SELECT 'customer', customer_id, jsonb_build_object('plan_id', id, 'series_change', %s::text)
                   FROM unnest(%s::bigint[], %s::bigint[]) AS x (id, customer_id)""",
                [change, [row[0] for row in rows], [row[1] for row in rows]],
                happened_at=now,
            )
    return len(ended) + len(begun)
