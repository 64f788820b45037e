"""Customers are told what the plan of their segment says, once for each event, or the plan's page says why not."""

from datetime import time, timedelta

import pytest

from guixin.ledger.models import Entry, Outgoing
from guixin.organisation.tests import make as firm
from guixin.promise import answering, communication, planning, posting
from guixin.promise.models import PlanMessage
from guixin.promise.tests import make_plans as make
from guixin.promise.tests.make import NOON, at
from guixin.promise.tests.make_plans import SOON
from guixin.understand import consenting, merging
from guixin.understand.models import Contact, CustomerWorth, Grading, Membership, Purchase, Segment

pytestmark = pytest.mark.django_db
State, Reason = PlanMessage.State, PlanMessage.Reason


def bought(who, order: str, when=SOON) -> None:
    Purchase.objects.create(
        customer=who, bought_at=when, amount=100_00, currency="CNY", order_key=order, line_key=f"{order}-1", source="shop",
        landed_at=when,
    )  # fmt: skip


class TestWhoeverEnters:
    def test_is_put_into_the_post_with_their_words(self):
        make.plan()
        make.enters(make.customer())

        make.work()

        message = make.the_message()
        assert message.state == State.POSTED
        assert "张" in message.body
        assert "{" not in message.body
        assert Outgoing.objects.get(channel=posting.CHANNEL).payload == {"message": message.pk}

    def test_is_told_once_however_often_the_worker_looks(self):
        make.plan()
        make.enters(make.customer())

        for minutes in range(5):
            make.work(SOON + timedelta(minutes=minutes))

        assert len(make.messages()) == 1
        assert Outgoing.objects.count() == 1

    def test_before_the_plan_is_not_told(self):
        make.enters(make.customer(), at=NOON - timedelta(days=1))
        make.plan()

        make.work()

        assert make.messages() == []

    def test_hears_it_as_late_as_the_line_says(self):
        make.plan(make.line(delay_hours=72))
        make.enters(make.customer())

        make.work(SOON + timedelta(hours=71))
        assert make.the_message().state == State.WAITING

        make.work(SOON + timedelta(hours=72))
        assert make.the_message().state == State.POSTED

    def test_hears_it_at_the_time_of_the_day(self):
        make.plan(make.line(delay_hours=24, at="10:00"))
        make.enters(make.customer())

        make.work()

        assert make.the_message().due_at == at("10:00", 6)

    def test_and_leaves_again_is_not_told(self):
        make.plan(make.line(delay_hours=24))
        who = make.enters(make.customer())
        make.work()
        Membership.objects.filter(customer=who).update(until=SOON)

        make.work(SOON + timedelta(days=1))

        assert make.the_message().reason == Reason.LEFT

    def test_is_told_in_the_new_words_of_a_line(self):
        plan = make.plan(make.line(code="hello", delay_hours=24))
        make.enters(make.customer())
        make.work()
        make.plan(make.line(code="hello", delay_hours=24, body="新的话"), now=SOON)

        make.work(SOON + timedelta(days=1))

        assert (make.the_message().body, plan.versions.count()) == ("新的话", 2)

    def test_is_not_told_by_a_line_that_is_gone(self):
        make.plan(make.line(code="hello", delay_hours=24))
        make.enters(make.customer())
        make.work()
        make.plan(make.line(code="other", occasion="bought"), now=SOON)

        make.work(SOON + timedelta(days=1))

        assert make.the_message().reason == Reason.PLAN


class TestOneEvent:
    def test_of_a_customer_in_two_segments_is_told_by_the_first(self):
        first, second = make.segment("first", 1), make.segment("second", 2)
        make.plan(make.line("bought", body="第一"), of=first)
        make.plan(make.line("bought", body="第二"), of=second)
        who = make.enters(make.customer(), second, first, at=NOON)
        bought(who, "A-1")

        make.work()

        assert make.the_message().body == "第一"

    def test_is_told_once_when_the_segments_change_places(self):
        first, second = make.segment("first", 1), make.segment("second", 2)
        make.plan(make.line("bought", body="第一"), of=first)
        make.plan(make.line("bought", body="第二"), of=second)
        who = make.enters(make.customer(), second, first, at=NOON)
        bought(who, "A-1")
        make.work()
        Segment.objects.filter(pk=second.pk).update(priority=0)

        make.work(SOON + timedelta(minutes=5))

        assert len(make.messages()) == 1

    def test_may_be_told_by_message_and_planned_as_a_contact(self):
        make.plan(make.line("bought"), make.line("bought", "call"))
        who = make.enters(make.customer(phone="+8613800138000"), at=NOON)
        bought(who, "A-1")

        make.work()

        assert sorted(each.state for each in make.messages()) == [State.PLANNED, State.POSTED]
        assert Contact.objects.get().owner == firm.chen()

    def test_of_two_orders_is_two(self):
        make.plan(make.line("bought"))
        who = make.enters(make.customer(), at=NOON)
        bought(who, "A-1")
        bought(who, "A-2")

        make.work()

        assert len(make.messages(state=State.POSTED)) == 2

    def test_that_reached_us_a_week_late_is_left_unsaid(self):
        make.plan(make.line("bought"), now=NOON - timedelta(days=20))
        who = make.enters(make.customer(), at=NOON - timedelta(days=19))
        bought(who, "A-1", NOON - timedelta(days=8))

        make.work()

        assert make.messages() == []

    def test_of_a_better_grade_is_told_to_those_who_rose(self):
        make.plan(make.line("graded", direction="up"))
        for name, before, now in (("张三", "B", "A"), ("李四", "A", "B")):
            who = make.enters(make.customer(name, f"{now}@example.com"), at=NOON)
            grading = Grading.objects.create(began_at=SOON, as_of=SOON)
            CustomerWorth.objects.create(
                customer=who, grading=grading, first_bought_at=NOON, last_bought_at=NOON, orders=1, returns=0, gross=1,
                returned=0, net=1, recency_days=1, r=3, f=3, m=3, value_percentile=0.5, grade=now, grade_before=before,
                grade_since=SOON, graded_at=SOON,
            )  # fmt: skip

        make.work()

        assert make.the_message().customer.name == "张三"


class TestADay:
    def test_is_spoken_of_when_it_comes(self):
        make.plan(make.line("date", on_day="2026-03-06", at="09:30"))
        make.enters(make.customer())

        make.work(at("09:29", 6))
        assert make.messages() == []

        make.work(at("09:30", 6))
        assert make.the_message().state == State.POSTED

    def test_comes_every_few_months_in_the_segment(self):
        make.plan(make.line("every", months=1))
        make.enters(make.customer(), at=at("10:00", 5))

        for day, month in ((5, 3), (5, 4), (6, 4), (5, 5)):
            make.work(at("11:00", day, month))

        assert [f"{each.due_at:%m-%d}" for each in make.messages()] == ["04-05", "05-05"]


class TestAMessageIsNotSent:
    def test_without_an_address(self):
        make.plan()
        make.enters(make.customer(email=""))

        make.work()

        assert (make.the_message().reason, Outgoing.objects.count()) == (Reason.ADDRESS, 0)
        assert Entry.objects.filter(kind="promise.plan_message_not_sent").count() == 1

    def test_without_consent_where_it_is_asked_first(self):
        make.plan(make.line(purpose="news"))
        make.enters(make.customer())

        make.work()

        assert make.the_message().reason == Reason.CONSENT

    def test_to_whoever_objected(self):
        make.plan()
        who = make.enters(make.customer())
        consenting.withdraw(who, "service", "email", by=firm.wang(), now=NOON)

        make.work()

        assert make.the_message().reason == Reason.CONSENT

    def test_with_a_gap_in_it_and_says_which(self):
        make.plan(make.line("bought", body="您购买的{product}"))
        who = make.enters(make.customer(), at=NOON)
        bought(who, "A-1")

        make.work()

        assert (make.the_message().reason, make.the_message().detail) == (Reason.VALUE, "{product}")

    def test_beyond_the_cap_of_all_plans_together(self):
        make.plan(make.line("bought"), at_most=2, within_days=30)
        who = make.enters(make.customer(), at=NOON)
        for number in range(3):
            bought(who, f"A-{number}")

        make.work()

        assert [each.reason for each in make.messages()].count(Reason.CAP) == 1
        assert Outgoing.objects.count() == 2

    def test_in_the_quiet_hours_but_at_the_next_allowed_instant(self):
        make.plan(quiet_from="11:00", quiet_to="14:00")
        make.enters(make.customer())

        make.work()
        waiting = make.the_message()
        assert (waiting.state, waiting.next_at, waiting.moved_by_quiet) == (State.WAITING, at("14:00"), True)
        assert posting.next_due() == at("14:00")

        make.work(at("14:00"))
        assert make.the_message().state == State.POSTED
        assert posting.next_due() is None

    def test_in_hours_the_customer_does_not_like(self):
        make.plan()
        make.enters(make.customer(reach_from=time(18), reach_to=time(20)))

        make.work()

        assert make.the_message().next_at == at("18:00")

    def test_a_fortnight_late(self):
        make.plan()
        make.enters(make.customer())
        planning.plan_what_happened(SOON)

        posting.post_due(SOON + timedelta(days=14))

        assert make.the_message().reason == Reason.LATE

    def test_by_a_plan_that_was_withdrawn(self):
        plan = make.plan(make.line(delay_hours=1))
        make.enters(make.customer())
        make.work()
        communication.withdraw(plan, by=firm.chen(), now=SOON)

        make.work(SOON + timedelta(hours=1))

        assert make.the_message().reason == Reason.PLAN


class TestTwoRecordsThatAreOne:
    def test_are_told_once_of_what_both_waited_for(self):
        make.plan(make.line(delay_hours=24))
        one, other = make.enters(make.customer()), make.enters(make.customer("张三", "z@example.com"))
        make.work()
        made = merging.merge(other, one, by=firm.wang(), now=SOON)
        answering.tell_once([_Merged(made)])

        make.work(SOON + timedelta(days=1))

        assert len(make.messages(state=State.POSTED)) == 1
        assert len(make.messages(reason=Reason.MERGED)) == 1

    def test_are_both_told_when_they_are_two_again(self):
        make.plan(make.line(delay_hours=24))
        one, other = make.enters(make.customer()), make.enters(make.customer("张三", "z@example.com"))
        make.work()
        made = merging.merge(other, one, by=firm.wang(), now=SOON)
        answering.tell_once([_Merged(made)])
        make.work()
        merging.undo(made, by=firm.wang(), now=SOON)
        answering.tell_both([_Merged(made)])

        make.work(SOON + timedelta(days=1))

        assert {each.customer_id for each in make.messages(state=State.POSTED)} == {one.pk, other.pk}

    def test_are_told_nothing_again_that_one_was_told(self):
        make.plan(make.line("date", on_day="2026-03-06"))
        one, other = make.enters(make.customer()), make.enters(make.customer("张三", "z@example.com"))
        planning.plan_what_happened(at("10:00", 6))
        posting.post_due(at("10:00", 6), limit=1)
        made = merging.merge(other, one, by=firm.wang(), now=at("10:00", 6))
        answering.tell_once([_Merged(made)])

        make.work(at("10:05", 6))

        assert len(make.messages(state=State.POSTED)) == 1
        assert Outgoing.objects.count() == 1


class _Merged:
    def __init__(self, made):
        self.about, self.merged_customer_id, self.merge_id = (
            ("customer", made.kept_id),
            made.merged_id,
            made.pk,
        )
        self.happened_at = SOON


class TestWhatComesBack:
    def test_stands_among_the_contacts_as_what_was_sent_does(self):
        make.plan()
        who = make.enters(make.customer())
        make.work()
        message = make.the_message()

        answering.sent(message, now=SOON)
        answering.reply(message, "谢谢，请周五来", by=firm.wang(), now=SOON)

        contacts = list(Contact.objects.filter(customer=who).order_by("pk"))
        assert [each.notes for each in contacts] == [message.body, "谢谢，请周五来"]
        assert message.replies.get().contact == contacts[1]

    def test_twice_under_one_key_is_one_reply(self):
        make.plan()
        make.enters(make.customer())
        make.work()
        answering.sent(make.the_message(), now=SOON)

        for _again in range(2):
            answering.reply(make.the_message(), "好的", by=None, now=SOON, key="sms-9")

        assert make.the_message().replies.count() == 1

    def test_to_what_was_never_sent_is_refused(self):
        make.plan()
        make.enters(make.customer())
        make.work()

        with pytest.raises(answering.NotSentYet, match="has not been sent"):
            answering.reply(make.the_message(), "好的", by=firm.wang(), now=SOON)

    def test_undelivered_says_so(self):
        make.plan()
        make.enters(make.customer())
        make.work()
        answering.sent(make.the_message(), now=SOON)

        answering.bounced(make.the_message(), "550 unknown", now=SOON)

        assert (make.the_message().state, make.the_message().reason) == (State.NOT_SENT, Reason.BOUNCED)
        assert Contact.objects.get().outcome == "not_reached"

    def test_as_an_opt_out_stops_what_follows(self):
        make.plan(make.line("bought"))
        who = make.enters(make.customer(), at=NOON)
        bought(who, "A-1")
        make.work()
        message = make.the_message()
        answering.sent(message, now=SOON)

        answering.opt_out(answering.message_of(answering.opt_out_token(message)), now=SOON)
        bought(who, "A-2")
        make.work(SOON + timedelta(minutes=1))

        assert make.the_message(event="bought:A-2").reason == Reason.CONSENT

    def test_with_a_forged_link_is_nothing(self):
        assert answering.message_of("1:forged") is None


class TestAPlan:
    def test_of_a_segment_that_is_withdrawn_is_refused(self):
        gone = make.segment()
        Segment.objects.filter(pk=gone.pk).update(withdrawn_at=NOON)

        with pytest.raises(communication.CannotPlanMessages, match="not in force"):
            make.plan(of=gone)

    def test_with_a_line_without_a_channel_is_refused(self):
        with pytest.raises(communication.CannotPlanMessages, match="by which channel"):
            make.plan(make.line(channel=""))

    def test_without_a_line_is_refused(self):
        plan = communication.plan_of(make.segment())

        with pytest.raises(communication.CannotPlanMessages, match="no line yet"):
            communication.publish(plan, communication.blank(), by=firm.chen(), now=NOON)

    def test_with_quiet_hours_that_leave_no_hour_is_refused(self):
        firm.firm()
        office = firm.calendar("office").code
        with pytest.raises(communication.CannotPlanMessages, match="leave no hour"):
            make.plan(calendar=office, quiet_from="07:00", quiet_to="21:00")

    def test_with_a_gap_nobody_can_fill_is_refused(self):
        with pytest.raises(communication.CannotPlanMessages, match="birthday"):
            make.plan(make.line(body="{birthday}"))

    def test_with_two_lines_for_one_event_is_refused(self):
        with pytest.raises(communication.CannotPlanMessages, match="same event"):
            make.plan(make.line(), make.line(channel="sms"))

    def test_that_says_the_same_again_is_refused(self):
        line = make.line()
        make.plan(line)

        with pytest.raises(communication.NotPossibleNow, match="already"):
            make.plan(line)

    def test_keeps_its_segment_in_force(self):
        make.plan()

        assert [str(each) for each in communication.keep_their_segment(make.segment())] == [
            "its communication plan"
        ]

    def test_is_worked_on_line_by_line_and_not_overwritten(self):
        plan = communication.plan_of(make.segment())
        plan = communication.keep_entry(plan, make.line(code="a"), by=firm.chen(), now=NOON)
        plan = communication.keep_entry(plan, make.line("bought", code="b"), by=firm.chen(), now=NOON)
        plan = communication.keep_entry(plan, make.line(code="a", subject="改"), by=firm.chen(), now=NOON)
        assert [(each["code"], each["subject"]) for each in plan.draft["entries"]] == [
            ("a", "改"),
            ("b", "您好"),
        ]

        communication.remove_entry(plan, "b", by=firm.chen(), now=NOON)
        with pytest.raises(communication.DraftChangedMeanwhile):
            communication.keep_entry(
                plan, make.line(code="c"), read_at_version=plan.draft_version, by=None, now=NOON
            )
