"""R1: 10,000 deadlines over a minute, four workers, 200 of them killed at random.

    python -m tests.reliability.r1_deadlines_under_kills --seed 1 [--quiet] [--kills 200] [--deadlines 10000]

No step may be missed or doubled, in the clocks, the escalations, the ledger or the notices. Under kills 99 of 100
are less than 5 s late; with --quiet, without kills, less than 0.5 s. Both are run unless --quiet is given.
"""

import argparse
import sys
import time
from random import Random

from tests.reliability.deadlines import (
    WARNED_BEFORE,
    Workers,
    outcome,
    promise_many,
    sleep_until,
    wait_until_done,
)
from tests.reliability.ground import ground

GETTING_READY = 8.0  # seconds in which the deadlines are moved near, also on a busy machine
OVER = 60.0


def run(deadlines: int, kills: int, seed: int, worst_p99: float) -> bool:
    chance = Random(seed)
    with ground("r1"), Workers() as workers:
        first, _last = promise_many(deadlines, GETTING_READY + WARNED_BEFORE.total_seconds(), OVER, chance)
        sleep_until(first - WARNED_BEFORE)
        began = time.monotonic()
        moments = sorted(chance.uniform(0, OVER + WARNED_BEFORE.total_seconds()) for _ in range(kills))
        for moment in moments:
            time.sleep(max(began + moment - time.monotonic(), 0))
            workers.kill_one(chance)
        time.sleep(max(began + OVER + WARNED_BEFORE.total_seconds() - time.monotonic(), 0))
        wait_until_done(deadlines, patience=180)
        time.sleep(0.5)
        found = outcome()
    print(f"R1 {deadlines} deadlines, {workers.kills} workers killed, seed {seed}: {found}", flush=True)
    return found.is_right and found.lateness[1] < worst_p99


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--deadlines", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--quiet", action="store_true", help="only the run without kills")
    wanted = parser.parse_args()
    held = True if wanted.quiet else run(wanted.deadlines, wanted.kills, wanted.seed, worst_p99=5)
    quiet = run(wanted.deadlines, 0, wanted.seed, worst_p99=0.5)
    return 0 if held and quiet else 1


if __name__ == "__main__":
    sys.exit(main())
