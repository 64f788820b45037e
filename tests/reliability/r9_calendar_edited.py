"""R9: a calendar is edited while 10,000 cases are open.

    python -m tests.reliability.r9_calendar_edited --cases 10000

Some of the cases are fresh, some reminded, some broken and up the ladder, some wait for their customer. A holiday is added
to the office calendar and taken away again, and a Saturday is worked. Each time: one
transaction under 30 s, the old deadline in the ledger with the reason, the new one as a fresh count gives it, no step
taken twice, none unmade. Prints one line; exit code 1 if anything of that does not hold.
"""

import argparse
import sys
import time
from datetime import date, timedelta

from tests.reliability.ground import ground

ALLOWED_SECONDS = 30
BATCH = 500


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--cases", type=int, default=10_000)
    wanted = parser.parse_args()
    began = time.perf_counter()
    with ground("r9"):
        wrong, summary = edited(wanted.cases)
    for problem in wrong[:5]:
        print(problem, file=sys.stderr)
    print(
        f"R9 calendar edited: {wanted.cases} open cases, {summary}, {len(wrong)} faults, "
        f"{time.perf_counter() - began:.0f} s in all"
    )
    return 1 if wrong else 0


def edited(cases: int) -> tuple[list[str], str]:
    from django.db import transaction

    from guixin.organisation.models import HolidayDay, HolidayYear
    from guixin.promise.keeping import fire_due
    from guixin.promise.recalculating import calendar_changed
    from guixin.serve.tests import make

    now = take_in(cases)
    office = make.calendar("office").pk
    year = HolidayYear.objects.get(year=now.year)
    wrong, seconds, moved = [], [], []

    def edit(reason: str, change) -> None:
        before = steps_taken()
        start = time.perf_counter()
        with transaction.atomic():
            change()
            moved.append(calendar_changed([office], reason, now=now))
        seconds.append(time.perf_counter() - start)
        wrong.extend(problems_after(reason, before, moved[-1], now))
        if seconds[-1] > ALLOWED_SECONDS:
            wrong.append(f"{reason}: {seconds[-1]:.1f} s")

    day = date(2026, 3, 9)  # the Monday that comes: most deadlines lie beyond it
    edit("a holiday is added", lambda: HolidayDay.objects.create(year=year, on=day, works=False))
    edit("it is taken away", lambda: HolidayDay.objects.filter(on=day).delete())
    edit(
        "a Saturday is worked", lambda: HolidayDay.objects.create(year=year, on=date(2026, 3, 7), works=True)
    )
    before = steps_taken()
    while fire_due(now):
        pass
    wrong += twice_or_unmade(before)
    summary = f"{'/'.join(map(str, moved))} deadlines moved in {'/'.join(f'{one:.1f}' for one in seconds)} s"
    return wrong, summary


def take_in(cases: int):
    """Cases spread over two days, everything taken that was due by then; some wait for their customer."""
    from guixin.promise.keeping import fire_due
    from guixin.serve.intake import Arrival, open_cases
    from guixin.serve.models import Case
    from guixin.serve.tests import make
    from guixin.serve.waiting import wait_for_customer

    wang, now = make.wang(), make.NOON + timedelta(days=2)
    apart = timedelta(days=2) / max(cases, 1)
    for first in range(0, cases, BATCH):
        arrivals = [
            Arrival(
                kind="complaint", subject=f"颜色不对 {number}", channel="phone", category="quality",
                opened_at=make.NOON + apart * number,
            )
            for number in range(first, min(first + BATCH, cases))
        ]  # fmt: skip
        open_cases(arrivals, now=arrivals[-1].opened_at, by=wang)
    while fire_due(now):
        pass
    for case in Case.objects.filter(
        pk__in=Case.objects.values_list("pk", flat=True)[: min(cases // 10, 200)]
    ):
        wait_for_customer(case, "请发照片", by=wang, now=now)
    return now


def steps_taken() -> set[tuple]:
    from guixin.promise.models import Escalation

    return set(Escalation.objects.values_list("clock_id", "level", "round", "happened_at"))


def problems_after(reason: str, before: set[tuple], moved: int, now) -> list[str]:
    from guixin.ledger.models import Entry
    from guixin.promise.keeping import running_all
    from guixin.promise.models import Clock
    from guixin.serve.models import Case

    wrong = twice_or_unmade(before)
    if not moved:
        wrong.append(f"{reason}: no deadline moved")
    told = Entry.objects.filter(kind="promise.clock_moved", facts__reason=reason)
    if told.count() != moved or told.exclude(facts__has_keys=["old_due_at", "new_due_at"]).exists():
        wrong.append(f"{reason}: {moved} deadlines moved, {told.count()} in the ledger with the old one")
    running = list(Clock.objects.filter(state="running"))
    for clock, run in zip(running, running_all(running), strict=True):
        due = run.promised_at()
        if clock.due_at != due or clock.next_at != run.next_at(due):
            wrong.append(f"{reason}: {clock} shows {clock.due_at}, a fresh count gives {due}")
    first = {}
    for clock in running:
        first[clock.case_id] = min(clock.due_at, first.get(clock.case_id, clock.due_at))
    wrong += [
        f"{reason}: case {pk} stands in the queue at {at}, due {first[pk]}"
        for pk, at in Case.objects.open().values_list("pk", "queue_at")
        if pk in first and at != first[pk]
    ]
    return wrong


def twice_or_unmade(before: set[tuple]) -> list[str]:
    from guixin.promise.models import Clock

    after = steps_taken()
    wrong = [f"step {step} was unmade" for step in sorted(before - after)]
    wrong += [
        f"step {step} was taken again" for step in after - before if step[:3] in {b[:3] for b in before}
    ]
    broken = {step[0] for step in before if step[1] == 1 and not step[2]}
    unbroken = Clock.objects.filter(pk__in=broken, breached_at=None).exclude(state="met").count()
    return wrong + ([f"{unbroken} breaches were unmade"] if unbroken else [])


if __name__ == "__main__":
    sys.exit(main())
