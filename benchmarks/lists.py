"""Filters, orders and words on the lists of open cases and tasks, alone and without the page around them: rare values,
common ones, none; and the numbers of the views, which a worker counts. Parallel workers are off, so that all CPU is seen."""

from django.db import connection
from django.http import QueryDict

from benchmarks.holding import Held
from benchmarks.measuring import Figure, cost, statements
from guixin.ledger.clock import database_now
from guixin.organisation.access import scope_of
from guixin.serve import queues, saved_views
from guixin.serve.tests import make

BUDGET = 25  # ms of CPU for a page
LISTS = [
    ("all", "kind=complaint"),
    ("all", "state=waiting"),
    ("all", "channel=visit"),
    ("all", "grade=A"),
    ("all", "category=quality/colour"),
    ("all", "severity=4&due=7d"),
    ("all", "level=3"),
    ("all", "sort=level"),
    ("all", "sort=newest&channel=visit"),
    ("all", "owner=wang&channel=visit"),
    ("all", "department=quality&department=logistics&grade=A"),
    ("all", "q=色差"),
    ("all", "q=个案"),
    ("all", "q=无人问津"),
    ("department", "grade=A"),
    ("department", "sort=newest"),
    ("tasks", "grade=A"),
    ("tasks", "q=色差"),
    ("tasks", "sort=newest"),
    ("all-tasks", "grade=A"),
]


def run(held: Held) -> list[Figure]:
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
    try:
        return [_page(held, name, query) for name, query in LISTS] + [_counting()]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET max_parallel_workers_per_gather")


def _page(held: Held, name: str, query: str) -> Figure:
    person = make.he() if name.startswith("all") else make.chen()

    def page() -> queues.Page:
        return queues.page_of(queues.listed(name, person, QueryDict(query)))

    with statements() as sent:
        page()
    slow = cost(page, times=1, runs=1, warm=1).wall > 100
    times, runs = (1, 1) if slow else (10, 3)
    spent = cost(page, times=times, runs=runs, warm=2)
    with held.raw() as raw:
        raw.execute("SET max_parallel_workers_per_gather = 0")
        bare = cost(lambda: raw.execute(*sent[-1]).fetchall(), times=times, runs=runs, warm=2, on=raw)
    ratio = f"× {spent.cpu / bare.cpu:.1f}" if bare.cpu else "× –"
    what = f"CPU of “{name}” with `{query}`, to its bare SQL"
    return Figure(what, f"{spent.cpu:.1f} ms, {ratio}", f"≤ {BUDGET} ms", spent.cpu <= BUDGET)


def _counting() -> Figure:
    """What the worker spends on the views everybody has, for one person."""
    person, now = make.he(), database_now()
    views = saved_views.built_in(scope_of(person))
    spent = cost(lambda: [saved_views.count(view, person, now) for view in views], times=3, runs=3, warm=1)
    return Figure(f"CPU of counting {len(views)} views, every two minutes", f"{spent.cpu:.1f} ms")
