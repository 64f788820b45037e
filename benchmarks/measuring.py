"""CPU, wall time and statements of a piece of work, and the figures made of them."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

import psycopg
from django.db import connection

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Figure:
    """One number of one job. `kept` is None where nothing was promised."""

    what: str
    value: str
    target: str = ""
    kept: bool | None = None


@dataclass(frozen=True)
class Cost:
    """What one piece of work cost, in milliseconds. `server` is None where the server is on another machine."""

    wall: float
    python: float
    server: float | None

    @property
    def cpu(self) -> float:
        return self.python + (self.server or 0)


def backend_cpu(pid: int) -> float | None:
    """Seconds of CPU a server process has used; it counts in hundredths, so measure many rounds at once."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / TICK


def cost(
    work: Callable[[], object],
    *,
    times: int,
    runs: int = 5,
    warm: int = 5,
    on: psycopg.Connection | None = None,
) -> Cost:
    """The median over `runs` of the mean of `times` rounds. `on`: the connection used, Django's unless given."""
    for _ in range(warm):
        work()
    connection.ensure_connection()
    pid = (on or connection.connection).info.backend_pid
    found = []
    for _ in range(runs):
        server, python, wall = backend_cpu(pid), time.process_time(), time.perf_counter()
        for _ in range(times):
            work()
        wall, python = time.perf_counter() - wall, time.process_time() - python
        after = backend_cpu(pid)
        used = None if server is None or after is None else after - server
        found.append((wall, python, used))
    walls, pythons, servers = zip(*found, strict=True)
    per = 1000 / times
    return Cost(
        median(walls) * per,
        median(pythons) * per,
        None if None in servers else median(servers) * per,
    )


@contextmanager
def statements() -> Iterator[list[tuple[str, Sequence]]]:
    """Every statement psycopg sends meanwhile, with its values; Django's and our own bulk ones alike."""
    sent: list[tuple[str, Sequence]] = []
    execute = psycopg.Cursor.execute

    def noted(self, query, params=None, **kwargs):
        sent.append((str(query), params))
        return execute(self, query, params, **kwargs)

    psycopg.Cursor.execute = noted
    try:
        yield sent
    finally:
        psycopg.Cursor.execute = execute


def rate(work: Callable[[], int], runs: int = 3) -> float:
    """Rows a second, the median over `runs`; `work` returns how many rows it did."""
    found = []
    for _ in range(runs):
        started = time.perf_counter()
        rows = work()
        found.append(rows / (time.perf_counter() - started))
    return median(found)
