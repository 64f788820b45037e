"""A database of its own with as many open cases as asked for, and the small firm that serves them.

The rows are made set-wise in the product's own tables: each case has an owner, a customer, a task, two running clocks
and two entries. Nothing of it is due before tomorrow.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

CHUNK = 100_000


@dataclass(frozen=True)
class Held:
    """What the jobs measure on."""

    cases: int
    url: str
    quick: bool
    rows: int  # lines of the file to import
    documents: int  # texts to search among

    def raw(self) -> psycopg.Connection:
        """The same server through plain psycopg."""
        return psycopg.connect(self.url, autocommit=True)


@contextmanager
def holding(
    cases: int, *, server: str, quick: bool = False, keep: bool = False, rows: int = 200_000, documents: int | None = None
) -> Iterator[Held]:  # fmt: skip
    """A database with `cases` open cases. `keep` leaves it there and takes it up again the next time."""
    database = f"guixin_bench_{cases}" + ("" if keep else f"_{os.getpid()}")
    url = make_conninfo(server, dbname=database)
    name = sql.Identifier(database)
    with psycopg.connect(server, autocommit=True) as admin:
        there = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if not there:
            admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(name))
    _connect_django(url)
    try:
        if not there:
            unfinished, keep = keep, False  # an unfinished one is not worth keeping
            _furnish(cases)
            keep = unfinished
        yield Held(cases, url, quick, rows, documents or cases)
    finally:
        from django.db import connections

        connections.close_all()
        if not keep:
            with psycopg.connect(server, autocommit=True) as admin:
                admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def _connect_django(url: str) -> None:
    """Point this process (and those it starts) at the database; the first call sets Django up."""
    os.environ["DATABASE_URL"] = url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guixin.settings")
    import django
    from django.db import connection

    django.setup()
    connection.close()
    connection.settings_dict["NAME"] = conninfo_to_dict(url)["dbname"]


def _furnish(cases: int) -> None:
    from django.core.management import call_command

    from guixin.serve.tests import make

    started = time.monotonic()
    call_command("migrate", verbosity=0)
    make.standards(), make.rules(), make.terms()
    names = {
        "wang": make.wang().pk,
        "tang": make.tang().pk,
        "li": make.li().pk,
        "quality": make.quality().pk,
        "logistics": make.logistics().pk,
        "front": make.front().pk,
        "reply": make.standards()["reply"].pk,
        "result": make.standards()["result"].pk,
        "always": make.calendar("always").pk,
    }
    from django.db import connection

    with connection.cursor() as cursor:
        with _without_indexes(cursor):
            for first in range(1, cases + 1, CHUNK):
                span = {"first": first, "last": min(first + CHUNK - 1, cases)}
                for statement in _ROWS:
                    cursor.execute(statement, {**names, **span})
        for table in _COUNTED_ON:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), greatest(max(id), 1)) FROM {table}"  # noqa: S608
            )
        cursor.execute("SELECT setval('serve_case_number', %s)", [cases + 1])
        cursor.execute("VACUUM ANALYZE")
    print(f"  {cases:,} cases held, made in {time.monotonic() - started:.0f} s", flush=True)


@contextmanager
def _without_indexes(cursor) -> Iterator[None]:
    """Load first and index afterwards. A superuser also spares the checks of every foreign key, and the counters,
    which are then counted here."""
    cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisunique",
        [list(_FILLED)],
    )
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    (superuser,) = cursor.fetchone()
    if superuser:
        cursor.execute("SET session_replication_role = replica")
    yield
    if superuser:
        cursor.execute("RESET session_replication_role")
        cursor.execute(_COUNTS)
    cursor.execute("SET maintenance_work_mem = '512MB'")
    for _name, definition in indexes:
        cursor.execute(definition)


_COUNTED_ON = ("understand_customer", "serve_case", "serve_task", "promise_clock")
_FILLED = (*_COUNTED_ON, "understand_identity", "ledger_entry", "search_document")
_COUNTS = """
    SELECT serve_add_counts(what, array_agg(of), array_agg(n)) FROM (
        SELECT 'open_cases' AS what, 'all' AS of, count(*) AS n FROM serve_case
        UNION ALL SELECT 'open_cases', 'owner:' || owner_id, count(*) FROM serve_case GROUP BY owner_id
        UNION ALL SELECT 'open_cases', 'department:' || department_id, count(*) FROM serve_case GROUP BY department_id
        UNION ALL SELECT 'escalated_cases', 'all', count(*) FROM serve_case WHERE level > 0
        UNION ALL SELECT 'open_tasks', 'all', count(*) FROM serve_task
        UNION ALL SELECT 'open_tasks', 'handler:0', count(*) FROM serve_task
        UNION ALL SELECT 'open_tasks', 'department:' || department_id, count(*) FROM serve_task GROUP BY department_id
        UNION ALL SELECT 'unaccepted_tasks', 'all', count(*) FROM serve_task
        UNION ALL SELECT 'unaccepted_tasks', 'department:' || department_id, count(*) FROM serve_task
            GROUP BY department_id
    ) counted GROUP BY what
"""

# Most cases are alike; one in two thousand is of a rare channel, grade or category, one in five thousand speaks of
# a colour, and one in fifty is escalated. One customer for every ten cases. Case n has task n and the clocks 2n - 1 and 2n; its reply is due within thirty
# days of tomorrow, its task a little before.
_ROWS = [
    """
    INSERT INTO understand_customer (id, kind, name, name_folded, name_pinyin, name_initials, organisation, language,
        market, prefers, topics, version, created_at)
    SELECT n, 'person', '顾客' || n, '顾客' || n, 'guke' || n, 'gk' || n, '', 'zh-hans', '', '', '', 1, now()
    FROM generate_series((%(first)s - 1) / 10 + 1, (%(last)s - 1) / 10 + 1) n ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO understand_identity (customer_id, kind, raw, normal, last4)
    SELECT n, 'phone', '1' || (3000000000 + n), '+861' || (3000000000 + n), right((3000000000 + n)::text, 4)
    FROM generate_series((%(first)s - 1) / 10 + 1, (%(last)s - 1) / 10 + 1) n ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO serve_case (id, number, kind, state, subject, story, category, product, severity, channel, language,
        customer_id, grade, owner_id, department_id, opened_at, generation, level, queue_at, version, tracking_salt,
        source)
    SELECT n, '2025-' || lpad(n::text, 7, '0'),
        (ARRAY['complaint', 'complaint', 'enquiry', 'service_request'])[n %% 4 + 1],
        CASE WHEN n %% 40 = 6 THEN 'waiting' ELSE 'open' END,
        CASE WHEN n %% 5000 = 11 THEN '瓷砖有色差，第 ' ELSE '第 ' END || n || ' 个案',
        repeat('顾客来电反映产品使用中的问题，希望尽快答复。', 3),
        CASE WHEN n %% 2000 = 3 THEN '' WHEN n %% 20 = 9 THEN 'quality/colour' ELSE 'quality' END, '', n %% 4 + 1,
        CASE WHEN n %% 2000 = 1 THEN 'visit' ELSE 'phone' END, 'zh-hans', (n - 1) / 10 + 1,
        CASE WHEN n %% 2000 = 7 THEN 'A' ELSE '' END, CASE WHEN n %% 2 = 0 THEN %(wang)s ELSE %(tang)s END,
        CASE WHEN n %% 3 = 0 THEN %(logistics)s ELSE %(quality)s END,
        now() - interval '1 hour' - n * interval '1 second', 1, (n %% 50 = 0)::int * (1 + n / 50 %% 3),
        now() + interval '1 day' + (n * 7919 %% 2592000) * interval '1 second', 1, '', ''
    FROM generate_series(%(first)s::bigint, %(last)s) n
    """,
    """
    INSERT INTO serve_task (id, case_id, stage, department_id, instruction, state, given_at, result, queue_at, level,
        version)
    SELECT c.id, c.id, 1, c.department_id, '', 'given', c.opened_at, '', c.queue_at, 0, 1
    FROM serve_case c WHERE c.id BETWEEN %(first)s AND %(last)s
    """,
    """
    INSERT INTO promise_clock (id, about_kind, about_id, case_id, measure, generation, version_id, calendar_id,
        department_id, holder_id, started_at, budget, was_paused, state, due_at, provisional, rested, next_level,
        next_round, next_at)
    SELECT c.id * 2 - k, CASE k WHEN 1 THEN 'case' ELSE 'task' END, c.id, c.id,
        CASE k WHEN 1 THEN 'reply' ELSE 'result' END, 1, CASE k WHEN 1 THEN %(reply)s ELSE %(result)s END, %(always)s,
        CASE k WHEN 1 THEN %(front)s ELSE c.department_id END, CASE k WHEN 1 THEN c.owner_id END,
        c.queue_at + (1 - k) * interval '1 hour' - interval '24 hours', interval '24 hours', false, 'running',
        c.queue_at + (1 - k) * interval '1 hour', false, '0', 1, 0, c.queue_at + (1 - k) * interval '1 hour'
    FROM serve_case c CROSS JOIN generate_series(0, 1) k WHERE c.id BETWEEN %(first)s AND %(last)s
    """,
    """
    INSERT INTO search_document (kind, key, ref, language, title, title_plain, body_plain, spelling, length, is_public,
        is_offered, worth, changed_at, terms)
    SELECT 'case', c.id, c.number, c.language, c.subject, ' ' || replace(c.subject, ' ', '  ') || ' ',
        repeat(' 顾客来电反映产品使用中的问题  希望尽快答复 ', 3), '', 70, false, false, 0, c.opened_at,
        array_to_tsvector(of_title || (SELECT array_agg('=' || term) FROM unnest(of_title) term) || ARRAY['顾客', '客来',
            '来电', '电反', '反映', '映产', '产品', '品使', '使用', '用中', '中的', '的问', '问题', '题', '希望', '望尽',
            '尽快', '快答', '答复', '复'])
    FROM serve_case c CROSS JOIN LATERAL (
        SELECT ARRAY['第', c.id::text, '个案', '案']
            || CASE WHEN c.id %% 5000 = 11 THEN ARRAY['瓷砖', '砖有', '有色', '色差', '差'] ELSE '{}' END) t (of_title)
    WHERE c.id BETWEEN %(first)s AND %(last)s
    """,
    """
    INSERT INTO ledger_entry (kind, happened_at, about_kind, about_id, case_id, facts)
    SELECT e.kind, c.opened_at, e.about, c.id, c.id, jsonb_build_object('number', c.number, 'promises', '[]'::jsonb)
    FROM serve_case c CROSS JOIN (VALUES ('serve.case_opened', 'case'), ('serve.task_given', 'task')) e (kind, about)
    WHERE c.id BETWEEN %(first)s AND %(last)s
    """,
]
