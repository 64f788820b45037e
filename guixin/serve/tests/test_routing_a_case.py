"""Routing (issue 2, point 2): the rule is recorded, a person may decide over it, and nobody's case has a clock."""

import pytest

from guixin.ledger.models import Entry
from guixin.promise.keeping import fire_due
from guixin.promise.models import Clock, Escalation
from guixin.serve.handling import return_result, send_back
from guixin.serve.models import Case, Routing, RoutingRule, Task
from guixin.serve.routing import CannotRoute, decide_departments
from guixin.serve.tests import make
from guixin.serve.tests.make import NOON, at

pytestmark = pytest.mark.django_db


def tasks(case):
    rows = Task.objects.filter(case=case).order_by("pk").select_related("department")
    return [(task.department.code, task.stage, task.state) for task in rows]


def decide(case, *codes, now=at("14:00"), **more):  # noqa: B008  a fixed moment
    steps = [(make.department(code).pk, 1, "请处理") for code in codes]
    return decide_departments(case, steps, by=make.he(), reason="规则不合适", now=now, **more)


class TestTheRuleThatFires:
    def test_gives_departments_their_tasks_in_parallel_with_clocks(self):
        case = make.case()

        assert tasks(case) == [("quality", 1, "given"), ("logistics", 1, "given")]
        for task in Task.objects.filter(case=case):
            assert make.clock(task, "accept").due_at == at("15:00")
            assert make.clock(task, "result").due_at == at("12:00", day=5)
            assert task.queue_at == at("15:00")

    def test_is_recorded_and_shown(self):
        case = make.case()
        routing = Routing.objects.get(case=case)
        assert (routing.rule.code, routing.by) == ("quality", None)
        assert Entry.objects.get(kind="serve.case_routed").in_words() == "Routed by “质量投诉 v1”"

    def test_starts_the_second_stage_when_the_first_has_returned_its_result(self):
        case = make.case(category="installation")
        assert tasks(case) == [("logistics", 1, "given"), ("after-sales", 2, "planned")]
        first, second = Task.objects.filter(case=case).order_by("stage")
        assert not Clock.objects.of("task", second.pk).exists()

        return_result(first, "已送到", by=make.zhao(), now=at("15:00"))

        assert tasks(case)[1] == ("after-sales", 2, "given")
        assert make.clock(second, "accept").due_at == at("17:00")
        assert Case.objects.get(pk=case.pk).department == make.after_sales()

    def test_is_the_first_by_position(self):
        make.rules()
        RoutingRule.objects.create(code="all", name="其他", position=5, published_at=NOON, for_kind="praise")
        RoutingRule.objects.create(code="rest", name="其余", position=99, published_at=NOON)
        case = make.case()
        assert Routing.objects.get(case=case).rule.code == "quality"

    def test_covers_a_category_with_everything_below_it(self):
        case = make.case(category="quality/colour")
        assert Routing.objects.get(case=case).rule.code == "quality"


class TestACaseNobodyHas:
    def test_is_on_the_coordinators_list_with_a_clock(self):
        case = make.case(category="delivery")

        clock = make.clock(case, "route")
        assert (clock.holder, clock.due_at) == (make.he(), at("14:00"))
        assert case.department == make.front()
        assert Entry.objects.get(kind="serve.case_unrouted").facts["coordinator_id"] == make.he().pk

    def test_climbs_when_the_coordinator_does_nothing(self):
        case = make.case(category="delivery")
        fire_due(at("14:00"))
        told = Escalation.objects.get(clock=make.clock(case, "route"), level=1)
        assert told.to_person == make.sun()

    def test_is_found_a_department(self):
        case = make.case(category="delivery")
        decide(case, "logistics", now=at("13:30"))
        assert make.clock(case, "route").state == "met"
        assert tasks(case) == [("logistics", 1, "given")]
        assert Case.objects.get(pk=case.pk).department == make.logistics()

    def test_includes_the_share_one_department_sent_back_while_another_works(self):
        case = make.case()
        send_back(Task.objects.filter(case=case).first(), "不归我们", by=make.li(), now=at("13:30"))
        assert make.clock(case, "route").state == "running"

    def test_includes_the_first_stage_sent_back_while_the_second_waits(self):
        case = make.case(category="installation")
        first, second = Task.objects.filter(case=case).order_by("stage")
        send_back(first, "不归我们", by=make.zhao(), now=at("13:30"))
        assert make.clock(case, "route").state == "running"

        (replacement,) = decide(case, "quality")
        return_result(replacement, "已送到", by=make.li(), now=at("15:00"))

        second.refresh_from_db()
        assert second.state == "given"

    def test_has_one_clock_however_often_it_comes_back(self):
        case = make.case()
        for task in Task.objects.filter(case=case):
            send_back(task, "不归我们", by=make.li(), now=at("13:30"))
        assert Clock.objects.of("case", case.pk).filter(measure="route").count() == 1


class TestASupervisorWhoDecidesOverTheRule:
    def test_is_recorded_with_the_reason(self):
        case = make.case()
        decide(case, "after-sales")
        last = Routing.objects.filter(case=case).latest("pk")
        assert (last.rule, last.by, last.reason) == (None, make.he(), "规则不合适")
        assert ("after-sales", 1, "given") in tasks(case)

    def test_may_take_the_case_from_the_others(self):
        case = make.case(category="installation")
        decide(case, "quality", withdraw_others=True)
        assert tasks(case) == [
            ("logistics", 1, "withdrawn"), ("after-sales", 2, "withdrawn"), ("quality", 1, "given"),
        ]  # fmt: skip
        assert Entry.objects.filter(kind="serve.task_given").count() == 2  # nobody was started to be stopped
        assert Case.objects.get(pk=case.pk).department == make.quality()

    @pytest.mark.parametrize(
        ("steps", "reason", "words"),
        [([], "x", "at least one"), ([(0, 1, "")], "x", "Unknown department"), ([(0, 1, "")], " ", "why")],
    )
    def test_is_refused_without_department_or_reason(self, steps, reason, words):
        with pytest.raises(CannotRoute, match=words):
            decide_departments(make.case(), steps, by=make.he(), reason=reason, now=NOON)
