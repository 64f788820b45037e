"""R18: the life of a case as a state machine, fifty agents on one case, and workers meeting agents.

    python -m tests.reliability.r18_life_cycle --examples 200 --seed 1 --agents 50

Three parts on one fresh database: random lives compared with a model after every act; agents in threads
who edit, accept and close one case at the same moment; workers taking due steps of the cases agents answer.
Prints one line; exit code 1 if a transition was illegal, an edit was lost, an acceptance or a closing was
doubled, a breach was recorded twice or not at all, or anybody ended in a deadlock.
"""

import argparse
import sys
import threading
import time
import traceback
from collections import Counter
from datetime import timedelta

from tests.reliability.ground import ground


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--examples", type=int, default=200)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--agents", type=int, default=50)
    wanted = parser.parse_args()
    began = time.perf_counter()
    with ground("r18"):
        wrong = lives(wanted.examples, wanted.steps, wanted.seed)
        faults, summary = agents_on_one_case(wanted.agents)
        more, met = workers_meet_agents()
    wrong += faults + more
    for problem in wrong[:5]:
        print(problem, file=sys.stderr)
    print(
        f"R18 life cycle: {wanted.examples} lives of {wanted.steps} acts, seed {wanted.seed}; {summary}; {met}; "
        f"{len(wrong)} faults, {time.perf_counter() - began:.0f} s"
    )
    return 1 if wrong else 0


def lives(examples: int, steps: int, chance: int) -> list[str]:
    """Random acts; the model says which may be refused and what must hold after each."""
    from django.db import transaction
    from hypothesis import HealthCheck, Phase, seed, settings
    from hypothesis.stateful import run_state_machine_as_test

    from tests.reliability.case_life import CaseLife

    class Seeded(CaseLife):
        pass

    how = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    try:
        with transaction.atomic():
            run_state_machine_as_test(seed(chance)(Seeded), settings=how)
    except Exception as problem:
        notes = "\n".join(getattr(problem, "__notes__", ()))
        return [f"{traceback.format_exc(limit=-3)}\n{notes}"]
    return []


def together(count: int, work) -> list[str]:
    """Run `work(number)` in this many threads, all released at once; returns what went wrong."""
    from django.db import connection

    gate, wrong = threading.Barrier(count), []

    def one(number: int) -> None:
        try:
            connection.ensure_connection()
            gate.wait(60)
            work(number)
        except Exception:
            wrong.append(traceback.format_exc(limit=-4))
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def agents_on_one_case(agents: int) -> tuple[list[str], str]:
    """Everybody edits the same case with the version they read, then accepts the same task, then closes it."""
    from guixin.ledger.models import Entry
    from guixin.serve.changing import EditedMeanwhile, edit
    from guixin.serve.closing import close
    from guixin.serve.handling import CannotHandle, accept, return_result
    from guixin.serve.models import Case, Closing, Task
    from guixin.serve.replying import reply
    from guixin.serve.routing import CaseIsClosed
    from guixin.serve.tests import make

    case = make.case(departments=[make.quality().pk])
    task = Task.objects.get(case=case)
    everybody = [make.li(), make.wu(), make.qian(), make.chen()]
    quality = make.quality()
    seen: Counter[str] = Counter()
    problems: list[str] = []

    def edits(number: int) -> None:
        """Write one's own word behind what is there, again and again until it stands."""
        by = everybody[number % 4]
        while True:
            read = Case.objects.get(pk=case.pk)
            try:
                edit(
                    case,
                    {"story": f"{read.story}[{number}]"},
                    read_at_version=read.version,
                    by=by,
                    now=make.NOON,
                )
            except EditedMeanwhile as meanwhile:
                seen["refused edits"] += 1
                if meanwhile.by_id is None or "story" not in meanwhile.theirs:
                    problems.append("a loser was not told who changed what")
            else:
                return

    def accepts(number: int) -> None:
        # Chen, Wu and the others are each many people here: the first of them all wins.
        try:
            accept(task, by=everybody[number % 4], now=make.NOON)
        except CannotHandle:
            seen["refused acceptances"] += 1

    def closes(number: int) -> None:
        try:
            close(
                case, by=everybody[number % 4], now=make.NOON + timedelta(hours=1), department=quality,
                quality_point="colour", cause="material", severity=2,
            )  # fmt: skip
            seen["closings"] += 1
        except CaseIsClosed:
            seen["refused closings"] += 1

    problems += together(agents, edits)
    story = Case.objects.get(pk=case.pk).story
    lost = [number for number in range(agents) if story.count(f"[{number}]") != 1]
    problems += [f"lost the edit of agent {number}" for number in lost]
    problems += together(agents, accepts)
    accepted = Entry.objects.filter(kind="serve.task_accepted", case_id=case.pk).count()
    return_result(task, "换货", by=make.li(), now=make.NOON)
    reply(case, "给您换一台", by=make.wang(), now=make.NOON)
    problems += together(agents, closes)
    closings = Closing.objects.filter(case=case).count()
    if (accepted, closings, seen["closings"]) != (1, 1, 1):
        problems.append(
            f"{accepted} acceptances, {closings} closings, {seen['closings']} told they closed it"
        )
    summary = f"{agents} agents: {len(lost)} lost updates ({seen['refused edits']} refused), "
    return problems, summary + f"{accepted} acceptance, {closings} closing"


def workers_meet_agents(cases: int = 40, workers: int = 4) -> tuple[list[str], str]:
    """Workers record breaches while agents answer, act on and raise the same cases: no deadlock, none missed or doubled."""
    from django.db.models import Count

    from guixin.ledger.models import Entry
    from guixin.promise.escalating import act
    from guixin.promise.keeping import fire_due
    from guixin.promise.models import Clock, Escalation
    from guixin.serve.escalating import by_hand
    from guixin.serve.models import Case
    from guixin.serve.replying import reply
    from guixin.serve.tests import make

    made = [make.case(customer=None) for _ in range(cases)]
    wang, chen = make.wang(), make.chen()
    later = make.NOON + timedelta(days=6)

    def works(number: int) -> None:
        if number < workers:
            idle = 0
            while idle < 3:
                idle = 0 if fire_due(later, limit=7) else idle + 1
                time.sleep(0.002)
            return
        for case in made[number - workers :: 6]:
            reply(case, "给您换一台", by=wang, now=later)
            by_hand(case, reason="媒体来电", by=wang, now=later)
            told = (
                Escalation.objects.raised()
                .filter(case_id=case.pk, acted_at=None, clock__state="running")
                .first()
            )
            if told:
                act(told, by=chen, note="加急", look_again_at=later + timedelta(days=1), now=later)

    problems = together(workers + 6, works)
    while fire_due(later):
        pass
    due = Clock.objects.filter(case_id__in=[case.pk for case in made], due_at__lt=later)
    if unbroken := due.filter(breached_at=None).count():
        problems.append(f"{unbroken} promises ran out and nobody recorded it")
    steps = Entry.objects.filter(kind__in=["promise.clock_breached", "promise.clock_warned"])
    doubled = steps.values("facts__clock_id", "kind").annotate(n=Count("pk")).filter(n__gt=1).count()
    breaches = steps.filter(kind="promise.clock_breached", case_id__in=[case.pk for case in made]).count()
    if doubled:
        problems.append(f"{doubled} steps recorded twice")
    if breaches != due.count():
        problems.append(f"{due.count()} promises ran out, {breaches} breaches recorded")
    answered = Case.objects.filter(pk__in=[case.pk for case in made], state="answered").count()
    if answered != cases:
        problems.append(f"{cases - answered} answers were lost")
    return problems, f"{workers} workers against 6 agents: {breaches} breaches, {doubled} doubled"


if __name__ == "__main__":
    sys.exit(main())
