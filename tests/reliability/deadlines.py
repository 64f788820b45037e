"""Ten thousand promises about to run out, real workers to see to them, and the count afterwards.

What must be there is worked out here from the wanted due times alone: one reminder at 80 % of the budget and one
breach for each clock, both told to somebody. Shared by r1, r2 and r10.
"""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import psutil

from tests.reliability.ground import in_environment, prepared

BUDGET = timedelta(seconds=50)
WARNED_BEFORE = BUDGET * 0.2


def promise_many(count: int, first_due_in: float, over: float, chance: Random) -> tuple[datetime, datetime]:
    """`count` clocks, each on a case of its own, due at random moments of `over` seconds from `first_due_in` on.

    They are made for tomorrow and then moved near in one statement, so that on a slow machine none is late before
    it is there. Returns the first and last due time.
    """
    from django.db import connection, transaction

    from guixin.ledger.clock import database_now
    from guixin.promise.keeping import Promise, start
    from guixin.promise.models import Standard
    from guixin.serve.tests import make

    department, holder, always = make.quality(), make.li(), make.calendar("always")
    now = database_now()
    standard = Standard.objects.create(code="crash-test", measure="reply", name="crash test")
    version = standard.publish(
        now=now, budget_minutes=1, calendar=always, warn_percent=80, ladder_minutes=[], repeat_minutes=None
    )
    begins = now + timedelta(days=1)
    dues = sorted(begins + timedelta(seconds=chance.uniform(0, over)) for _ in range(count))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO serve_case (number, kind, state, subject, story, category, product, severity, channel,
                language, grade, owner_id, department_id, opened_at, generation, level, queue_at, version,
                tracking_salt, source)
            SELECT 'C-' || n, 'complaint', 'open', 'crash test', '', '', '', 2, 'api', 'en', '', %s, %s, %s, 1, 0,
                '9999-01-01', 1, '', '' FROM generate_series(1, %s) n RETURNING id
            """,
            [make.wang().pk, department.pk, now, count],
        )
        cases = [case_id for (case_id,) in cursor.fetchall()]
        start(
            [
                Promise(
                    about=("case", case_id),
                    case_id=case_id,
                    version=version,
                    department_id=department.pk,
                    holder_id=holder.pk,
                    started_at=due - BUDGET,
                    until=due,
                )
                for case_id, due in zip(cases, dues, strict=True)
            ]
        )
    nearer = begins - database_now() - timedelta(seconds=first_due_in)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE promise_clock SET started_at = started_at - %(by)s, due_at = due_at - %(by)s,"
            " next_at = next_at - %(by)s WHERE version_id = %(version)s",
            {"by": nearer, "version": version.pk},
        )
    return dues[0] - nearer, dues[-1] - nearer


def sleep_until(moment: datetime) -> None:
    """By the clock of the database."""
    from guixin.ledger.clock import database_now

    time.sleep(max((moment - database_now()).total_seconds(), 0))


@dataclass
class Workers:
    """Real workers: two `guixin worker --processes 2`, each of which replaces a worker that is killed.

    Every twentieth kill hits a whole `guixin worker` with what it started, which is then started again.
    """

    count: int = 4
    only: str = "clocks"
    kills: int = 0
    running: list[subprocess.Popen] = field(default_factory=list)

    def __enter__(self):
        self.running = [self._start() for _ in range(self.count // 2)]
        return self

    def __exit__(self, *_problem):
        for worker in self.running:
            worker.send_signal(signal.SIGTERM)
        for worker in self.running:
            try:
                worker.wait(30)
            except subprocess.TimeoutExpired:
                worker.kill()

    def kill_one(self, chance: Random) -> None:
        """One that is at work. A `guixin worker` still loading is left alone, or it would never get to work."""
        while not (at_work := [(at, forks) for at in range(len(self.running)) if (forks := self._forks(at))]):
            time.sleep(0.05)
        self.kills += 1
        at, forks = chance.choice(at_work)
        if self.kills % 20 == 0:
            self.running[at].kill()
            self.running[at].wait()
            self.running[at] = self._start()
        else:
            forks = [chance.choice(forks)]
        for fork in forks:
            with suppress(psutil.NoSuchProcess):
                fork.kill()

    def _forks(self, at: int) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            return sorted(psutil.Process(self.running[at].pid).children(), key=lambda fork: fork.pid)
        return []

    def _start(self) -> subprocess.Popen:
        command = [sys.executable, "-m", "guixin", "worker", "--only", self.only, "--processes", "2"]
        return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def wait_until_done(count: int, patience: float) -> None:
    """Until every clock has been breached, or patience runs out and the figures tell what is missing."""
    from django.db import InterfaceError, OperationalError, connection

    give_up = time.monotonic() + patience
    while time.monotonic() < give_up:
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM promise_clock WHERE breached_at IS NOT NULL AND next_at IS NULL"
                )
                if cursor.fetchone()[0] >= count:
                    return
        except (OperationalError, InterfaceError):
            connection.close()
        time.sleep(0.5)


# Every clock has its reminder and its breach, at the right times, and nothing else, in all four places.
_WRONG = """
    WITH expected AS (
        SELECT id, level, CASE level WHEN 0 THEN started_at + budget * 0.8 ELSE started_at + budget END AS due
        FROM promise_clock k, generate_series(0, 1) level
        WHERE k.case_id IN (SELECT id FROM serve_case WHERE subject = 'crash test')),
    escalations AS (
        SELECT clock_id, level, count(*) AS n, min(happened_at) AS first, max(happened_at) AS last
        FROM promise_escalation GROUP BY clock_id, level),
    entries AS (
        SELECT (facts->>'clock_id')::bigint AS clock_id, (facts->>'level')::int AS level, count(*) AS n,
               min(happened_at) AS first
        FROM ledger_entry WHERE kind IN ('promise.clock_warned', 'promise.clock_breached', 'promise.clock_escalated')
        GROUP BY 1, 2),
    notices AS (
        SELECT case_id, CASE kind WHEN 'promise.clock_warned' THEN 0 ELSE 1 END AS level, count(*) AS n
        FROM channels_notice GROUP BY 1, 2)
    SELECT count(*) FILTER (WHERE coalesce(e.n, 0) < 1 OR coalesce(l.n, 0) < 1 OR coalesce(s.n, 0) < 1),
           count(*) FILTER (WHERE e.n > 1 OR l.n > 1 OR s.n > 1),
           count(*) FILTER (WHERE e.first <> x.due OR l.first <> x.due)
    FROM expected x JOIN promise_clock k ON k.id = x.id
    LEFT JOIN escalations e ON e.clock_id = x.id AND e.level = x.level
    LEFT JOIN entries l ON l.clock_id = x.id AND l.level = x.level
    LEFT JOIN notices s ON s.case_id = k.case_id AND s.level = x.level
"""
_TOO_MANY = """
    SELECT (SELECT count(*) FROM promise_escalation e JOIN serve_case c ON c.id = e.case_id
            WHERE c.subject = 'crash test' AND (e.level > 1 OR e.round > 0))
         + (SELECT count(*) FROM serve_case c WHERE c.subject = 'crash test' AND c.level <> 1)
"""
_LATENESS = """
    SELECT percentile_cont(ARRAY[0.5, 0.99, 1]) WITHIN GROUP
        (ORDER BY greatest(extract(epoch FROM recorded_at - happened_at), 0))
    FROM ledger_entry WHERE kind IN ('promise.clock_warned', 'promise.clock_breached')
"""


@dataclass
class Outcome:
    missed: int
    doubled: int
    mistimed: int  # recorded at another time than the promise says
    others: int  # rows nobody asked for
    lateness: tuple[float, float, float]  # seconds: p50, p99, max

    @property
    def is_right(self) -> bool:
        return not (self.missed or self.doubled or self.mistimed or self.others)

    def __str__(self) -> str:
        p50, p99, worst = self.lateness
        return (
            f"{self.missed} missed, {self.doubled} doubled, {self.mistimed} mistimed, {self.others} unasked for; "
            f"lateness p50 {p50:.3f} s, p99 {p99:.3f} s, max {worst:.3f} s"
        )


def outcome() -> Outcome:
    from django.db import connection

    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(_WRONG)
        missed, doubled, mistimed = cursor.fetchone()
        cursor.execute(_TOO_MANY)
        (others,) = cursor.fetchone()
        cursor.execute(_LATENESS)
        (lateness,) = cursor.fetchone()
    return Outcome(missed, doubled, mistimed, others, tuple(lateness or (0.0, 0.0, 0.0)))


@contextmanager
def own_server(name: str, environment: dict[str, str] | None = None) -> Iterator:
    """A durable PostgreSQL of our own that may be killed, with the small firm in it."""
    from guixin.embedded_database import Database

    home = Path(tempfile.mkdtemp(prefix=f"guixin-{name}-"))
    home.chmod(0o711)  # the server's account passes through when we are root
    database = Database(home, environment=environment)
    try:
        url = database.start()
        with in_environment(url):
            prepared(url, furnished=True)
            yield database
    finally:
        database.delete()
