"""The model of a case, and what must hold after every act, whatever the act was: `case_life.py` has the acts."""

from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Count, Min
from hypothesis.stateful import RuleBasedStateMachine, invariant

from guixin.ledger.models import Entry
from guixin.promise.models import Clock
from guixin.serve.models import Case, Counter, Task
from guixin.serve.models.case import NO_DEADLINE
from guixin.serve.tests import make

OPEN = ("open", "waiting", "answered")
DEPARTMENTS = ("quality", "logistics", "after-sales")


@dataclass
class ModelTask:
    pk: int
    stage: int
    state: str
    department: str
    arrived: object = None
    handler: str = ""

    @property
    def is_open(self):
        return self.state in ("given", "accepted")

    @property
    def is_unfinished(self):
        return self.is_open or self.state == "planned"


@dataclass
class ModelCase:
    pk: int
    state: str = "open"
    told: bool = False  # the result, since the last opening
    tasks: list[ModelTask] = field(default_factory=list)

    @property
    def is_open(self):
        return self.state in OPEN


class CaseLaws(RuleBasedStateMachine):
    """A firm, its model, and the laws that are asked after every step."""

    def __init__(self):
        super().__init__()
        self.life = transaction.atomic()
        self.life.__enter__()
        self.now = make.NOON
        self.model: dict[int, ModelCase] = {}
        self.due: dict[int, object] = {}
        self.may_get_later = False
        self.people = {
            login: make.person(login) for login in ("wang", "tang", "li", "zhao", "qian", "he", "wu")
        }
        self.departments = {code: make.department(code) for code in DEPARTMENTS}

    def teardown(self):
        transaction.set_rollback(True)
        self.life.__exit__(None, None, None)

    @invariant()
    def states_are_those_of_the_model(self):
        states = {
            pk: (state, owner) for pk, state, owner in Case.objects.values_list("pk", "state", "owner_id")
        }
        tasks = {pk: (state, case) for pk, state, case in Task.objects.values_list("pk", "state", "case_id")}
        for case in self.model.values():
            assert states[case.pk][0] == case.state
            assert states[case.pk][1], "nobody owns it"
            for task in case.tasks:
                assert tasks[task.pk] == (task.state, case.pk), (task, tasks[task.pk])
        assert len(tasks) == sum(len(case.tasks) for case in self.model.values())

    @invariant()
    def counters_equal_a_count(self):
        counted: dict[tuple[str, str], int] = {}
        # What waits (for a customer, for a decision, for somebody to accept it) is counted too; its own tests say so.
        counters = Counter.objects.filter(what__in=["open_cases", "open_tasks", "escalated_cases"])
        for what, of, number in counters.values_list("what", "of", "number"):
            counted[what, of] = counted.get((what, of), 0) + number
        real: dict[tuple[str, str], int] = {}

        def add(what, queryset, **keys):
            for name, column in keys.items():
                rows = queryset.values_list(column).annotate(n=Count("pk")).order_by()
                real.update({(what, f"{name}:{of or 0}"): n for of, n in rows})
            if n := queryset.count():
                real[what, "all"] = n

        add("open_cases", Case.objects.open(), owner="owner_id", department="department_id")
        add("open_tasks", Task.objects.open(), handler="handler_id", department="department_id")
        add("escalated_cases", Case.objects.open().filter(level__gt=0))
        assert {key: n for key, n in counted.items() if n} == real

    @invariant()
    def queues_show_the_next_deadline(self):
        running = Clock.objects.filter(state="running", due_at__isnull=False)
        of_cases = dict(running.values_list("case_id").annotate(Min("due_at")))
        of_tasks = dict(running.filter(about_kind="task").values_list("about_id").annotate(Min("due_at")))
        for pk, at in Case.objects.open().values_list("pk", "queue_at"):
            assert at == of_cases.get(pk, NO_DEADLINE), (
                f"case {pk} in the queue at {at}, due {of_cases.get(pk)}"
            )
        for pk, at in Task.objects.open().values_list("pk", "queue_at"):
            assert at == of_tasks.get(pk, NO_DEADLINE), (
                f"task {pk} in the queue at {at}, due {of_tasks.get(pk)}"
            )

    @invariant()
    def the_ball_is_with_somebody_at_work(self):
        at_work: dict[int, set[int]] = {}
        for case_id, department_id in Task.objects.open().values_list("case_id", "department_id"):
            at_work.setdefault(case_id, set()).add(department_id)
        for pk, department_id in Case.objects.open().values_list("pk", "department_id"):
            if pk in at_work:
                assert department_id in at_work[pk], "the ball is with a department that has nothing to do"
            else:
                assert department_id == make.front().pk, "the ball did not return to the owner"

    @invariant()
    def verdicts_fit_the_times(self):
        for clock in Clock.objects.all():
            if clock.state == "met":
                assert clock.stopped_at <= clock.due_at
            if clock.state == "missed":
                assert clock.stopped_at > clock.due_at == clock.breached_at
        states = dict(Case.objects.values_list("pk", "state"))
        for clock in Clock.objects.open():
            if clock.state == "paused":
                assert states[clock.case_id] == "waiting", "a clock stands still and nobody waits"
            if states[clock.case_id] in ("closed", "merged"):
                assert clock.about_kind == "follow_up", f"{clock} still runs"
        breaches = Entry.objects.filter(kind="promise.clock_breached").values_list("facts__clock_id")
        assert not breaches.annotate(n=Count("pk")).filter(n__gt=1).order_by().exists(), "broken twice"

    @invariant()
    def nothing_but_an_extension_makes_a_promise_later(self):
        due = {clock.pk: clock.due_at for clock in Clock.objects.filter(state="running")}
        if not self.may_get_later:
            for pk, at in due.items():
                assert pk not in self.due or at <= self.due[pk], (
                    f"clock {pk} moved from {self.due[pk]} to {at}"
                )
        self.due, self.may_get_later = due, False

    @invariant()
    def the_database_agrees(self):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
