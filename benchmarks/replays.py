"""A quarter of a city's complaints through the real engine: clocks started, warned, broken, climbed and stopped."""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.holding import Held
from benchmarks.measuring import Figure

FILE = Path(__file__).parents[2] / "shared" / "data" / "complaints_boston311_2011q3.csv.gz"


def run(held: Held) -> list[Figure]:
    if not FILE.exists():
        return [Figure("replay of the Boston quarter", "left out: the file is not there")]
    command = [
        sys.executable, "-m", "guixin", "replay", str(FILE), "--mapping", "boston311", "--until", "2011-10-01",
        "--ladder", "80%,0h,24h,72h", "--calendar", "always", "--json",
    ]  # fmt: skip
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    told = json.loads(done.stdout)
    speed = told["clock_events_per_s"]
    return [
        Figure("clock events a second", f"{speed:,}", "≥ 5,000", speed >= 5000),
        Figure("clock events, seconds", f"{told['clock_events']:,}, {told['seconds']:.0f} s"),
    ]
