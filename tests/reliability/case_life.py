"""The life of cases as a state machine, with a model beside it that knows what is allowed and what must hold.

The model is written from the issue, not from the code: a small dictionary of states that says for each act
whether it may be refused, and after every act the database is compared with it.
"""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, multiple, rule

from guixin.promise.escalating import act
from guixin.promise.extending import ask as ask_for_time
from guixin.promise.extending import decide as decide_about_time
from guixin.promise.keeping import fire_due
from guixin.promise.models import Clock, Escalation, Extension
from guixin.serve import changing, closing, escalating, following_up, handling, merging, replying, waiting
from guixin.serve.models import Case, FollowUp, Task
from guixin.serve.routing import decide_departments
from guixin.serve.tests import make
from guixin.web.refusals import Refused
from tests.reliability.case_laws import DEPARTMENTS, CaseLaws, ModelCase, ModelTask

WINDOW = timedelta(minutes=120)


class CaseLife(CaseLaws):
    """Every rule is an act by somebody; whether it may be refused is decided by the model before it is tried."""

    cases = Bundle("cases")

    # -- how acts are tried --------------------------------------------------------------------------------

    def attempt(self, allowed, act, *args, **more):
        """Do it; a refusal must come exactly when the model says so."""
        refused = None
        try:
            result = act(*args, now=self.now, **more)
        except Refused as refusal:
            result, refused = None, refusal
        assert allowed == (refused is None), f"{act.__name__}: {refused or 'should have been refused'}"
        assert refused is None or str(refused), "a refusal without words"
        return result

    def a_task(self, case, index):
        tasks = self.model[case].tasks
        return tasks[index % len(tasks)] if tasks else None

    def go_on(self, case):
        """When nothing of a stage is open any more, the next one starts."""
        unfinished = [task for task in case.tasks if task.is_unfinished]
        if unfinished and not any(task.is_open for task in unfinished):
            stage = min(task.stage for task in unfinished)
            for task in unfinished:
                if task.stage == stage:
                    task.state, task.arrived = "given", self.now

    def learn_tasks(self, case):
        """Tasks the rules made, as the model has them from here on."""
        known = {task.pk for one in self.model.values() for task in one.tasks}
        for task in (
            Task.objects.filter(case_id=case.pk)
            .exclude(pk__in=known)
            .select_related("department")
            .order_by("pk")
        ):
            case.tasks.append(ModelTask(task.pk, task.stage, task.state, task.department.code, task.given_at))

    # -- time and workers ----------------------------------------------------------------------------------

    @rule(minutes=st.integers(1, 3000), worker=st.booleans())
    def time_passes(self, minutes, worker):
        self.now += timedelta(minutes=minutes)
        if worker:
            fire_due(self.now)
            assert fire_due(self.now) == 0, "a worker found something to do twice"

    # -- intake and routing --------------------------------------------------------------------------------

    @initialize(target=cases, category=st.sampled_from(["quality", "installation", "delivery"]))
    def one_arrives_first(self, category):
        return self.arrives(category, 2, "")

    @rule(
        target=cases,
        category=st.sampled_from(["quality", "installation", "delivery"]),
        severity=st.integers(1, 4),
        name=st.sampled_from(["张三", "李四"]),
    )
    def one_arrives(self, category, severity, name):
        return self.arrives(category, severity, name)

    def arrives(self, category, severity, name):
        customer = make.customer(name) if name else None
        made = make.case(category=category, severity=severity, customer=customer, now=self.now)
        case = self.model[made.pk] = ModelCase(made.pk)
        self.learn_tasks(case)
        expected = {"quality": ["given", "given"], "installation": ["given", "planned"], "delivery": []}
        assert [task.state for task in case.tasks] == expected[category]
        return made.pk

    @rule(case=cases, code=st.sampled_from(DEPARTMENTS), stage=st.integers(1, 2), withdraw=st.booleans())
    def the_coordinator_decides(self, case, code, stage, withdraw):
        case = self.model[case]
        made = self.attempt(
            case.is_open, decide_departments, Case(pk=case.pk),
            [(self.departments[code].pk, stage, "请处理")], by=self.people["he"], reason="规则不合适",
            withdraw_others=withdraw,
        )  # fmt: skip
        if made:
            for task in case.tasks if withdraw else ():
                if task.is_unfinished:
                    task.state = "withdrawn"
            self.learn_tasks(case)

    # -- handling ------------------------------------------------------------------------------------------

    @rule(case=cases, index=st.integers(0, 5), who=st.sampled_from(["li", "zhao"]))
    def somebody_accepts(self, case, index, who):
        if task := self.a_task(case, index):
            allowed = self.model[case].is_open and (
                task.state == "given" or (task.state == "accepted" and task.handler == who)
            )
            if self.attempt(allowed, handling.accept, Task.objects.get(pk=task.pk), by=self.people[who]):
                task.state, task.handler = "accepted", who

    @rule(case=cases, index=st.integers(0, 5))
    def a_result_returns(self, case, index):
        if task := self.a_task(case, index):
            allowed = self.model[case].is_open and task.is_open
            if self.attempt(
                allowed, handling.return_result, Task.objects.get(pk=task.pk), "已换货", by=self.people["li"]
            ):
                task.state = "done"
                self.go_on(self.model[case])

    @rule(case=cases, index=st.integers(0, 5), code=st.sampled_from(DEPARTMENTS))
    def it_is_passed_on(self, case, index, code):
        if task := self.a_task(case, index):
            allowed = self.model[case].is_open and task.is_open and task.department != code
            if self.attempt(
                allowed, handling.pass_on, Task.objects.get(pk=task.pk), self.departments[code], "运输问题",
                by=self.people["li"],
            ):  # fmt: skip
                task.state, task.department, task.arrived, task.handler = "given", code, self.now, ""

    @rule(case=cases, index=st.integers(0, 5))
    def it_is_sent_back(self, case, index):
        if task := self.a_task(case, index):
            allowed = self.model[case].is_open and task.is_open and self.now <= task.arrived + WINDOW
            if self.attempt(
                allowed, handling.send_back, Task.objects.get(pk=task.pk), "不归我们", by=self.people["li"]
            ):
                task.state = "sent_back"
                searching = Clock.objects.of("case", case).filter(measure="route").open()
                assert searching.exists(), "sent back to nobody"

    @rule(case=cases, index=st.integers(0, 5))
    def it_is_withdrawn(self, case, index):
        if task := self.a_task(case, index):
            allowed = self.model[case].is_open and task.is_unfinished
            if self.attempt(
                allowed,
                handling.withdraw,
                Task.objects.get(pk=task.pk),
                by=self.people["wang"],
                reason="不用了",
            ):
                task.state = "withdrawn"
                self.go_on(self.model[case])

    # -- promises ------------------------------------------------------------------------------------------

    @rule(case=cases, index=st.integers(0, 5), hours=st.integers(1, 100), granted=st.booleans())
    def more_time_is_asked_for(self, case, index, hours, granted):
        clocks = list(Clock.objects.filter(case_id=case).open().order_by("pk"))
        if not clocks:
            return
        clock = clocks[index % len(clocks)]
        until = (clock.due_at or self.now) + timedelta(hours=hours)
        pending = Extension.objects.filter(clock=clock, state="asked").exists()
        allowed = clock.state == "running" and self.now < clock.due_at and not pending
        asker = self.people["li"]
        asked = self.attempt(allowed, ask_for_time, clock, by=asker, until=until, reason="等配件")
        if asked:
            decide_about_time(asked, by=asked.authority, granted=granted, now=self.now)
            self.may_get_later = granted
            clock.refresh_from_db()
            assert clock.due_at == (until if granted else asked.old_due_at)

    @rule(case=cases, hours=st.integers(1, 48))
    def an_authority_acts(self, case, hours):
        waiting_for = Escalation.objects.raised().filter(case_id=case, acted_at=None).order_by("pk").first()
        if waiting_for:
            look = self.now + timedelta(hours=hours)
            act(waiting_for, by=waiting_for.to_person, note="加急", look_again_at=look, now=self.now)
            clock = waiting_for.clock and Clock.objects.get(pk=waiting_for.clock_id)
            if clock and clock.state == "running" and clock.next_at and clock.is_breached:
                assert clock.next_at >= look, "the ladder did not rest"

    @rule(case=cases)
    def it_is_raised_by_hand(self, case):
        allowed = self.model[case].is_open
        self.attempt(allowed, escalating.by_hand, Case(pk=case), reason="媒体来电", by=self.people["wang"])

    # -- the customer --------------------------------------------------------------------------------------

    @rule(case=cases, kind=st.sampled_from(["acknowledgement", "preliminary", "reply"]))
    def the_customer_is_told(self, case, kind):
        model = self.model[case]
        if (
            self.attempt(
                model.is_open, replying.reply, Case(pk=case), "给您换", by=self.people["wang"], kind=kind
            )
            and kind == "reply"
        ):
            model.told = True
            model.state = "answered" if model.state == "open" else model.state

    @rule(case=cases)
    def we_wait_for_the_customer(self, case):
        model = self.model[case]
        allowed = model.is_open and model.state != "waiting"
        if self.attempt(
            allowed, waiting.wait_for_customer, Case(pk=case), "请发照片", by=self.people["wang"]
        ):
            model.state = "waiting"

    @rule(case=cases)
    def the_customer_writes(self, case):
        model = self.model[case]
        if self.attempt(model.is_open, replying.customer_adds, Case(pk=case), "照片来了"):
            self.may_get_later = model.state == "waiting"
            model.state = ("answered" if model.told else "open") if model.state == "waiting" else model.state

    # -- the case itself -----------------------------------------------------------------------------------

    @rule(case=cases, severity=st.integers(1, 4), category=st.sampled_from(["quality", "delivery"]))
    def it_is_edited(self, case, severity, category):
        read = Case.objects.get(pk=case).version
        changes = {"severity": severity, "category": category}
        by = self.people["wang"]
        self.attempt(
            self.model[case].is_open, changing.edit, Case(pk=case), changes, read_at_version=read, by=by
        )

    @rule(case=cases, grade=st.sampled_from(["A", "C"]))
    def the_customer_is_graded(self, case, grade):
        self.attempt(self.model[case].is_open, changing.regrade, Case(pk=case), grade)

    @rule(case=cases, who=st.sampled_from(["wang", "tang"]))
    def another_owns_it(self, case, who):
        allowed = self.model[case].is_open
        self.attempt(allowed, changing.change_owner, Case(pk=case), self.people[who], by=self.people["he"])

    @rule(case=cases)
    def it_is_closed(self, case):
        model = self.model[case]
        at_work = any(task.is_unfinished for task in model.tasks)
        classification = {"quality_point": "colour", "cause": "material", "severity": 2}
        if self.attempt(
            model.is_open and model.told and not at_work, closing.close, Case(pk=case), by=self.people["wang"],
            department=self.departments["quality"], **classification,
        ):  # fmt: skip
            model.state = "closed"
            if Case.objects.get(pk=case).customer_id:
                assert FollowUp.objects.filter(case_id=case, state="planned").count() == 1

    @rule(case=cases)
    def it_is_reopened(self, case):
        model = self.model[case]
        number = Case.objects.get(pk=case).number
        allowed = model.state == "closed"
        again = self.attempt(allowed, closing.reopen, Case(pk=case), "又坏了", by=self.people["wang"])
        if again:
            model.state, model.told = "open", False
            assert again.number == number

    @rule(case=cases, outcome=st.sampled_from(["satisfied", "dissatisfied", "not_reached"]))
    def it_is_followed_up(self, case, outcome):
        model = self.model[case]
        planned = FollowUp.objects.filter(case_id=case, state="planned").first()
        if planned is None:
            return
        before = Case.objects.get(pk=case).level
        self.attempt(
            True, following_up.record_outcome, planned, outcome, by=self.people["wang"], comment="还是不行"
        )
        if outcome == "dissatisfied" and model.state == "closed":
            model.state, model.told = "open", False
            assert Case.objects.get(pk=case).level == before + 1

    @rule(case=cases, into=cases)
    def they_are_merged(self, case, into):
        one, other = self.model[case], self.model[into]
        allowed = case != into and one.is_open and other.is_open
        if self.attempt(allowed, merging.merge, Case(pk=case), Case(pk=into), by=self.people["wang"]):
            self.may_get_later = one.state == "waiting"
            if other.state == "answered" and one.state != "answered":
                other.state = "open"  # there is something again that nobody has answered
            one.state = "merged"
            other.tasks += one.tasks
            other.told = other.told or one.told
            one.tasks = []

    @rule(target=cases, case=cases, index=st.integers(0, 5), with_task=st.booleans())
    def it_is_split(self, case, index, with_task):
        model, task = self.model[case], self.a_task(case, index)
        with_task = with_task and task is not None and task.is_open
        made = self.attempt(
            model.is_open, merging.split, Case(pk=case), "另一件事", by=self.people["wang"],
            task=Task.objects.get(pk=task.pk) if with_task else None,
        )  # fmt: skip
        if not made:
            return multiple()
        fresh = self.model[made.pk] = ModelCase(made.pk)
        if with_task:
            self.may_get_later = model.state == "waiting"
            model.tasks.remove(task)
            fresh.tasks.append(task)
            self.go_on(model)
        else:
            self.learn_tasks(fresh)
        return made.pk
