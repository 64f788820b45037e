"""The tasks of the people who work with the product, in Chromium on the demonstration's firm: actions, and seconds.

The seconds are those of the product and the machine; nobody thinks or types slowly. What one action is stands in
tests/browser/counting.py.
"""

import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser

from benchmarks.holding import Held
from benchmarks.measuring import Figure
from tests.browser.counting import Counter
from tests.browser.house import House, house
from tests.browser.tasks import FIRST_CASE, TASKS, Task
from tests.browser.visiting import CHROMIUM, Visitor, chromium

HOUSE = "guixin_bench_tasks"
LONGEST = {  # seconds
    "phone_rings": 0.5, "new_complaint": 45, "find_by_digits": 2, "find_by_initials": 2, "find_by_order": 2,
    "customer_lodges": 120, "first_case": 600,
}  # fmt: skip


def run(held: Held) -> list[Figure]:
    if CHROMIUM is None:
        return [Figure("no Chromium on this machine", "not measured")]
    times = 1 if held.quick else 5
    figures: list[Figure] = []
    with chromium() as browser, tempfile.TemporaryDirectory() as files:
        with house(held.url, HOUSE, Path(files)) as home:
            figures += [
                _figure(task, [_done(task, browser, home) for _time in range(times)]) for task in TASKS
            ]
        with house(held.url, HOUSE, Path(files), firm="") as empty:
            figures.append(_figure(FIRST_CASE, [_done(FIRST_CASE, browser, empty)]))
    return figures


def _done(task: Task, browser: Browser, home: House) -> Counter:
    visitor = Visitor(browser, home.address)
    counter = task.do(visitor, home)
    visitor.leave()
    return counter


def _figure(task: Task, counters: list[Counter]) -> Figure:
    seconds, count = median(each.seconds for each in counters), max(each.count for each in counters)
    longest = LONGEST.get(str(task))
    target = f"≤ {task.most} {task.of}" + (f", ≤ {longest} s" if longest else "")
    kept = count <= task.most and (longest is None or seconds <= longest)
    return Figure(task.name, f"{count} {task.of}, {seconds:.1f} s", target, kept)
