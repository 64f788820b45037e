"""Promises that run out: the whole effect (breach, entry, escalation, notice, next step), and how late it comes."""

import subprocess
import sys
import time

from django.db import connection

from benchmarks.holding import Held
from benchmarks.measuring import Figure, rate
from guixin.channels.work import BATCH
from guixin.ledger.clock import database_now
from guixin.promise.keeping import fire_due

# Ran out within the last hour, each at its own moment. Every case once: a worker and a person meet on a case.
_MAKE_DUE = """
    UPDATE promise_clock SET started_at = due - interval '24 hours', due_at = due, next_at = due
    FROM (SELECT id, guixin_now() - (1 + id * 7919 %% 3600) * interval '1 second' AS due FROM promise_clock
          WHERE next_level = 1 AND next_at > guixin_now() + interval '12 hours' AND about_kind = 'case'
          ORDER BY case_id * 7919 %% 1000003 LIMIT %s) chosen
    WHERE promise_clock.id = chosen.id
"""
# The same rows by hand: claim, next step, escalation, entry, notice, level of the case; who is told is one constant.
_BY_HAND = """
    WITH due AS (
        SELECT id FROM promise_clock WHERE next_at <= clock_timestamp() ORDER BY next_at LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED
    ), fired AS (
        UPDATE promise_clock c SET breached_at = due_at, next_level = 2, next_at = due_at + interval '24 hours'
        FROM due WHERE due.id = c.id RETURNING c.*
    ), raised AS (
        INSERT INTO promise_escalation (case_id, clock_id, cause, level, round, department_id, from_person_id,
            to_person_id, is_top, skipped, reason, happened_at, made_at, act_note, acted_how)
        SELECT case_id, id, 'late', 1, 0, department_id, holder_id, %(to)s, false, '[]', '', due_at, now(), '', ''
        FROM fired
    ), entered AS (
        INSERT INTO ledger_entry (kind, happened_at, about_kind, about_id, case_id, facts)
        SELECT 'promise.clock_breached', due_at, about_kind, about_id, case_id,
            jsonb_build_object('clock_id', id, 'measure', measure, 'department_id', department_id, 'level', 1,
                'round', 0, 'to_person_id', %(to)s::bigint, 'from_person_id', holder_id, 'is_top', false,
                'due_at', due_at)
        FROM fired
    ), told AS (
        INSERT INTO channels_notice (person_id, kind, case_id, about_kind, about_id, facts, happened_at)
        SELECT %(to)s, 'promise.clock_breached', case_id, about_kind, about_id,
            jsonb_build_object('measure', measure, 'due_at', due_at, 'is_top', false), due_at
        FROM fired
    ), shown AS (
        UPDATE serve_case c SET level = 1 FROM fired WHERE c.id = fired.case_id AND c.level < 1
    )
    SELECT count(*) FROM fired
"""
_LATENESS = """
    SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY late), percentile_disc(0.99) WITHIN GROUP (ORDER BY late),
        count(*)
    FROM (SELECT extract(epoch FROM e.recorded_at - e.happened_at)::float AS late FROM ledger_entry e
          WHERE e.id > %s AND e.kind = 'promise.clock_breached') x
"""


def run(held: Held) -> list[Figure]:
    due = min(10_000, held.cases // 20)
    runs = 3

    def ours() -> int:
        steps = 0
        while fired := fire_due(database_now(), BATCH):
            steps += fired
        return steps

    with held.raw() as raw:
        (to,) = raw.execute("SELECT min(id) FROM organisation_person").fetchone()
        raw.execute("SET jit = off")

        def by_hand() -> int:
            rows = 0
            while count := raw.execute(_BY_HAND, {"limit": BATCH, "to": to}).fetchone()[0]:
                rows += count
            return rows

        mine, theirs = [], []
        for _ in range(runs):  # in turns, so that a slow minute of the machine meets both
            _make_due(due)
            mine.append(rate(ours, runs=1))
            _make_due(due)
            theirs.append(rate(by_hand, runs=1))
    fast, raw_fast = sorted(mine)[runs // 2], sorted(theirs)[runs // 2]
    figures = [
        Figure("steps a second, with so many due at once", f"{fast:,.0f} ({due:,})", "≥ 5,000", fast >= 5000),
        Figure(
            "to hand-made SQL in batches of the same size",
            f"{fast / raw_fast:.0%} ({raw_fast:,.0f})",
            "≥ 50 %",
            fast / raw_fast >= 0.5,
        ),
    ]
    p50, p99, fired = _lateness(500 if held.quick else 2000, over=15 if held.quick else 60)
    figures.append(
        Figure(
            f"lateness with one worker, {fired:,} deadlines spread over time: half, 99 %",
            f"{p50:.2f} s, {p99:.2f} s",
            "< 0.5 s",
            p99 < 0.5,
        )
    )
    return figures


def _make_due(count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MAKE_DUE, [count])
        cursor.execute("VACUUM ANALYZE promise_clock")


def _lateness(count: int, *, over: int) -> tuple[float, float, int]:
    """One worker process; from the moment of each deadline to its entry on record."""
    lead = 15  # seconds for the worker to start
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM ledger_entry")
        (last,) = cursor.fetchone()
        cursor.execute(_MAKE_DUE, [count])
        cursor.execute(
            "UPDATE promise_clock SET started_at = due - interval '24 hours', due_at = due, next_at = due FROM ("
            " SELECT id, guixin_now() + (%s + row_number() OVER () * %s::float / %s) * interval '1 second' AS due"
            " FROM promise_clock WHERE next_at <= guixin_now()) chosen WHERE promise_clock.id = chosen.id",
            [lead, over, count],
        )
    worker = subprocess.Popen([sys.executable, "-m", "guixin", "worker", "--only", "clocks"])
    try:
        time.sleep(lead + over + 2)
    finally:
        worker.terminate()
        worker.wait(30)
    with connection.cursor() as cursor:
        cursor.execute(_LATENESS, [last])
        return cursor.fetchone()
