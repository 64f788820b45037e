"""Telling customers by a communication plan: one event for each customer is put down as a message, then dealt with up to the
post. The ratios are to hand-made SQL for the same rows: one INSERT … SELECT of as many bare messages, and one UPDATE of them
with their rows in the outbox. Ours also finds who governs a customer, asks consent, quiet hours and the cap, and fills in the words."""

import time
from collections.abc import Callable

from django.db import connection

from benchmarks.holding import Held
from benchmarks.measuring import Figure
from guixin.ledger.clock import database_now
from guixin.organisation.tests.make import calendar
from guixin.promise import communication, planning, posting
from guixin.promise.models import PlanMessage
from guixin.serve.tests import make
from guixin.understand import segmenting

_CUSTOMERS = """
    WITH made AS (
        INSERT INTO understand_customer (id, kind, name, name_folded, name_pinyin, name_initials, language, organisation,
            market, prefers, topics, created_at, version, segment_id)
        SELECT nextval(pg_get_serial_sequence('understand_customer', 'id')), 'person', 'told' || n, 'told' || n, '', '',
            'zh-hans', '', 'consumer', '', '', now(), 1, %(segment)s
        FROM generate_series(1, %(rows)s) n RETURNING id),
    addressed AS (
        INSERT INTO understand_identity (customer_id, kind, raw, normal, last4)
        SELECT id, 'phone', '1' || id, '1' || id, right(id::text, 4) FROM made)
    INSERT INTO understand_membership (customer_id, segment_id, since, why)
    SELECT id, %(segment)s, statement_timestamp() + interval '1 second', '{}' FROM made
"""
_LINE = {
    "code": "welcome", "occasion": "entered", "channel": "sms", "purpose": "service", "subject": "您好",
    "body": "{customer}，感谢您的支持。",
}  # fmt: skip


def run(held: Held) -> list[Figure]:
    rows = min(held.rows, 100_000)
    began = database_now()
    segment = segmenting.define("told", name="told", owner=make.he(), by=None, now=began)
    rule = {"match": "all", "parts": [{"fact": "kind", "asks": "in", "value": ["person"]}]}
    segmenting.publish(segment, rule, by=None, now=began)
    plan = communication.plan_of(segment)
    calendar("always")  # so that the hour of the run changes nothing
    terms = {"calendar": "always", "quiet_from": None, "quiet_to": None, "entries": [_LINE]}
    communication.publish(plan, communication.blank() | terms, by=None, now=began)
    with connection.cursor() as cursor:
        cursor.execute(_CUSTOMERS, {"segment": segment.pk, "rows": rows})
        cursor.execute("ANALYZE understand_customer, understand_membership, understand_identity")
    with held.raw() as raw:
        raw.execute(_BARE_TABLES)
        bare_plan = _seconds(lambda: raw.execute(_BARE_PLAN, [segment.pk]))
        bare_post = _seconds(lambda: raw.execute(_BARE_POST))
    time.sleep(1)  # the memberships begin a second after the plan
    now = database_now()
    planned = _seconds(lambda: planning.plan_what_happened(now))
    again = min(_seconds(lambda: planning.plan_what_happened(now)) for _run in range(3))
    posted = _seconds(lambda: _post_all(now))
    told = PlanMessage.objects.filter(plan=plan, state=PlanMessage.State.POSTED).count()
    return [
        Figure(f"{rows:,} bare messages, one INSERT … SELECT", f"{bare_plan:.2f} s"),
        Figure("the same put down by the plan, to it", f"{planned:.2f} s, × {planned / bare_plan:.1f}"),
        Figure("looked at again, nothing new", f"{again:.2f} s"),
        Figure("the bare rows marked, with as many in the outbox", f"{bare_post:.2f} s"),
        Figure(f"{told:,} dealt with up to the post, to it", f"{posted:.1f} s, × {posted / bare_post:.1f}"),
        Figure("messages a second", f"{told / posted:,.0f}", "≥ 500", told / posted >= 500),
    ]  # fmt: skip


_BARE_TABLES = """
    CREATE TABLE bare_message (id bigserial PRIMARY KEY, customer_id bigint, way text, event text, due_at timestamptz,
        state text, subject text, body text, posted_at timestamptz, UNIQUE (customer_id, event, way));
    CREATE INDEX ON bare_message (due_at) WHERE state = 'waiting';
    CREATE TABLE bare_outgoing (id bigserial PRIMARY KEY, lane text, payload jsonb, next_try_at timestamptz)
"""
_BARE_PLAN = """
    INSERT INTO bare_message (customer_id, way, event, due_at, state, subject, body)
    SELECT m.customer_id, 'message', 'entered:' || m.id, m.since, 'waiting', '', ''
    FROM understand_membership m WHERE m.segment_id = %s AND m.until IS NULL
"""
_BARE_POST = """
    WITH told AS (UPDATE bare_message SET state = 'posted', posted_at = now(), subject = '您好', body = '感谢您的支持。'
                  WHERE state = 'waiting' RETURNING id, customer_id)
    INSERT INTO bare_outgoing (lane, payload, next_try_at)
    SELECT 'customer:' || customer_id, jsonb_build_object('message', id), now() FROM told
"""


def _post_all(now) -> None:
    while posting.post_due(now):
        pass


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
