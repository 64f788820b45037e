"""R10: the clock of the database host jumps while workers and people are at work.

    python -m tests.reliability.r10_clock_jumps --seed 1 [--deadlines 3000]

A hundred times one second back (and now and then forward again), two hours back, three days forward, two hours
back again. No step may be doubled or missed, no clock may have lasted a negative time, positions in the ledger only
grow and its seals hold. Needs libfaketime (Debian: apt install libfaketime); without it the exit code is 77.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from tests.reliability.deadlines import Workers, outcome, own_server, promise_many, wait_until_done

LIBRARIES = [
    *Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"),
    *Path("/usr/lib").glob("faketime/libfaketimeMT.so.1"),
]
BACK = 100  # times one second
EVERY = 0.3  # seconds
FORWARD = 12  # seconds, every tenth time: in all the clock goes on


class HostClock:
    """The offset of the server's clock, in a file that libfaketime reads again at every look."""

    def __init__(self, file: Path):
        self.file, self.offset, self.jumps = file, 0.0, 0
        self._write()

    def jump(self, seconds: float) -> None:
        self.offset += seconds
        self.jumps += 1
        self._write()

    def _write(self) -> None:
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"{self.offset:+.3f}\n")
        fresh.replace(self.file)
        self.file.chmod(0o644)


class Desk:
    """Somebody who takes in, handles and closes cases all the while, and must never be refused."""

    def __init__(self):
        self.closed, self.refused = 0, []

    def serve_one(self) -> None:
        from guixin.ledger.clock import database_now
        from guixin.serve import closing, handling, replying, waiting
        from guixin.serve.models import Task
        from guixin.serve.tests import make

        try:
            case = make.case(now=database_now(), departments=[make.quality().pk])
            task = Task.objects.get(case=case)
            handling.accept(task, by=make.li(), now=database_now())
            waiting.wait_for_customer(case, "?", by=make.wang(), now=database_now())
            self.between()
            replying.customer_adds(case, "!", now=database_now())
            handling.return_result(task, "done", by=make.li(), now=database_now())
            replying.reply(case, "done", by=make.wang(), now=database_now())
            self.between()
            closing.close(
                case, by=make.wang(), now=database_now(), department=make.quality(), quality_point="colour",
                cause="material", severity=2,
            )  # fmt: skip
            self.closed += 1
        except Exception as why:
            self.refused.append(f"{type(why).__name__}: {why}")

    def between(self) -> None:
        """Something happens to the clock in the middle of a case."""


_NEGATIVE = """
    SELECT (SELECT count(*) FROM promise_clock WHERE stopped_at < started_at)
         + (SELECT count(*) FROM promise_pause WHERE to_at < from_at)
         + (SELECT count(*) FROM serve_task WHERE accepted_at < given_at OR ended_at < accepted_at OR ended_at < given_at)
         + (SELECT count(*) FROM serve_case WHERE closed_at < opened_at OR answered_at < opened_at)
"""
_UNORDERED = """
    SELECT count(*) FROM (SELECT id, lag(position) OVER (ORDER BY position) AS before, position,
                                 count(*) OVER (PARTITION BY position) AS n FROM ledger_entry) e
    WHERE position IS NULL OR n > 1 OR position <> coalesce(before, 0) + 1
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--deadlines", type=int, default=3_000)
    wanted = parser.parse_args()
    if not LIBRARIES:
        print("R10 skipped: libfaketime is not installed (Debian: apt install libfaketime).")
        return 77

    chance = Random(wanted.seed)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        clock = HostClock(Path(folder) / "offset")
        faked = {
            "LD_PRELOAD": str(LIBRARIES[0]),
            "FAKETIME_TIMESTAMP_FILE": str(clock.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        with own_server("r10", faked), Workers(only="clocks,ledger") as workers:
            promise_many(wanted.deadlines, 14, 40, chance)
            desk = Desk()
            jump_while_they_work(clock, desk, workers, chance)
            wait_until_done(wanted.deadlines, patience=180)
            right, line = judged(wanted.deadlines)
    print(
        f"R10 {clock.jumps} jumps, seed {wanted.seed}, {desk.closed} cases served, {len(desk.refused)} acts refused: {line}"
    )
    for refusal in sorted(set(desk.refused))[:5]:
        print(f"  refused: {refusal}", file=sys.stderr)
    return 0 if right and not desk.refused else 1


def jump_while_they_work(clock: HostClock, desk: Desk, workers: Workers, chance: Random) -> None:
    began = time.monotonic()
    for number in range(1, BACK + 1):
        time.sleep(max(began + number * EVERY - time.monotonic(), 0))
        clock.jump(-1)
        if number % 10 == 0:
            clock.jump(FORWARD)
            desk.serve_one()
        if number % 25 == 0:
            workers.kill_one(chance)
    for seconds in (-2 * 3600, 3 * 86400, -2 * 3600):
        desk.between = lambda seconds=seconds: clock.jump(seconds / 2)  # type: ignore[method-assign]
        desk.serve_one()
        desk.between = lambda: None  # type: ignore[method-assign]
        time.sleep(1.5)
        desk.serve_one()


def judged(deadlines: int) -> tuple[bool, str]:
    from django.db import connection

    from guixin.ledger.numbering import number_entries, verify

    while number_entries():
        pass
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM channels_notice WHERE case_id IN (SELECT id FROM serve_case WHERE subject <> 'crash test')"
        )
        cursor.execute(_NEGATIVE)
        (negative,) = cursor.fetchone()
        cursor.execute(_UNORDERED)
        (unordered,) = cursor.fetchone()
    sealed = verify()
    found = outcome()
    line = (
        f"{found.missed} missed, {found.doubled} doubled, {found.mistimed} mistimed, {found.others} unasked for, {negative} negative durations, "
        f"{unordered} positions out of order, {sealed} seals hold"
    )
    return not (
        found.missed or found.doubled or found.mistimed or found.others or negative or unordered
    ), line


if __name__ == "__main__":
    sys.exit(main())
