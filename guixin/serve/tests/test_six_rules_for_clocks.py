"""The six rules of decisions/0006: what a change does to a running promise. Only a granted extension makes it later."""

import pytest

from guixin.promise.extending import ask, decide
from guixin.promise.keeping import fire_due
from guixin.promise.models import Clock, Escalation, Measure
from guixin.serve.changing import edit, regrade
from guixin.serve.closing import close, reopen
from guixin.serve.handling import accept, pass_on, return_result
from guixin.serve.merging import merge, split
from guixin.serve.models import Task
from guixin.serve.replying import CannotReply, reply
from guixin.serve.tests import make
from guixin.serve.tests.make import NOON, at

pytestmark = pytest.mark.django_db


def levels_of(clock):
    steps = Escalation.objects.filter(clock=clock).order_by("id").select_related("to_person")
    return [(one.level, one.to_person.login) for one in steps if one.level]


TWO = at("14:00")


def change(case, now=TWO, **fields):
    case.refresh_from_db()
    return edit(case, fields, read_at_version=case.version, by=make.wang(), now=now)


class TestOneTransferBetweenDepartments:
    def test_does_not_move_the_deadline(self):
        task = make.task()
        due_at = make.clock(task, "result").due_at

        pass_on(task, make.logistics(), "运输损坏", by=make.li(), now=at("16:00"))

        assert make.clock(task, "result").due_at == due_at == at("12:00", day=5)

    def test_starts_a_new_clock_to_accept(self):
        task = make.task()
        pass_on(task, make.logistics(), "运输损坏", by=make.li(), now=at("14:00"))

        accepting = Clock.objects.of("task", task.pk).filter(measure=Measure.ACCEPT).order_by("generation")
        assert [(one.generation, one.state, one.department.code) for one in accepting] == [
            (1, "met", "quality"), (2, "running", "logistics"),
        ]  # fmt: skip
        assert accepting[1].due_at == at("16:00")

    def test_climbs_the_new_departments_ladder_from_the_level_reached(self):
        task = make.task(accepted_by=make.li())
        fire_due(at("12:00", day=5))
        pass_on(task, make.logistics(), "运输损坏", by=make.li(), now=at("14:00", day=5))

        fire_due(at("09:00", day=6))

        assert levels_of(make.clock(task, "result")) == [(1, "qian"), (2, "sun")]

    def test_leaves_a_breach_that_nobody_had_seen_with_the_old_department(self):
        task = make.task(accepted_by=make.li())

        pass_on(task, make.logistics(), "运输损坏", by=make.li(), now=at("12:30", day=5))

        breach = Escalation.objects.get(clock=make.clock(task, "result"), level=1)
        assert (breach.department.code, breach.to_person) == ("quality", make.qian())


class TestTwoSeverityOrCategory:
    def test_counts_the_stricter_promise_from_the_original_start(self):
        case = make.case(departments=[make.quality().pk])
        change(case, severity=3)
        assert make.clock(case, "reply").due_at == at("18:00")  # six hours from noon
        assert make.clock(case, "reply").version.standard.code == "reply-serious"

    def test_reaches_the_tasks_too(self):
        case = make.case(departments=[make.quality().pk])
        change(case, severity=3, now=at("13:30"))
        assert make.clock(Task.objects.get(case=case), "result").due_at == at("15:00")

    def test_gives_the_whole_new_budget_from_now_if_its_moment_has_passed(self):
        case = make.case()
        change(case, severity=3, now=at("20:00"))
        assert make.clock(case, "reply").due_at == at("02:00", day=5)

    def test_but_never_beyond_the_deadline_that_stood(self):
        case = make.case()
        change(case, severity=3, now=at("08:00", day=5))
        assert make.clock(case, "reply").due_at == at("12:00", day=5)

    def test_never_makes_a_promise_later(self):
        case = make.case(severity=3)
        change(case, severity=1)
        clock = make.clock(case, "reply")
        assert (clock.due_at, clock.version.standard.code) == (at("18:00"), "reply-serious")

    def test_leaves_a_broken_promise_and_the_ladder_it_climbs(self):
        case = make.case(departments=[make.quality().pk])
        fire_due(at("12:00", day=8))
        clock = make.clock(case, "reply")
        change(case, severity=3, now=at("12:30", day=8))

        after = make.clock(case, "reply")
        assert (after.due_at, after.version, after.next_at) == (clock.due_at, clock.version, clock.next_at)

    def test_brings_the_new_versions_reminder_at_once(self):
        case = make.case()
        change(case, severity=3, now=at("14:00"))
        assert make.clock(case, "reply").next_at == at("16:48")  # 80 % of six hours

    def test_may_begin_a_promise_the_case_did_not_have(self):
        case = make.case(kind="enquiry")
        on_site = make.standards()["reply"].standard
        on_site.pk, on_site.code, on_site.measure = None, "on-site", Measure.ON_SITE
        on_site.save()
        on_site.publish(
            now=NOON, for_kind="complaint", budget_minutes=48 * 60, calendar=make.calendar("always")
        )

        change(case, kind="complaint", now=at("14:00"))

        assert make.clock(case, "on_site").due_at == at("14:00", day=6)


class TestThreeTheCustomersGrade:
    def test_a_better_one_makes_the_promise_stricter(self):
        case = make.case()
        regrade(case, "A", now=at("14:00"))
        assert make.clock(case, "reply").due_at == at("00:00", day=5)

    def test_a_worse_one_changes_nothing_that_runs(self):
        case = make.case(grade="A")
        due_at = make.clock(case, "reply").due_at
        regrade(case, "C", now=at("14:00"))
        assert make.clock(case, "reply").due_at == due_at == at("00:00", day=5)


class TestFourReopening:
    def test_keeps_the_number_and_promises_anew_from_now(self):
        case = make.closed_case()
        number = case.number

        reopen(case, "又坏了", now=at("10:00", day=9), by=make.wang())

        case.refresh_from_db()
        assert (case.number, case.generation) == (number, 2)
        clock = make.clock(case, "reply")
        assert (clock.generation, clock.due_at) == (2, at("10:00", day=10))

    def test_leaves_the_old_verdict(self):
        case = make.answered_case(now=NOON)
        closing = {
            "department": make.quality(),
            "quality_point": "colour",
            "cause": "material",
            "severity": 2,
        }
        fire_due(at("12:00", day=30))
        close(case, by=make.wang(), now=at("12:00", day=30), **closing)
        reopen(case, "又坏了", now=at("13:00", day=30), by=make.wang())

        first = Clock.objects.of("case", case.pk).get(measure="resolve", generation=1)
        assert (first.state, first.breached_at) == ("missed", at("12:00", day=11))

    def test_is_not_satisfied_by_an_answer_given_before(self):
        case = make.closed_case()
        reopen(case, "又坏了", now=at("10:00", day=9), by=make.wang())
        with pytest.raises(CannotReply, match="between the opening"):
            reply(case, "早说了", by=make.wang(), now=at("11:00", day=9), told_at=at("09:00", day=9))


class TestFiveMerging:
    def two(self):
        older = make.case(now=at("10:00"), departments=[make.quality().pk], category="delivery")
        return older, make.case(now=NOON, departments=[make.logistics().pk], category="installation")

    def test_keeps_the_stricter_of_the_two_deadlines(self):
        older, newer = self.two()
        merge(older, newer, by=make.wang(), now=at("14:00"))
        assert make.clock(newer, "reply").due_at == at("10:00", day=5)
        assert make.clock(older, "reply").state == "void"

    def test_never_makes_the_remaining_case_later(self):
        older, newer = self.two()
        merge(newer, older, by=make.wang(), now=at("14:00"))
        assert make.clock(older, "reply").due_at == at("10:00", day=5)

    def test_brings_over_a_promise_the_remaining_case_has_no_more(self):
        older, newer = self.two()
        reply(newer, "已处理", by=make.wang(), now=at("13:00"))

        merge(older, newer, by=make.wang(), now=at("14:00"))

        running = Clock.objects.of("case", newer.pk).open().get(measure="reply")
        assert running.due_at == at("10:00", day=5)

    def test_moves_the_clocks_of_tasks_unchanged(self):
        older, newer = self.two()
        task = Task.objects.get(case=older)
        before = make.clock(task, "result")
        merge(older, newer, by=make.wang(), now=at("14:00"))
        after = make.clock(task, "result")
        assert (after.due_at, after.next_at, after.case_id) == (before.due_at, before.next_at, newer.pk)

    def test_leaves_breaches_with_the_number_they_happened_to(self):
        older, newer = self.two()
        fire_due(at("14:00"))
        acknowledged_late = make.clock(older, "acknowledge")
        assert acknowledged_late.is_breached

        merge(older, newer, by=make.wang(), now=at("14:30"))

        acknowledged_late.refresh_from_db()
        assert (acknowledged_late.state, acknowledged_late.case_id) == ("void", older.pk)
        assert Escalation.objects.filter(clock=acknowledged_late, level=1).exists()

    def test_lets_the_remaining_case_be_reopened_afterwards(self):
        older, newer = self.two()
        reply(newer, "已处理", by=make.wang(), now=at("13:00"))
        merge(older, newer, by=make.wang(), now=at("14:00"))
        for task in Task.objects.filter(case=newer):
            return_result(task, "好了", by=make.li(), now=at("15:00"))
        reply(newer, "都好了", by=make.wang(), now=at("15:30"))
        close(newer, by=make.wang(), now=at("16:00"), department=make.quality(), quality_point="colour",
              cause="material", severity=2)  # fmt: skip

        reopen(newer, "又坏了", now=at("10:00", day=9), by=make.wang())

        assert set(Clock.objects.of("case", newer.pk).open().values_list("measure", flat=True)) == {
            "acknowledge", "preliminary", "reply", "resolve",
        }  # fmt: skip

    def test_splitting_makes_nothing_later_either(self):
        case = make.case(now=at("10:00"))
        fresh = split(case, "还有包装", by=make.wang(), now=at("16:00"))
        assert make.clock(fresh, "reply").due_at == at("10:00", day=5)


class TestSixANewVersionOfTheStandard:
    def publish(self, hours):
        make.standards()["reply"].standard.publish(
            now=at("13:00"), budget_minutes=hours * 60, calendar=make.calendar("always")
        )

    @pytest.mark.parametrize("hours", [4, 72])
    def test_leaves_running_clocks_with_theirs(self, hours):
        case = make.case()
        self.publish(hours)
        fire_due(at("13:01"))
        clock = make.clock(case, "reply")
        assert (clock.due_at, clock.version.number) == (at("12:00", day=5), 1)

    def test_holds_for_cases_that_come_after_it(self):
        make.standards()
        self.publish(4)
        clock = make.clock(make.case(now=at("14:00")), "reply")
        assert (clock.due_at, clock.version.number) == (at("18:00"), 2)


class TestOnlyAGrantedExtension:
    def test_makes_a_running_promise_later(self):
        task = make.task()
        accept(task, by=make.li(), now=at("14:00"))
        clock = make.clock(task, "result")
        extension = ask(clock, by=make.li(), until=at("12:00", day=9), reason="等配件", now=at("15:00"))
        assert make.clock(task, "result").due_at == at("12:00", day=5)
        decide(extension, by=make.qian(), granted=True, now=at("16:00"))
        assert make.clock(task, "result").due_at == at("12:00", day=9)
