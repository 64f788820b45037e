"""A wave of the quarterly questionnaire (14 scales, a text) with as many responses as `--rows` says, each of another customer:
the worker's count of it, with its key drivers and intervals, and the pages that show it. The ratios are to the bare minimum by
SQL in the same run: raw COPY of the answers out of their table, and the counts of every point. Parallel workers are off, so that
all CPU is seen; the count runs in a process of its own, as a worker would do it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
from django.db import connection

from benchmarks import evidence
from benchmarks.calling import Browser
from benchmarks.holding import Held
from benchmarks.measuring import Figure, cost, statements
from guixin.ledger.clock import database_now
from guixin.listen import building, waves
from guixin.listen.models import Wave
from guixin.listen.questions import SCALE
from guixin.serve.tests import make
from guixin.understand.models import Segment

CHUNK = 50_000
PAGE, COUNT, MEMORY = 30, 60, 1_000  # ms, seconds and MB for a million
_CUSTOMERS = """
    INSERT INTO understand_customer (id, kind, name, name_folded, name_pinyin, name_initials, language, organisation, market,
        prefers, topics, created_at, version, segment_id, grade)
    SELECT n, 'person', 'c' || n, 'c' || n, '', '', 'zh-hans', '', 'consumer', '', '', now(), 1,
        (%s::bigint[])[1 + n %% 5], (ARRAY['A', 'B', 'C', 'D', NULL])[1 + n %% 7 %% 5]
    FROM generate_series(%s::bigint, %s) n
"""
_BARE_COUNTS = """
    SELECT a.question_id, a.value, count(*) FROM listen_answer a JOIN listen_response r ON r.id = a.response_id
    WHERE r.wave_id = %s AND r.completed_at IS NOT NULL AND r.struck_at IS NULL GROUP BY 1, 2
"""
_BARE_COPY = """
    COPY (SELECT a.response_id, a.question_id, a.value FROM listen_answer a JOIN listen_response r ON r.id = a.response_id
          WHERE r.wave_id = {} AND r.completed_at IS NOT NULL AND r.struck_at IS NULL) TO STDOUT (FORMAT binary)
"""


def run(held: Held) -> list[Figure]:
    wave = _answered(held)
    with held.raw() as raw:
        raw.execute("SET max_parallel_workers_per_gather = 0")
        size = raw.execute("SELECT pg_total_relation_size('listen_answer')").fetchone()[0]
        counts = cost(
            lambda: raw.execute(_BARE_COUNTS, [wave.pk]).fetchall(), times=1, runs=1, warm=0, on=raw
        )
        copied = cost(lambda: _read_out(raw, wave), times=1, runs=1, warm=0, on=raw)
    told = _count(wave)
    cpu, million = told["python"] + told["server"], held.rows / 1e6
    limit = max(5, COUNT * million)
    return [
        Figure(f"{held.rows:,} responses: their answers and indexes on disk", f"{size / 1e6:,.0f} MB"),
        Figure("raw COPY of the answers, CPU", f"{copied.cpu / 1000:.1f} s"),
        Figure("how often each point was given, one bare statement, CPU", f"{counts.cpu / 1000:.1f} s"),
        Figure("the whole count, CPU", f"{cpu:.1f} s", f"≤ {limit:.0f} s", cpu <= limit),
        Figure("of it in Python, in PostgreSQL", f"{told['python']:.1f} s, {told['server']:.1f} s"),
        Figure("to raw COPY, to the bare statement", f"× {1000 * cpu / copied.cpu:.1f}, × {1000 * cpu / counts.cpu:.1f}"),
        Figure("wall time of the count; its SQL statements", f"{told['wall']:.1f} s; {told['statements']}"),
        Figure("most memory it held", f"{told['memory']:.0f} MB", f"≤ {MEMORY} MB", told["memory"] <= MEMORY),
        Figure("of its CPU: reading the answers", f"{told['parts']['read']:.1f} s"),
        Figure("the key drivers with index and paths, 500 draws", f"{told['parts']['_model']:.1f} s"),
        Figure("the short plank, 500 draws", f"{told['parts']['importance_and_performance']:.1f} s"),
        Figure("the groups", f"{told['parts']['by_group']:.1f} s"),
        *_pages(wave, 3 if held.quick else 5),
        *evidence.figures(held, wave, copied.cpu),
    ]  # fmt: skip


def _pages(wave: Wave, runs: int) -> Iterator[Figure]:
    browser, here = Browser(make.he()), f"/surveys/{wave.code}"
    addresses = {
        "results": here,
        "short plank": f"{here}/plank",
        "groups by segment": f"{here}/groups?by=segment",
        "responses": f"{here}/responses",
        "responses behind a common point": f"{here}/responses?question=on-the-day&value=4",
        "responses behind a rare point": f"{here}/responses?question=recommend&value=0",
        "the dissatisfied with one thing": f"{here}/responses?question=tells-me-when&value=dissatisfied",
        "responses of a segment": f"{here}/responses?by=segment&key={Segment.objects.order_by('pk').values_list('pk', flat=True)[1]}",
    }
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
    for words, address in addresses.items():
        browser.get(address)  # what a process keeps is asked once
        with statements() as sent:
            browser.get(address)
        slow = cost(lambda address=address: browser.get(address), times=1, runs=1, warm=1).wall > 500
        times = 1 if slow else 10
        found = cost(lambda address=address: browser.get(address), times=times, runs=runs, warm=1)
        yield Figure(
            f"CPU of the page “{words}”; its SQL statements", f"{found.cpu:.1f} ms; {len(sent)}",
            f"≤ {PAGE} ms", found.cpu <= PAGE,
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("RESET max_parallel_workers_per_gather")


# -- the responses -----------------------------------------------------------------------------------------------------


def _answered(held: Held) -> Wave:
    """Closed long ago enough that nothing else happens to it; one response in ten is about a case."""
    if found := Wave.objects.filter(code="bench").first():
        return found  # a database that was kept
    now = database_now()
    asked = building.add(
        code="bench", name="bench", owner=make.he(), begin_from="quarterly", by=None, now=now
    )
    building.publish(asked, by=None, now=now)
    wave = waves.open_wave(asked, name="第三季度", code="bench", owner=make.he(), by=None, now=now)
    segments = [
        Segment.objects.create(code=f"bench-{n}", name=f"客群{n}", owner=make.he(), priority=n, published_at=now).pk
        for n in range(1, 6)
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM understand_customer")
        (there,) = cursor.fetchone()
        cursor.execute(_CUSTOMERS, [segments, there + 1, there + held.rows])
        cursor.execute("ANALYZE understand_customer")
    with held.raw() as raw, without_checks(raw, "listen_response", "listen_answer"):
        questions = dict(asked.questions.values_list("code", "pk"))
        for first in range(0, held.rows, CHUNK):
            _copy_in(raw, wave, questions, first, min(CHUNK, held.rows - first), there, held.cases, now)
    with held.raw() as raw:
        for table in ("listen_response", "listen_answer"):
            raw.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")  # noqa: S608
            raw.execute(f"VACUUM ANALYZE {table}")
    Wave.objects.filter(pk=wave.pk).update(answers_seen=held.rows)
    wave.refresh_from_db()
    return wave


@contextmanager
def without_checks(raw: psycopg.Connection, *tables: str) -> Iterator[None]:
    """Load first, index afterwards, and spare the check of every foreign key, as holding.py does."""
    indexes = raw.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i WHERE NOT i.indisunique"
        " AND i.indrelid = ANY(%s::regclass[])",
        [list(tables)],
    ).fetchall()
    for name, _definition in indexes:
        raw.execute(f"DROP INDEX {name}")
    raw.execute("SET session_replication_role = replica")
    yield
    raw.execute("RESET session_replication_role")
    for _name, definition in indexes:
        raw.execute(definition)


def _copy_in(raw, wave, questions, first, number, there, cases, now) -> None:
    """What people answer goes together: one mood each, a noise for each question, one answer in fifty left out."""
    import numpy

    drawing = numpy.random.default_rng(first)
    ids = numpy.arange(first + 1, first + number + 1)
    with raw.cursor().copy(
        "COPY listen_response (id, wave_id, key, customer_id, case_id, source, stratum, language, begun_at, completed_at,"
        " joined_figures, struck_why) FROM STDIN"
    ) as copy:
        begun = (now - timedelta(days=1)).isoformat()
        for n in ids.tolist():
            case = 1 + n % cases if n % 10 == 0 and cases else r"\N"
            copy.write(
                f"{n}\t{wave.pk}\tr:{n}\t{there + n}\t{case}\tfile\t\tzh-hans\t{begun}\t{begun}\tf\t\n"
            )
    scales = [each for each in wave.version.sheet.questions if each.kind == SCALE]
    mood = drawing.normal(size=number)
    kind = [("fields", ">i2")]
    for name, width in (("id", 8), ("response", 8), ("question", 8), ("value", 2)):
        kind += [(f"{name}_length", ">i4"), (name, f">i{width}")]
    kind.append(("words_length", ">i4"))
    with raw.cursor().copy(
        "COPY listen_answer (id, response_id, question_id, value, words) FROM STDIN (FORMAT binary)"
    ) as copy:
        copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
        for at, one in enumerate(scales):
            said = numpy.flatnonzero(drawing.random(number) > 0.02)
            found = mood * (0.5 + at % 3 / 5) + drawing.normal(size=number)
            middle, spread = one.low + 0.65 * (one.high - one.low) - at % 4 / 5, (one.high - one.low) / 5
            points = numpy.clip(numpy.rint(middle + spread * found), one.low, one.high)[said]
            rows = numpy.zeros(len(said), dtype=kind)
            rows["fields"], rows["words_length"] = 5, 0
            for name, value in {
                "id": ids[said] * 32 + at, "response": ids[said], "question": questions[one.code], "value": points,
            }.items():  # fmt: skip
                rows[name], rows[f"{name}_length"] = value, rows[name].dtype.itemsize
            copy.write(rows.tobytes())
        copy.write(b"\xff\xff")
    with raw.cursor().copy(
        "COPY listen_answer (id, response_id, question_id, value, words) FROM STDIN"
    ) as copy:
        for n in ids[::20].tolist():
            copy.write(f"{n * 32 + 31}\t{n}\t{questions['better']}\t\\N\t送货之前请打个电话\n")


def _read_out(raw: psycopg.Connection, wave: Wave) -> None:
    with raw.cursor().copy(_BARE_COPY.format(wave.pk)) as copy:
        for _block in copy:
            pass


# -- the count, in a process of its own -------------------------------------------------------------------------------


def _count(wave: Wave) -> dict:
    Wave.objects.filter(pk=wave.pk).update(figures_of=0, figures=None)
    command = [sys.executable, "-m", "benchmarks.counting_alone"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
    answer = child.stdout.read()
    _pid, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"the count failed: {answer}")
    unit = 1 if sys.platform == "darwin" else 1024
    return json.loads(answer) | {"memory": used.ru_maxrss * unit / 1e6}
