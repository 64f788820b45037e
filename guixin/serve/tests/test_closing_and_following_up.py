"""From result to follow-up (issue 2, points 6 and 7): no closing without a reply, no end without asking."""

import pytest

from guixin.promise.keeping import fire_due
from guixin.promise.models import Clock, Escalation
from guixin.serve.closing import CannotClose, CannotReopen, close, reopen
from guixin.serve.escalating import CannotEscalate, by_hand
from guixin.serve.following_up import CannotFollowUp, record_outcome
from guixin.serve.handling import return_result
from guixin.serve.merging import merge, split
from guixin.serve.models import Case, Closing, FollowUp, Task
from guixin.serve.replying import CannotReply, customer_adds, customer_urges, reply
from guixin.serve.tests import make
from guixin.serve.tests.make import NOON, at
from guixin.serve.tracking import progress
from guixin.serve.waiting import wait_for_customer

pytestmark = pytest.mark.django_db
CLASSIFIED = {"quality_point": "colour", "cause": "material", "severity": 2}


def closing(case, now=NOON, **more):
    return close(case, by=make.wang(), now=now, **({"department": make.quality()} | CLASSIFIED | more))


class TestClosingACase:
    def test_is_refused_before_the_customer_was_told(self):
        case = make.case(departments=[make.quality().pk])
        return_result(Task.objects.get(case=case), "换货", by=make.li(), now=NOON)
        with pytest.raises(CannotClose, match="not been told"):
            closing(case)
        assert not Closing.objects.exists()

    def test_is_refused_while_a_department_is_at_work(self):
        case = make.case()
        reply(case, "给您换", by=make.wang(), now=NOON)
        with pytest.raises(CannotClose, match="Logistics"):
            closing(case)

    @pytest.mark.parametrize("missing", ["department", "quality_point", "cause", "severity"])
    def test_is_refused_for_a_complaint_without_its_classification(self, missing):
        with pytest.raises(CannotClose, match="missing"):
            closing(make.answered_case(), **{missing: None if missing in ("department", "severity") else ""})

    def test_is_refused_with_words_not_in_the_lists(self):
        with pytest.raises(CannotClose, match="not in the list"):
            closing(make.answered_case(), cause="weather")

    def test_of_an_enquiry_needs_no_classification(self):
        case = make.answered_case(kind="enquiry")
        assert close(case, by=make.wang(), now=NOON).generation == 1

    def test_stops_every_clock_but_the_one_for_asking_afterwards(self):
        case = make.closed_case()
        assert [clock.measure for clock in Clock.objects.filter(case_id=case.pk).open()] == ["follow_up"]
        assert make.clock(case, "resolve").state == "met"

    def test_needs_a_new_reply_after_a_reopening(self):
        case = make.closed_case()
        reopen(case, "又坏了", by=make.wang(), now=at("10:00", day=9))
        with pytest.raises(CannotClose, match="not been told"):
            closing(case, now=at("11:00", day=9))


class TestTheFollowUp:
    def test_is_planned_by_the_system_with_a_clock_for_the_owner(self):
        follow_up = FollowUp.objects.get(case=make.closed_case())
        assert (follow_up.holder, follow_up.planned_for) == (make.wang(), at("12:00", day=7))
        assert make.clock(follow_up, "follow_up").due_at == at("18:00", day=9)  # Saturday noon, Monday counts

    def test_that_nobody_makes_goes_up_the_ladder(self):
        follow_up = FollowUp.objects.get(case=make.closed_case())
        fire_due(at("18:00", day=9))
        told = Escalation.objects.get(clock=make.clock(follow_up, "follow_up"), level=1)
        assert told.to_person == make.he()

    def test_satisfied_is_the_end(self):
        follow_up = FollowUp.objects.get(case=make.closed_case())
        record_outcome(follow_up, "satisfied", by=make.wang(), now=at("10:00", day=9))
        assert make.clock(follow_up, "follow_up").state == "met"
        assert Case.objects.get(pk=follow_up.case_id).state == "closed"

    def test_dissatisfied_reopens_the_same_number_and_tells_the_departments_authority(self):
        case = make.closed_case()
        follow_up = FollowUp.objects.get(case=case)

        record_outcome(
            follow_up, "dissatisfied", comment="颜色还是不对", by=make.wang(), now=at("10:00", day=9)
        )

        again = Case.objects.get(pk=case.pk)
        assert (again.state, again.number, again.generation, again.level) == ("open", case.number, 2, 1)
        told = Escalation.objects.get(case_id=case.pk)
        assert (told.cause, told.department, told.to_person) == ("dissatisfied", make.quality(), make.qian())
        assert make.clock_of_escalation(told).due_at == at("15:00", day=9)

    def test_is_recorded_once_and_dissatisfied_only_with_words(self):
        follow_up = FollowUp.objects.get(case=make.closed_case())
        with pytest.raises(CannotFollowUp, match="not satisfied with"):
            record_outcome(follow_up, "dissatisfied", now=at("10:00", day=9))
        record_outcome(follow_up, "satisfied", now=at("10:00", day=9))
        with pytest.raises(CannotFollowUp, match="already recorded"):
            record_outcome(follow_up, "satisfied", now=at("10:00", day=9))

    def test_is_dropped_with_its_clock_when_the_case_is_reopened(self):
        case = make.closed_case()
        reopen(case, "又坏了", by=make.wang(), now=at("10:00", day=5))
        follow_up = FollowUp.objects.get(case=case)
        assert (follow_up.state, make.clock(follow_up, "follow_up").state) == ("dropped", "void")

    def test_comes_again_after_the_second_closing(self):
        case = make.closed_case()
        reopen(case, "又坏了", by=make.wang(), now=at("10:00", day=9))
        reply(case, "再换一台", by=make.wang(), now=at("11:00", day=9))
        closing(case, now=at("11:00", day=9))
        assert FollowUp.objects.filter(case=case, state="planned").get().generation == 2


class TestReopening:
    def test_is_only_for_closed_cases_and_with_a_reason(self):
        with pytest.raises(CannotReopen, match="Only a closed"):
            reopen(make.case(), "x", now=NOON)
        with pytest.raises(CannotReopen, match="why"):
            reopen(make.closed_case(customer=None), " ", now=NOON)


class TestRaisingACaseByHand:
    def test_goes_one_level_higher_each_time_with_a_clock_to_act(self):
        case = make.case(departments=[make.quality().pk])
        first = by_hand(case, reason="媒体来电", by=make.wang(), now=at("14:00"))
        second = by_hand(case, reason="律师函", by=make.wang(), now=at("15:00"))
        assert [(one.level, one.to_person) for one in (first, second)] == [(1, make.qian()), (2, make.wu())]
        assert make.clock_of_escalation(second).holder == make.wu()
        assert Case.objects.get(pk=case.pk).level == 2

    def test_needs_a_reason(self):
        with pytest.raises(CannotEscalate, match="why"):
            by_hand(make.case(), reason="", by=make.wang(), now=NOON)

    def test_that_nobody_acts_on_is_late_like_any_promise(self):
        told = by_hand(make.case(), reason="媒体来电", by=make.wang(), now=at("14:00"))
        fire_due(at("18:00"))
        assert make.clock_of_escalation(told).breached_at == at("18:00")


class TestWaitingForTheCustomer:
    def test_rests_the_clocks_until_the_customer_writes(self):
        case = make.case()
        wait_for_customer(case, "请发照片", by=make.wang(), now=at("14:00"))
        assert make.clock(case, "reply").due_at is None
        customer_adds(case, "照片来了", now=at("17:00"))
        assert make.clock(case, "reply").due_at == at("15:00", day=5)
        assert Case.objects.get(pk=case.pk).state == "open"

    def test_is_refused_twice_or_without_a_question(self):
        case = make.case()
        with pytest.raises(CannotReply, match="what you need"):
            wait_for_customer(case, " ", by=make.wang(), now=NOON)
        wait_for_customer(case, "请发照片", by=make.wang(), now=NOON)
        with pytest.raises(CannotReply, match="already waiting"):
            wait_for_customer(case, "请发照片", by=make.wang(), now=NOON)

    def test_leaves_no_clock_asleep_in_the_case_it_is_merged_into(self):
        case, into = make.case(), make.case(category="delivery", customer=None)
        wait_for_customer(case, "请发照片", by=make.wang(), now=at("14:00"))
        merge(case, into, by=make.wang(), now=at("16:00"))
        assert not Clock.objects.filter(state="paused").exists()

    def test_leaves_no_clock_asleep_in_a_case_split_off(self):
        case = make.case(departments=[make.quality().pk])
        task = Task.objects.get(case=case)
        wait_for_customer(case, "请发照片", by=make.wang(), now=at("14:00"))
        split(case, "另一件事", task=task, by=make.wang(), now=at("15:00"))
        assert make.clock(task, "result").due_at == at("14:00", day=5)

    def test_lets_the_customer_urge_us_once_a_day(self):
        case = make.case()
        customer_urges(case, now=at("14:00"))
        with pytest.raises(CannotReply, match="already urged"):
            customer_urges(case, now=at("13:00", day=5))
        customer_urges(case, now=at("15:00", day=5))


class TestReplying:
    def test_also_acknowledges_but_an_acknowledgement_is_no_reply(self):
        case = make.case()
        reply(case, "收到", by=make.wang(), now=at("12:20"), kind="acknowledgement")
        assert [make.clock(case, measure).state for measure in ("acknowledge", "reply")] == ["met", "running"]
        reply(case, "给您换", by=make.wang(), now=at("14:00"))
        assert [make.clock(case, measure).state for measure in ("preliminary", "reply")] == ["met", "met"]

    def test_noted_afterwards_counts_from_when_it_was_said(self):
        case = make.case()
        fire_due(at("12:30", day=5))
        reply(case, "电话里说了", by=make.wang(), now=at("13:00", day=5), told_at=at("11:00", day=5))
        assert make.clock(case, "reply").state == "met"

    @pytest.mark.parametrize("told_at", [at("11:59"), at("14:01")])
    def test_was_not_said_before_the_case_or_in_the_future(self, told_at):
        with pytest.raises(CannotReply, match="between the opening"):
            reply(make.case(), "给您换", by=make.wang(), now=at("14:00"), told_at=told_at)


class TestProgressAsTheCustomerSeesIt:
    def test_goes_step_by_step(self):
        case = make.case(departments=[make.quality().pk])
        task = Task.objects.get(case=case)
        seen = [progress(case, now=NOON).step]
        return_result(task, "换货", by=make.li(), now=NOON)
        seen.append(progress(case, now=NOON).step)
        reply(case, "给您换", by=make.wang(), now=NOON)
        seen.append(progress(Case.objects.get(pk=case.pk), now=NOON).step)
        closing(case)
        seen.append(progress(Case.objects.get(pk=case.pk), now=NOON).step)
        assert seen == ["accepted", "working", "confirm", "closed"]

    def test_names_departments_and_times_but_no_person_and_no_note(self):
        case = make.case()
        fire_due(at("12:00", day=5))
        shown = progress(Case.objects.get(pk=case.pk), now=at("12:00", day=5))
        assert [step.department for step in shown.departments] == ["Quality", "Logistics"]
        assert shown.departments[0].is_late
        assert shown.departments[0].raised_to == "Quality supervisor"
        assert {step.words for step in shown.promises} >= {"承诺：reply", "承诺：resolve"}
        assert "李娜" not in repr(shown.departments)

    def test_of_a_case_merged_twice_is_that_of_the_last_one(self):
        one, two, three = (make.case(category="delivery", customer=None) for _ in range(3))
        merge(one, two, by=make.wang(), now=NOON)
        merge(two, three, by=make.wang(), now=NOON)
        reply(three, "给您换", by=make.wang(), now=NOON)
        shown = progress(Case.objects.get(pk=one.pk), now=NOON)
        assert (shown.number, shown.step) == (one.number, "confirm")
