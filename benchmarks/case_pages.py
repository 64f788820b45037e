"""One case with twenty events: its page, and the API."""

from benchmarks.calling import Browser, Program
from benchmarks.holding import Held
from benchmarks.measuring import Figure, cost, statements
from guixin.ledger.clock import database_now
from guixin.ledger.models import Entry
from guixin.promise.models import Clock
from guixin.serve import replying
from guixin.serve.handling import accept
from guixin.serve.models import Case, Task
from guixin.serve.tests import make


def run(held: Held) -> list[Figure]:
    times, runs = (10, 3) if held.quick else (20, 5)
    case = _case_with_a_story(20)
    browser, program = Browser(), Program()
    events = Entry.objects.filter(case_id=case.pk).count()
    clocks = Clock.objects.filter(case_id=case.pk).count()
    figures = [Figure("events, promises on it", f"{events}, {clocks}")]
    for words, call in (
        ("page", lambda: browser.get(f"/cases/{case.number}")),
        ("answer of the API", lambda: program.get(f"/api/cases/{case.number}")),
    ):
        call()
        with statements() as sent:
            call()
        spent = cost(call, times=times, runs=runs)
        python = f"{spent.python:.1f} ms of it in Python"
        figures += [
            Figure(f"CPU of the {words}", f"{spent.cpu:.1f} ms, {python}", "≤ 30 ms", spent.cpu <= 30),
            Figure(f"SQL statements of the {words}", str(len(sent))),
        ]
    return figures


def _case_with_a_story(events: int) -> Case:
    """Taken in, accepted, asked and answered, told to the customer, until its story is long enough."""
    now = database_now()
    case = make.case(now=now)
    task = Task.objects.filter(case=case, department=make.quality()).get()
    accept(task, by=make.li(), now=now)
    while Entry.objects.filter(case_id=case.pk).count() < events:
        replying.note(case, "与质量部沟通过，等待检测结果。", by=make.wang(), now=now)
    return case
