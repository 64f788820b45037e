"""Workers as processes: replaced when killed, gone when asked, and not left behind by a dead supervisor."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress

import psutil
import psycopg
import pytest
from django.db import connection

PATIENCE = 180  # seconds; far more than any of this takes


def database_url() -> str:
    where = connection.settings_dict
    return f"postgresql:///{where['NAME']}?host={where['HOST']}&port={where['PORT']}&user={where['USER']}"


@contextmanager
def supervisor():
    started = subprocess.Popen(
        [sys.executable, "-m", "guixin", "worker", "--processes", "2", "--only", "pruning"],
        env=os.environ | {"DATABASE_URL": database_url()},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield started, psutil.Process(started.pid)
    finally:
        for process in [*psutil.Process().children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                if process.is_running() and "guixin" in process.cmdline():
                    process.kill()
        started.wait()
        with psycopg.connect(database_url(), autocommit=True) as left:
            left.execute("DELETE FROM channels_heartbeat")  # what was committed here is there for every test


def wait_until(true, what: str):
    give_up = time.monotonic() + PATIENCE
    while not (found := true()):
        assert time.monotonic() < give_up, what
        time.sleep(0.05)
    return found


def two_workers(seen: psutil.Process) -> set[int]:
    try:
        pids = {child.pid for child in seen.children() if child.status() != psutil.STATUS_ZOMBIE}
    except psutil.NoSuchProcess:  # gone between the list and the look
        return set()
    return pids if len(pids) == 2 else set()


@pytest.mark.django_db
class TestAWorkerProcess:
    def test_is_replaced_when_killed_and_ends_when_asked(self):
        with supervisor() as (started, seen):
            before = wait_until(lambda: two_workers(seen), "two workers")
            victim = min(before)
            os.kill(victim, signal.SIGKILL)
            after = wait_until(
                lambda: (two := two_workers(seen)) and victim not in two and two, "a replacement"
            )
            assert victim not in after

            started.send_signal(signal.SIGTERM)
            assert started.wait(PATIENCE) == 0
            assert not [pid for pid in after if psutil.pid_exists(pid)]

    def test_leaves_when_its_supervisor_was_killed(self):
        with supervisor() as (started, seen):
            workers = [psutil.Process(pid) for pid in wait_until(lambda: two_workers(seen), "two workers")]
            started.kill()
            started.wait()
            _gone, alive = psutil.wait_procs(workers, timeout=PATIENCE)
            assert not alive
