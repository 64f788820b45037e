"""A page of fifty cases out of all: the page people see, the API, and the query alone."""

from django.db import connection

from benchmarks.calling import Browser, Program
from benchmarks.holding import Held
from benchmarks.measuring import Cost, Figure, cost, statements
from guixin.serve import queues
from guixin.serve.tests import make

LISTS = ("mine", "department", "escalated", "unrouted", "all")
TASK_LISTS = ("mine", "department")
ENOUGH = 100_000  # with fewer cases the planner rightly reads small tables through
MANY = 20 * queues.PAGE  # rows a step may touch to fill a page, whatever the number of cases


def run(held: Held) -> list[Figure]:
    times, runs = (10, 3) if held.quick else (20, 5)
    browser, program = Browser(), Program()
    page = cost(lambda: browser.get("/queues/all"), times=times, runs=runs)
    answer = cost(lambda: program.get("/api/cases?queue=all"), times=times, runs=runs)
    with statements() as sent:
        browser.get("/queues/all")
    director = Browser(make.chen())
    department = cost(lambda: director.get("/queues/department"), times=times, runs=runs)
    alone = cost(lambda: queues.page_of(queues.cases("all", make.he())), times=times, runs=runs)
    with statements() as sent_alone:
        queues.page_of(queues.cases("all", make.he()))
    with held.raw() as raw:
        bare = cost(lambda: raw.execute(*sent_alone[-1]).fetchall(), times=times, runs=runs, on=raw)
    figures = [
        Figure("CPU of the page “all open cases”", _ms(page), "≤ 25 ms", page.cpu <= 25),
        Figure("its SQL statements", str(len(sent))),
        Figure(
            "CPU of the page “cases with us” of a director", _ms(department), "≤ 25 ms", department.cpu <= 25
        ),
        Figure("CPU of the same list by the API", _ms(answer), "≤ 25 ms", answer.cpu <= 25),
        Figure("CPU of the list alone, to its bare SQL", f"{_ms(alone)}, × {alone.cpu / bare.cpu:.1f}"),
    ]
    every = plans() if held.cases >= ENOUGH else []
    bad = [f"{name}: {steps}" for name, steps in every if steps]
    figures.append(
        Figure(
            f"lists and their second pages whose plans touch more than {MANY:,} rows or {5 * MANY:,} blocks",
            "; ".join(bad) or ("none" if every else "too few cases to tell"),
            "none",
            not bad,
        )
    )
    return figures


def plans() -> list[tuple[str, str]]:
    """Of each list, first page and second: what its plan does beside walking indexes; empty if nothing."""
    found = []
    for person in (make.he(), make.chen(), make.li()):
        for kind, lists, listed in (("cases", LISTS, queues.cases), ("tasks", TASK_LISTS, queues.tasks)):
            for name in lists:
                try:
                    rows = listed(name, person)
                except queues.NoSuchQueue:
                    continue
                after = queues.page_of(rows).after
                words = f"{kind} “{name}” of {person.login}"
                found.append((words, costly_steps(rows)))
                if after:
                    found.append((f"{words}, page 2", costly_steps(rows, after)))
    return found


def costly_steps(rows, after: str | None = None) -> str:
    """Steps of the plan that grow with the number of cases: sorting many, counting, reading a table through."""
    with statements() as sent:
        queues.page_of(rows, after)
    query, values = sent[-1]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING off, FORMAT JSON) {query}", values)
        (plan,) = cursor.fetchone()[0]
    top = plan["Plan"]
    pages = top["Shared Hit Blocks"] + top["Shared Read Blocks"]
    return ", ".join(_costly(top) + ([f"{pages:,} pages of 8 kB read"] if pages > 5 * MANY else []))


def _costly(step: dict) -> list[str]:
    rows = step.get("Actual Rows", 0) * step.get("Actual Loops", 1) + step.get("Rows Removed by Filter", 0)
    where = step.get("Relation Name") or step.get("Index Name") or ""
    found = []
    if rows > MANY:
        found.append(f"{step['Node Type']} {where} ({rows:,.0f} rows)".replace("  ", " "))
    for part in step.get("Plans", ()):
        found += _costly(part)
    return found


def _ms(cost: Cost) -> str:
    return f"{cost.cpu:.1f} ms"
