"""One case by the API: routing to two departments, eight clocks, ledger, notices, idempotency key, durable commit."""

import json
import time
import uuid
from datetime import UTC, datetime
from itertools import count

import psycopg

from benchmarks.calling import Program
from benchmarks.holding import Held
from benchmarks.measuring import Figure, cost, statements

CASE = {
    "kind": "complaint",
    "subject": "颜色不对",
    "story": "收到的门板颜色与样品不一致，希望尽快更换。",
    "category": "quality",
    "severity": 2,
    "channel": "phone",
}


def run(held: Held) -> list[Figure]:
    program = Program()
    times, runs = (30, 3) if held.quick else (100, 5)

    phones = count(
        18_000_000_000 + int(time.time()) % 10**6 * 900
    )  # every case brings a new customer, so none repeats another

    def take_in() -> None:
        body = json.dumps(CASE | {"customer": {"name": "李女士", "phones": [str(next(phones))]}}).encode()
        program.post("/api/cases", body, {"Idempotency-Key": uuid.uuid4().hex}, expect=201)

    take_in()
    with statements() as sent:
        take_in()
    ours = cost(take_in, times=times, runs=runs)
    with held.raw() as raw:
        bare = Bare(raw)
        theirs = cost(bare.insert, times=times * 5, runs=runs, on=raw)
        bare.drop()
    share = theirs.wall / ours.wall
    return [
        Figure("CPU of one case", f"{ours.cpu:.1f} ms", "≤ 15 ms", ours.cpu <= 15),
        Figure("of it in Python, in PostgreSQL", f"{ours.python:.1f} ms, {_or_unknown(ours.server)}"),
        Figure("wall time of one case", f"{ours.wall:.1f} ms"),
        Figure("SQL statements", str(len(sent))),
        Figure(
            "cases a second to bare INSERTs a second, one transaction each",
            f"{share:.0%} ({1000 / ours.wall:.0f} to {1000 / theirs.wall:.0f})",
            "≥ 25 %",
            share >= 0.25,
        ),
    ]


def _or_unknown(server: float | None) -> str:
    return "unknown" if server is None else f"{server:.1f} ms"


class Bare:
    """A table with the columns somebody would give a ticket, and one INSERT a transaction into it."""

    def __init__(self, raw: psycopg.Connection):
        self.raw = raw
        raw.execute(
            "CREATE TABLE bare_ticket (id bigserial PRIMARY KEY, kind text, subject text, story text, category text,"
            " severity int, channel text, phone text, opened_at timestamptz)"
        )

    def insert(self) -> None:
        self.raw.execute(
            "INSERT INTO bare_ticket (kind, subject, story, category, severity, channel, phone, opened_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [*CASE.values(), "13000000001", datetime.now(UTC)],
        )

    def drop(self) -> None:
        self.raw.execute("DROP TABLE bare_ticket")
