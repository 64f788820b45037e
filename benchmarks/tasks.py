"""The tasks of the people who work with the product, in Chromium on the demonstration's firm: actions, and seconds.

The seconds are those of the product and the machine; nobody thinks or types slowly. What one action is stands in
tests/browser/counting.py.
"""

import tempfile
from pathlib import Path
from statistics import median

from benchmarks.holding import Held
from benchmarks.measuring import Figure
from tests.browser.house import house
from tests.browser.tasks import TASKS
from tests.browser.visiting import CHROMIUM, Visitor, chromium

HOUSE = "guixin_bench_tasks"
LONGEST = {"phone_rings": 0.5, "find_by_digits": 2, "find_by_initials": 2, "find_by_order": 2}  # seconds


def run(held: Held) -> list[Figure]:
    if CHROMIUM is None:
        return [Figure("no Chromium on this machine", "not measured")]
    times = 1 if held.quick else 5
    figures = []
    with (
        chromium() as browser,
        tempfile.TemporaryDirectory() as files,
        house(held.url, HOUSE, Path(files)) as home,
    ):
        for task in TASKS:
            counters = []
            for _ in range(times):
                visitor = Visitor(browser, home.address)
                counters.append(task.do(visitor, home))
                visitor.leave()
            seconds, count = median(each.seconds for each in counters), max(each.count for each in counters)
            longest = LONGEST.get(str(task))
            target = f"≤ {task.most} {task.of}" + (f", ≤ {longest} s" if longest else "")
            kept = count <= task.most and (longest is None or seconds <= longest)
            figures.append(Figure(task.name, f"{count} {task.of}, {seconds:.1f} s", target, kept))
    return figures
