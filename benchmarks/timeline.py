"""The story of one customer with a hundred thousand entries: over their cases, and about themselves; the first page, a
page far back, and narrowed to a rare kind. Parallel workers are off, so that all CPU is seen."""

from django.db import connection
from django.utils import timezone

from benchmarks.holding import Held
from benchmarks.measuring import Figure, cost, statements
from guixin.channels.customer_timeline import stream
from guixin.ledger.clock import database_now
from guixin.serve.models import Case
from guixin.understand.models import Customer

ENTRIES = 100_000
BUDGET = 30  # ms of CPU: the page of a case has as much

# Half of them on two thousand cases of theirs, half about the customer: calls, and one need in a thousand.
_CASES = """
    INSERT INTO ledger_entry (kind, happened_at, actor_id, about_kind, about_id, case_id, facts)
    SELECT (ARRAY['serve.case_opened', 'serve.customer_told', 'serve.task_given', 'promise.clock_breached',
                  'serve.case_closed'])[1 + n %% 5],
           %s::timestamptz + n * interval '1 minute', NULL, 'case', c.id, c.id, '{}'
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM serve_case WHERE customer_id = %s) AS c,
         generate_series(1, %s) AS n
"""
_ABOUT = """
    INSERT INTO ledger_entry (kind, happened_at, actor_id, about_kind, about_id, case_id, facts)
    SELECT CASE WHEN n %% 1000 = 0 THEN 'understand.need_noted' ELSE 'understand.customer_changed' END,
           %s::timestamptz + n * interval '1 minute', NULL, 'customer', %s, NULL, '{}'
    FROM generate_series(1, %s) AS n
"""


def run(held: Held) -> list[Figure]:
    entries = ENTRIES // 10 if held.quick else ENTRIES
    customer, cases = _customer(entries)
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("VACUUM ANALYZE ledger_entry")
    try:
        far_back = stream([customer.pk], cases).before
        for _page in range(20):
            far_back = stream([customer.pk], cases, before=far_back).before
        return [
            _figure(held, f"first page of {entries:,} entries on {len(cases):,} cases", customer, cases),
            _figure(held, "the 22nd page of them", customer, cases, before=far_back),
            _figure(held, "one kind in a thousand", customer, cases, only="needs"),
            _figure(held, "broken promises", customer, cases, only="promises"),
        ]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET max_parallel_workers_per_gather")


def _customer(entries: int) -> tuple[Customer, list[int]]:
    """A customer of their own with as many entries; cases are taken over from those that are held."""
    customer = Customer.objects.create(kind="company", name="百万工厂", created_at=timezone.now())
    number = entries // 50
    ids = list(Case.objects.order_by("-pk").values_list("pk", flat=True)[:number])
    Case.objects.filter(pk__in=ids).update(customer=customer)
    began = database_now()
    with connection.cursor() as cursor:
        cursor.execute(_CASES, [began, customer.pk, entries // 2 // max(len(ids), 1)])
        cursor.execute(_ABOUT, [began, customer.pk, entries // 2])
    newest = Case.objects.filter(customer=customer).order_by("-opened_at", "-pk")
    return customer, list(newest.values_list("pk", flat=True))


def _figure(held: Held, what: str, customer: Customer, cases: list[int], **narrowed) -> Figure:
    def page() -> object:
        return stream([customer.pk], cases, **narrowed)

    with statements() as sent:
        page()
    spent = cost(page, times=10, runs=3, warm=2)
    with held.raw() as raw:
        raw.execute("SET max_parallel_workers_per_gather = 0")
        bare = cost(lambda: raw.execute(*sent[0]).fetchall(), times=10, runs=3, warm=2, on=raw)
    ratio = f"× {spent.cpu / bare.cpu:.1f}" if bare.cpu else "× –"
    return Figure(
        f"CPU of {what}, to its bare SQL",
        f"{spent.cpu:.1f} ms, {ratio}",
        f"≤ {BUDGET} ms",
        spent.cpu <= BUDGET,
    )
