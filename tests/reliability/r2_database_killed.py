"""R2: R1 on a database whose every process is killed five times while the deadlines come.

    python -m tests.reliability.r2_database_killed --seed 1 [--kills 150] [--cuts 5] [--deadlines 10000]

`kill -9` of the postmaster and all its children at one moment, then a start with recovery. Nothing missed, nothing
doubled, 99 of 100 less than 8 s late.
"""

import argparse
import sys
import time
from random import Random

from tests.reliability.deadlines import (
    WARNED_BEFORE,
    Workers,
    outcome,
    own_server,
    promise_many,
    sleep_until,
    wait_until_done,
)
from tests.reliability.r1_deadlines_under_kills import GETTING_READY, OVER


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--deadlines", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=150)
    parser.add_argument("--cuts", type=int, default=5)
    wanted = parser.parse_args()

    chance = Random(wanted.seed)
    lasts = OVER + WARNED_BEFORE.total_seconds()
    with own_server("r2") as database, Workers() as workers:
        first, _last = promise_many(
            wanted.deadlines, GETTING_READY + WARNED_BEFORE.total_seconds(), OVER, chance
        )
        sleep_until(first - WARNED_BEFORE)
        began = time.monotonic()
        faults = [(chance.uniform(0, lasts), "worker") for _ in range(wanted.kills)]
        faults += [(chance.uniform(0, lasts), "database") for _ in range(wanted.cuts)]
        down = 0.0
        for moment, what in sorted(faults):
            time.sleep(max(began + moment - time.monotonic(), 0))
            if what == "worker":
                workers.kill_one(chance)
            else:
                cut = time.monotonic()
                database.cut_power()
                database.start()
                down += time.monotonic() - cut
        time.sleep(max(began + lasts - time.monotonic(), 0))
        wait_until_done(wanted.deadlines, patience=180)
        time.sleep(0.5)
        found = outcome()
    print(
        f"R2 {wanted.deadlines} deadlines, {workers.kills} workers killed, {wanted.cuts} times the database "
        f"(down {down:.1f} s in all), seed {wanted.seed}: {found}"
    )
    return 0 if found.is_right and found.lateness[1] < 8 else 1


if __name__ == "__main__":
    sys.exit(main())
