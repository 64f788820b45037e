"""What people look at all day: today, the supervisor's board, the page of escalations. Some thousand cases are late, some
thousand promises ended this week, some thousand escalations wait, among all the cases held."""

from django.db import connection

from benchmarks.calling import Browser
from benchmarks.holding import Held
from benchmarks.measuring import Figure, cost, statements
from guixin.serve.tests import make

SHARE = 50  # one case in so many is late, one promise in so many has ended this week
BUDGET = 30  # ms of CPU


def run(held: Held) -> list[Figure]:
    _some_are_late(held)
    times, runs = (5, 3) if held.quick else (20, 5)
    pages = [
        ("the supervisor's board, everything", make.he(), "/now"),
        ("the board with the people of one department", make.he(), "/now?department=front"),
        ("the board of a director", make.chen(), "/now"),
        ("today at the front desk", make.wang(), "/"),
        ("today in a department", make.li(), "/"),
        ("escalations, everything", make.he(), "/escalations?whose=all"),
        ("escalations for one person", make.qian(), "/escalations"),
    ]
    figures = []
    for words, person, path in pages:
        browser = Browser(person)
        found = cost(lambda browser=browser, path=path: browser.get(path), times=times, runs=runs)
        with statements() as sent:
            browser.get(path)
        figures += [
            Figure(f"CPU of {words}", f"{found.cpu:.1f} ms", f"≤ {BUDGET} ms", found.cpu <= BUDGET),
            Figure("its SQL statements", str(len(sent))),
        ]
    return figures


def _some_are_late(held: Held) -> None:
    """As a bad week would leave them: at most five thousand late cases a department, told to the supervisor."""
    every = max(SHARE, held.cases // 10_000)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM promise_escalation")
        if cursor.fetchone()[0]:
            return  # a database that was kept
        cursor.execute(
            "UPDATE promise_clock SET due_at = now() - (id %% 5000) * interval '1 minute', next_level = 2,"
            " breached_at = now() - (id %% 5000) * interval '1 minute', next_at = now() + interval '1 day'"
            " WHERE case_id %% %s = 0 AND about_kind = 'task'",
            [every],
        )
        cursor.execute(
            "UPDATE serve_case c SET queue_at = k.due_at, level = 1 FROM promise_clock k"
            " WHERE k.case_id = c.id AND k.breached_at IS NOT NULL"
        )
        cursor.execute(
            "UPDATE serve_task t SET queue_at = k.due_at FROM promise_clock k"
            " WHERE k.about_kind = 'task' AND k.about_id = t.id AND k.breached_at IS NOT NULL"
        )
        cursor.execute(
            "UPDATE promise_clock SET state = CASE WHEN case_id %% 7 = 0 THEN 'missed' ELSE 'met' END,"
            " due_at = now() - interval '1 minute', stopped_at = now(), next_at = NULL,"
            " breached_at = CASE WHEN case_id %% 7 = 0 THEN now() - interval '1 minute' END, started_at = now() - interval '1 day'"
            " WHERE case_id %% %s = 1 AND about_kind = 'task'",
            [every],
        )
        cursor.execute(
            "INSERT INTO promise_escalation (case_id, clock_id, cause, level, round, department_id, to_person_id,"
            " is_top, skipped, reason, happened_at, made_at, act_note, acted_how)"
            " SELECT case_id, id, 'late', 1 + id %% 3, 0, department_id, %s, false, '[]', '', breached_at, now(), '', ''"
            " FROM promise_clock WHERE breached_at IS NOT NULL AND state = 'running'",
            [make.qian().pk],
        )
        cursor.execute("VACUUM ANALYZE promise_clock, serve_case, serve_task, promise_escalation")
