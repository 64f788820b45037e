"""R8: working time agrees with an oracle that walks the minutes.

    python -m tests.reliability.r8_calendar_oracle --examples 50000 --seed 1

Each example is one promise: its due time, the time elapsed to some moment, its working-out and the next
opening are all compared. Ten examples share a calendar. Prints one line; exit code 1 on any mismatch.
"""

import argparse
import sys
import time
from random import Random

from tests.reliability.calendar_scenarios import make_scenario, mismatches

PER_CALENDAR = 10


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--examples", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=3, help="how many mismatches to print in full")
    wanted = parser.parse_args()

    began = time.perf_counter()
    chance = Random(wanted.seed)
    examples, calendars, minutes, found = 0, 0, 0, []
    while examples < wanted.examples:
        scenario = make_scenario(chance, min(PER_CALENDAR, wanted.examples - examples))
        found += mismatches(scenario)
        examples += len(scenario.promises)
        calendars += 1
        minutes += scenario.count
    for mismatch in found[: wanted.show]:
        print(mismatch, file=sys.stderr)
    print(
        f"R8 calendar oracle: {examples} examples, {calendars} calendars, {minutes} minutes walked, "
        f"seed {wanted.seed}, {len(found)} mismatches, {time.perf_counter() - began:.0f} s"
    )
    return 1 if found or not examples else 0


if __name__ == "__main__":
    sys.exit(main())
