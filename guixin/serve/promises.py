"""Which promises a case or task is given, and keeping their cached deadlines on the rows people list."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import connection

from guixin.promise.book import Book, Circumstances, book
from guixin.promise.keeping import Promise, start
from guixin.promise.models import Clock, Measure
from guixin.promise.models.standard import TO_COLLEAGUES, TO_CUSTOMER
from guixin.serve.models import Case, Task


def circumstances(case: Case) -> Circumstances:
    return Circumstances(
        kind=case.kind,
        category=case.category,
        severity=case.severity,
        grade=case.grade,
        channel=case.channel,
        package=case.package_id,
    )


def promises_to_customer(
    case: Case, *, department_id: int, at: datetime, pages: Book | None = None
) -> list[Promise]:
    """What this case's customer is promised from `at`: one promise for each measure that has a standard.

    The owner's department keeps them, whoever works on the tasks.
    """
    pages, facts = pages or book(), circumstances(case).at(department_id)
    return [
        Promise(
            about=case.about,
            case_id=case.pk,
            version=version,
            department_id=department_id,
            holder_id=case.owner_id,
            started_at=at,
            generation=case.generation,
            calendar_id=pages.calendar_id(version, facts),
        )
        for measure in TO_CUSTOMER
        if (version := pages.promise(measure, facts))
    ]


def promises_between_colleagues(
    task: Task, *, at: datetime, generation: int = 1, measures: Sequence[Measure] = TO_COLLEAGUES,
    pages: Book | None = None,
) -> list[Promise]:  # fmt: skip
    """What the department promises for this task: to accept it, to return a result."""
    pages, facts = pages or book(), circumstances(task.case).at(task.department_id)
    return [
        Promise(
            about=task.about,
            case_id=task.case_id,
            version=version,
            department_id=task.department_id,
            holder_id=task.handler_id,
            started_at=at,
            generation=generation,
            calendar_id=pages.calendar_id(version, facts),
        )
        for measure in measures
        if (version := pages.promise(measure, facts))
    ]


def begin(promises: Sequence[Promise]) -> dict[tuple[str, int], list[Clock]]:
    """Start these promises; the clocks by what they are about."""
    by_about: dict[tuple[str, int], list[Clock]] = {}
    for clock in start(promises) if promises else ():
        by_about.setdefault((clock.about_kind, clock.about_id), []).append(clock)
    return by_about


def spelled_out(clocks: Iterable[Clock]) -> list[dict]:
    """The promises as facts for an entry."""
    return [
        {"measure": clock.measure, "version": clock.version_id, "due_at": clock.due_at.isoformat()}
        for clock in clocks
        if clock.due_at
    ]


# Joined and grouped, not asked for each row: a fresh table whose size the planner does not know yet would
# otherwise be walked once for every case.
_REFRESH_CASES = """
    UPDATE serve_case c SET queue_at = coalesce(next.due_at, '9999-01-01 00:00:00+00')
    FROM unnest(%(ids)s::bigint[]) AS i (id) LEFT JOIN (
        SELECT k.case_id, min(k.due_at) AS due_at FROM promise_clock k
        WHERE k.case_id = ANY(%(ids)s) AND k.state = 'running' GROUP BY k.case_id) next ON next.case_id = i.id
    WHERE c.id = i.id RETURNING c.id, c.queue_at
"""
_REFRESH_TASKS = """
    UPDATE serve_task t SET queue_at = coalesce(next.due_at, '9999-01-01 00:00:00+00')
    FROM unnest(%(ids)s::bigint[]) AS i (id) LEFT JOIN (
        SELECT k.about_id, min(k.due_at) AS due_at FROM promise_clock k
        WHERE k.case_id = ANY(%(cases)s) AND k.about_kind = 'task' AND k.state = 'running' GROUP BY k.about_id
    ) next ON next.about_id = i.id
    WHERE t.id = i.id
"""


def refresh_deadlines(events: Iterable) -> None:
    """Reaction: clocks moved, so the queues that show their deadlines follow."""
    events = list(events)
    cases = {event.case_id for event in events if event.case_id}
    if cases:
        refresh_queues(cases, {event.about[1] for event in events if event.about[0] == "task"})


def refresh_queues(case_ids: set[int], task_ids: set[int]) -> dict[int, datetime]:
    """Write the next deadline of these cases and tasks where the queues sort by it. Returns those of the cases."""
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH_CASES, {"ids": sorted(case_ids)})
        deadlines = dict(cursor.fetchall())
        if task_ids:
            cursor.execute(_REFRESH_TASKS, {"ids": sorted(task_ids), "cases": sorted(case_ids)})
    return deadlines


def hold_cases(case_ids: Collection[int], wait: bool) -> set[int]:
    """Lock these cases in the order of their ids. Without waiting: returns those somebody else holds."""
    lock = _LOCK_CASES if wait else f"{_LOCK_CASES} SKIP LOCKED"
    with connection.cursor() as cursor:
        cursor.execute(lock, [sorted(case_ids)])
        held = {pk for (pk,) in cursor.fetchall()}
        missing = set(case_ids) - held
        if not missing or wait:
            return set()
        cursor.execute("SELECT id FROM serve_case WHERE id = ANY(%s)", [sorted(missing)])
        return {pk for (pk,) in cursor.fetchall()}


_LOCK_CASES = "SELECT id FROM serve_case WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


def show_level(events: Iterable) -> None:
    """Reaction: a promise was broken or climbed; the rows people list show how high."""
    cases: dict[int, int] = {}
    tasks: dict[int, int] = {}
    for event in events:
        if not event.level or not event.case_id:
            continue
        cases[event.case_id] = max(event.level, cases.get(event.case_id, 0))
        if event.about[0] == "task":
            tasks[event.about[1]] = max(event.level, tasks.get(event.about[1], 0))
    for table, levels in (("serve_case", cases), ("serve_task", tasks)):
        if levels:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"UPDATE {table} t SET level = v.level"  # noqa: S608  table names from the line above
                    " FROM unnest(%s::bigint[], %s::smallint[]) AS v (id, level)"
                    " WHERE t.id = v.id AND t.level < v.level",
                    [list(levels), list(levels.values())],
                )
