"""Sorting every customer into segments by their rules. The ratio is to hand-made SQL for the same: one SELECT over the same
conditions, and for the first round the bare rows of the memberships. A round also writes why each came, tells the ledger
of each, keeps everybody's first segment and the day's numbers.

Seconds of the clock as the worker and the page would take them; CPU with parallel workers off, so that all of it is seen. The preview
is measured without the patience after which it estimates."""

import time
from collections.abc import Callable

from django.db import connection, transaction

from benchmarks.holding import Held
from benchmarks.measuring import Cost, Figure, cost
from guixin.ledger.clock import database_now
from guixin.serve.tests import make
from guixin.understand import previewing, segmenting, sorting
from guixin.understand.models import Customer, Membership, Segment
from guixin.understand.previewing import preview
from guixin.understand.rules import checked

_CUSTOMERS = """
    INSERT INTO understand_customer (id, kind, name, name_folded, name_pinyin, name_initials, language, organisation, market,
        prefers, topics, created_at, version)
    SELECT nextval(pg_get_serial_sequence('understand_customer', 'id')), CASE WHEN n %% 5 = 0 THEN 'company' ELSE 'person' END, 'c' || n, 'c' || n, '', '', 'zh-hans', '',
        (ARRAY['consumer', 'consumer', 'producer', 'reseller'])[1 + n %% 4], '', '', now() - n %% 900 * interval '1 day', 1
    FROM generate_series(1, %s) n
"""
_GRADING = (
    "INSERT INTO understand_grading (began_at, as_of, customers, changed, letters, cut_points, model, left_out)"
    " VALUES (now(), now(), 0, 0, '{}', '{}', '{}', '{}') RETURNING id"
)
_WORTH = """
    INSERT INTO understand_customerworth (customer_id, grading_id, first_bought_at, last_bought_at, orders, returns, gross,
        returned, net, recency_days, r, f, m, value_percentile, grade, grade_since, graded_at, candidate_periods, reasons)
    SELECT id, %s, now() - interval '2 years', now() - id %% 700 * interval '1 day', 1 + id %% 20, 0, id %% 9973 * 1000, 0,
        id %% 9973 * 1000, id %% 700, 1 + id %% 5, 1 + id %% 5, 1 + id %% 5, id %% 100 / 100.0, 'C', now(), now(), 0, '{}'
    FROM understand_customer ON CONFLICT DO NOTHING
"""


def run(held: Held) -> list[Figure]:
    with connection.cursor() as cursor:
        cursor.execute(_CUSTOMERS, [held.rows])
        cursor.execute(_GRADING)
        cursor.execute(_WORTH, [cursor.fetchone()[0]])
        cursor.execute("ANALYZE understand_customer, understand_customerworth")
    customers, now = Customer.objects.standing().count(), database_now()
    rules = {
        "big": [("net", "at_least", 80_000)],
        "resellers": [("market", "in", ["reseller"]), ("orders", "at_least", 10)],
        "sleeping": [("recency_days", "more", 600)],
        "young": [("created_at", "within", 90)],
        "big-resellers": [("segment", "in", ["big"]), ("segment", "in", ["resellers"])],
    }
    for code, parts in rules.items():
        made = segmenting.define(code, name=code, owner=make.he(), by=None, now=now)
        rule = {"match": "all", "parts": [{"fact": f, "asks": a, "value": v} for f, a, v in parts]}
        segmenting.publish(made, rule, by=None, now=now)
    with held.raw() as raw:
        raw.execute(_BARE_TABLE)
        bare = min(_seconds(lambda: raw.execute(_BARE)) for _run in range(3))
        bare_rows = _seconds(lambda: raw.execute("INSERT INTO bare_membership " + _BARE_ROWS))
    first = _seconds(lambda: sorting.run_next(now))
    entered = Membership.objects.count()
    again = _cost(lambda: _sort(now))
    few = list(Customer.objects.order_by("pk").values_list("pk", flat=True)[:500])
    touched = min(_seconds(lambda: _sort(now, few)) for _run in range(5))
    rule = checked({"match": "all", "parts": [{"fact": "net", "asks": "at_least", "value": 70_000}]})
    previewing.PATIENCE = previewing.PATIENCE_FOR_SOME = "10min"
    big = Segment.objects.get(code="big")
    seen = _cost(lambda: preview(rule, segment=big, now=now))
    estimated = _cost(lambda: _estimate(rule, big, now))
    seconds = 10 * max(held.rows, 100_000) / 1e6
    return [
        Figure(f"the conditions of five segments over {customers:,} customers, one bare SELECT", f"{bare:.2f} s"),
        Figure(f"{entered:,} bare rows written by it", f"{bare_rows:.2f} s"),
        Figure(
            f"first round: {entered:,} enter, with reasons and ledger, to the bare rows",
            f"{first:.1f} s, × {first / bare_rows:.1f}",
        ),
        Figure(
            "a round in which nobody moves, its CPU, its time to the bare SELECT",
            f"{_both(again)}, × {again.wall / 1000 / bare:.1f}", f"≤ {seconds:.0f} s", again.wall <= 1000 * seconds,
        ),
        Figure("500 customers looked at again", f"{1000 * touched:.0f} ms"),
        Figure("the preview of a rule, everybody counted, its CPU", _both(seen), "≤ 5 s", seen.wall <= 5000),
        Figure("the preview estimated from 20,000, its CPU", _both(estimated), "≤ 2 s", estimated.wall <= 2000),
    ]  # fmt: skip


_BARE_ROWS = """
    SELECT c.id, s, now() FROM understand_customer c LEFT JOIN understand_customerworth w ON w.customer_id = c.id,
    LATERAL unnest(array_remove(ARRAY[
        CASE WHEN w.net >= 8000000 THEN 1 END, CASE WHEN c.market = 'reseller' AND w.orders >= 10 THEN 2 END,
        CASE WHEN w.recency_days > 600 THEN 3 END, CASE WHEN c.created_at > now() - interval '90 days' THEN 4 END,
        CASE WHEN w.net >= 8000000 AND c.market = 'reseller' AND w.orders >= 10 THEN 5 END], NULL)) AS s
    WHERE c.merged_into_id IS NULL
"""
_BARE = f"SELECT count(*) FROM ({_BARE_ROWS}) held"  # noqa: S608
_BARE_TABLE = "CREATE TABLE bare_membership (customer_id bigint, segment_id int, since timestamptz)"


def _sort(now, among=None) -> None:
    with transaction.atomic():
        sorting.sort_again(now, among)


def _estimate(rule, segment: Segment, now) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        previewing._estimate(cursor, rule, segment, now, previewing.SAMPLED)


def _cost(work: Callable[[], object]) -> Cost:
    """Its time as it is; its CPU where nothing is shared out."""
    shared = cost(work, times=1, runs=3, warm=1)
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        alone = cost(work, times=1, runs=3, warm=0)
        cursor.execute("RESET max_parallel_workers_per_gather")
    return Cost(shared.wall, alone.python, alone.server)


def _both(spent: Cost) -> str:
    return f"{spent.wall / 1000:.2f} s, {spent.cpu / 1000:.2f} s"


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
