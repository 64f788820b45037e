"""Who is in which segment, worked out by the database for everybody at once; what changed is kept and announced.

A round looks at every customer in one pass over all rules; between rounds only those are looked at about whom something
changed (`sort_soon`). Both are the same few statements, whatever the number of customers. Written by workers alone, one
at a time.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from guixin.ledger.recording import record_rows
from guixin.understand import segment_events as events
from guixin.understand.measuring import WORTH
from guixin.understand.models import Segment, SegmentRound, SegmentVersion
from guixin.understand.rules import CannotFollow, rules_in_force
from guixin.understand.selecting import STANDING, Selection, why

log = logging.getLogger(__name__)

PEN = 0x7365676D  # "segm": the advisory lock of whoever sorts
EVERY = timedelta(hours=1)  # "more than 90 days ago" becomes true without anybody doing anything
FEW = 2_000  # customers; for more a round is asked for instead
MANY = 10_000  # who came or went, after which the planner should look again
AT_ONCE = 500  # of those waiting, in one turn


@dataclass(frozen=True)
class Outcome:
    entered: int
    left: int


# -- asking for it -------------------------------------------------------------------------------------------------


def sort_soon(customer_ids: Iterable[int], *, now: datetime) -> None:
    """Have these looked at within a second or two; if they are many, everybody."""
    ids = list(dict.fromkeys(customer_ids))
    if len(ids) > FEW:
        ask_for_round(now)
    elif ids:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO understand_segmentcheck (customer_id) SELECT unnest(%s::bigint[])"
                " ON CONFLICT DO NOTHING",
                [sorted(ids)],
            )


def ask_for_round(now: datetime) -> None:
    """Have everybody sorted again; asking twice before it begins is asking once."""
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO understand_segmentround (asked_at, customers, entered, "left", seconds)'
            " VALUES (%s, 0, 0, 0, 0) ON CONFLICT DO NOTHING",
            [now],
        )


def sort_concerned(happened: Iterable[Any]) -> None:
    """Reaction: something changed about these customers, and with them whom a merge or a split also touched."""
    by_moment: dict[datetime, list[int]] = {}
    for event in happened:
        also = [getattr(event, name, None) for name in ("merged_customer_id", "new_customer_id")]
        by_moment.setdefault(event.happened_at, []).extend([event.about[1], *filter(None, also)])
    for at, ids in by_moment.items():
        sort_soon(ids, now=at)


# -- the worker ----------------------------------------------------------------------------------------------------


@transaction.atomic
def run_next(now: datetime) -> bool:
    """One turn: a round if one is due, else the few who wait. Whether there may be more to do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [PEN])
        if not cursor.fetchone()[0]:
            return False
    waiting = SegmentRound.objects.filter(done_at=None).first()
    if waiting is None and not _round_is_due(now):
        return _sort_waiting(now)
    begun, asked = monotonic(), waiting or SegmentRound(asked_at=now)
    with connection.cursor() as cursor:
        # Whoever is added from here on is looked at again.
        cursor.execute("DELETE FROM understand_segmentcheck")
        outcome = sort_again(now)
        cursor.execute(f"SELECT count(*) FROM understand_customer c WHERE {STANDING}")  # noqa: S608
        asked.customers = cursor.fetchone()[0]
    asked.entered, asked.left = outcome.entered, outcome.left
    asked.done_at, asked.seconds = now, round(monotonic() - begun, 3)
    asked.save()
    return False


def _round_is_due(now: datetime) -> bool:
    if not Segment.objects.filter(published_at__isnull=False).exists():
        return False
    last = SegmentRound.objects.exclude(done_at=None).order_by("-done_at").first()
    return last is None or last.asked_at <= now - EVERY


def _sort_waiting(now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM understand_segmentcheck WHERE customer_id IN (SELECT customer_id FROM"
            " understand_segmentcheck ORDER BY customer_id LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING customer_id",
            [AT_ONCE],
        )
        ids = [pk for (pk,) in cursor.fetchall()]
    if ids:
        sort_again(now, ids)
    return len(ids) == AT_ONCE


# -- the statements ------------------------------------------------------------------------------------------------


def sort_again(now: datetime, among: Sequence[int] | None = None) -> Outcome:
    """Look at everybody, or at these, and write who enters and who leaves which segment.

    A rule that cannot be followed (any more) says why on its segment; its members stay as they are, and the other
    segments go on.
    """
    versions = list(
        SegmentVersion.objects.filter(withdrawn_at=None, segment__in=Segment.objects.published())
        .select_related("segment")
        .order_by("segment__priority")
    )
    standing = rules_in_force()
    followed = _followed(versions, now, among, standing)
    stuck = [each.segment_id for each in versions if each.segment_id not in followed]
    _find_changes(now, among, followed, stuck, standing)
    left = _leave(now)
    entered = _enter(now, among, [each for each in versions if each.segment_id in followed], standing)
    if left + entered >= MANY:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE understand_membership")
    _choose_first()
    _announce(now)
    _note_day(now, versions if among is None else None)
    return Outcome(entered, left)


def _followed(
    versions: Sequence[SegmentVersion],
    now: datetime,
    among: Sequence[int] | None,
    standing: Mapping[str, Any],
) -> dict[int, Mapping[str, Any]]:
    """Segment id to rule, of those that can be followed; the others are given their trouble."""
    followed = {}
    for version in versions:
        trouble = ""
        try:
            Selection(now, among, standing=standing).condition(version.rule)
            followed[version.segment_id] = version.rule
        except (CannotFollow, KeyError, ValueError, TypeError) as refusal:
            trouble = str(refusal)
        if trouble != version.segment.trouble:
            Segment.objects.filter(pk=version.segment_id).update(trouble=trouble)
    return followed


# For the few who are looked at every second or two the connection keeps its table. For everybody it is made anew: what
# fills a new table, several processes of the database may work out together.
_CHANGES_OF_FEW = (
    "CREATE TEMP TABLE IF NOT EXISTS segment_change"
    " (customer_id bigint, segment_id bigint, membership_id bigint, enters boolean) ON COMMIT DELETE ROWS",
    "TRUNCATE segment_change",
    "INSERT INTO segment_change",
)
_CHANGES_OF_ALL = (
    "DROP TABLE IF EXISTS segment_change",
    "SET LOCAL work_mem = '64MB'",
    "CREATE TEMP TABLE segment_change ON COMMIT DROP AS",
)


def _find_changes(now, among, followed: Mapping[int, Mapping[str, Any]], stuck, standing) -> None:
    """Rule by rule against every customer in one pass; kept is only what differs from how it stands."""
    selection = Selection(now, among, standing=standing)
    cases = [
        f"CASE WHEN {selection.condition(rule)} THEN {int(pk)}::bigint END" for pk, rule in followed.items()
    ]
    holding = "SELECT NULL::bigint AS customer_id, NULL::bigint AS segment_id WHERE false"
    if cases:
        holding = (
            f"SELECT c.id AS customer_id, unnest(array_remove(ARRAY[{', '.join(cases)}], NULL)) AS segment_id"  # noqa: S608
            f" FROM {selection.tables()} WHERE {selection.where()}"
        )
    only = "" if among is None else " AND customer_id = ANY(%(among)s)"
    *before, into = _CHANGES_OF_ALL if among is None else _CHANGES_OF_FEW
    with connection.cursor() as cursor:
        for statement in before:
            cursor.execute(statement)
        cursor.execute(
            f"""
            {into}
            SELECT coalesce(h.customer_id, m.customer_id) AS customer_id, coalesce(h.segment_id, m.segment_id) AS segment_id,
                   m.id AS membership_id, m.id IS NULL AS enters
            FROM ({holding}) h
            FULL JOIN (SELECT id, customer_id, segment_id FROM understand_membership
                       WHERE until IS NULL AND segment_id <> ALL(%(stuck)s::bigint[]){only}) m
              ON m.customer_id = h.customer_id AND m.segment_id = h.segment_id
            WHERE m.id IS NULL OR h.customer_id IS NULL
            """,  # noqa: S608  # names are registered facts, values are parameters
            selection.parameters | {"stuck": stuck},
        )
        cursor.execute("ANALYZE segment_change")


def _leave(now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE understand_membership m SET until = greatest(m.since, %s::timestamptz) FROM segment_change ch"
            " WHERE NOT ch.enters AND m.id = ch.membership_id AND m.until IS NULL",
            [now],
        )
        return cursor.rowcount


def _enter(now, among, versions: Sequence[SegmentVersion], standing) -> int:
    """The newcomers of every segment, each with the reasons its own rule looked at."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT segment_id FROM segment_change WHERE enters")
        entered = {pk for (pk,) in cursor.fetchall()}
        if not entered:
            return 0
        selection = Selection(now, among, standing=standing)
        reasons = [
            f"WHEN {int(each.segment_id)} THEN {why(selection, each.rule, each.number)}"
            for each in versions
            if each.segment_id in entered
        ]
        cursor.execute(
            f"""
            WITH came AS (
                INSERT INTO understand_membership (customer_id, segment_id, since, why)
                SELECT ch.customer_id, ch.segment_id, %(now)s, CASE ch.segment_id {" ".join(reasons)} END
                FROM {selection.tables()} JOIN segment_change ch ON ch.customer_id = c.id
                WHERE ch.enters
                ON CONFLICT DO NOTHING RETURNING id, customer_id, segment_id)
            UPDATE segment_change ch SET membership_id = came.id FROM came
            WHERE ch.customer_id = came.customer_id AND ch.segment_id = came.segment_id AND ch.enters
            """,  # noqa: S608
            selection.parameters,
        )
        return cursor.rowcount


_FIRST = """
    UPDATE understand_customer c SET segment_id = first.segment_id
    FROM (SELECT held.customer_id, s.id AS segment_id
          FROM (SELECT t.customer_id, min(s.priority) AS priority FROM ({touched}) t
                LEFT JOIN understand_membership m ON m.customer_id = t.customer_id AND m.until IS NULL
                LEFT JOIN understand_segment s ON s.id = m.segment_id GROUP BY t.customer_id) held
          LEFT JOIN understand_segment s ON s.priority = held.priority) first
    WHERE c.id = first.customer_id AND c.segment_id IS DISTINCT FROM first.segment_id
"""


def _choose_first() -> None:
    """The segment the customer is treated by: the first of those they are in."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST.format(touched="SELECT customer_id FROM segment_change"))


def choose_first_for_all() -> None:
    """After the order of the segments changed: for whoever is in one."""
    with connection.cursor() as cursor:
        cursor.execute(
            _FIRST.format(
                touched="SELECT customer_id FROM understand_membership WHERE until IS NULL"
                " GROUP BY customer_id HAVING count(*) > 1"
            )
        )


def _announce(now: datetime) -> None:
    for event, enters in ((events.SegmentLeft, False), (events.SegmentEntered, True)):
        record_rows(
            event,
            """SELECT 'customer', ch.customer_id, jsonb_build_object(
                   'segment_id', s.id, 'segment', s.code, 'name', s.name, 'membership_id', ch.membership_id)
               FROM segment_change ch JOIN understand_segment s ON s.id = ch.segment_id
               WHERE ch.enters = %s AND ch.membership_id IS NOT NULL""",
            [enters],
            happened_at=now,
        )


def _note_day(now: datetime, counted: Sequence[SegmentVersion] | None) -> None:
    """The day's row of each segment: after a round counted anew with its value, else moved by who came and went."""
    day = timezone.localdate(now)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO understand_segmentday AS d (segment_id, day, members, net, entered, "left", counted_at)
            SELECT moved.segment_id, %(day)s, greatest(coalesce(before.members, 0) + came - went, 0),
                   coalesce(before.net, 0), came, went, %(now)s
            FROM (SELECT segment_id, count(*) FILTER (WHERE enters) AS came, count(*) FILTER (WHERE NOT enters) AS went
                  FROM segment_change WHERE membership_id IS NOT NULL GROUP BY segment_id) moved
            LEFT JOIN LATERAL (SELECT members, net FROM understand_segmentday b
                WHERE b.segment_id = moved.segment_id ORDER BY b.day DESC LIMIT 1) before ON true
            ON CONFLICT (segment_id, day) DO UPDATE SET entered = d.entered + EXCLUDED.entered,
                "left" = d."left" + EXCLUDED."left", members = EXCLUDED.members, counted_at = EXCLUDED.counted_at
            """,
            {"day": day, "now": now},
        )
        if counted is None:
            return
        # Asked for by itself, because the database shares out the work of a question, not of an INSERT.
        cursor.execute(
            f"""
            SELECT c.segment_id, count(*), sum(worth.net)
            FROM understand_membership c {WORTH.join.replace("c.id", "c.customer_id")}
            WHERE c.until IS NULL GROUP BY c.segment_id
            """  # noqa: S608
        )
        held = {pk: (members, int(net or 0)) for pk, members, net in cursor.fetchall()}
        ids = [each.segment_id for each in counted]
        cursor.execute(
            """
            INSERT INTO understand_segmentday AS d (segment_id, day, members, net, entered, "left", counted_at)
            SELECT s.id, %(day)s, s.members, s.net, 0, 0, %(now)s
            FROM unnest(%(segments)s::bigint[], %(members)s::bigint[], %(net)s::bigint[]) AS s (id, members, net)
            ON CONFLICT (segment_id, day) DO UPDATE
                SET members = EXCLUDED.members, net = EXCLUDED.net, counted_at = EXCLUDED.counted_at
            """,
            {
                "day": day, "now": now, "segments": ids, "members": [held.get(pk, (0, 0))[0] for pk in ids],
                "net": [held.get(pk, (0, 0))[1] for pk in ids],
            },
        )  # fmt: skip
