"""A call is promised for a window, kept or broken like any promise, and tried again until the customer is told."""

from datetime import timedelta

import pytest
from django.test import override_settings

from guixin.channels.models import Notice
from guixin.ledger.models import Entry
from guixin.organisation.models import Person
from guixin.promise.keeping import fire_due
from guixin.promise.models import Clock, Escalation
from guixin.serve import call_back_lines, call_backs
from guixin.serve.call_back_windows import windows
from guixin.serve.models import CallBack, CallBackLine, Case, Message
from guixin.serve.tests import make
from guixin.understand.models import Contact, Customer

pytestmark = pytest.mark.django_db
NOON = make.NOON  # Wednesday, on the stroke of the lunch break
ONE_O_CLOCK = "2026-03-04T13:00"


def line(**terms) -> CallBackLine:
    there = CallBackLine.objects.filter(code="service").first()
    about = {"window_minutes": 60, "capacity": 1} | terms
    return there or call_back_lines.add_line(
        "service", "客户服务", make.front(), by=make.he(), now=NOON, **about
    )


def wished(window: str = ONE_O_CLOCK, phone: str = "138 0013 8000", **about) -> CallBack:
    about = {"name": "张三", "about": "灯不亮", "now": NOON} | about
    return call_backs.ask(about.pop("line", None) or line(), phone=phone, window=window, **about)


def taken(by: Person, **about) -> CallBack:
    return call_backs.take(wished(**about), by=by, now=make.at("13:05"))


def clock(call_back: CallBack) -> Clock:
    return Clock.objects.of(*call_back.about).get(generation=call_back.generation)


class TestTheTimesOffered:
    def test_are_cut_from_the_working_hours_of_the_department_without_holidays(self):
        offered = windows(line(days_ahead=2, window_minutes=120), make.at("12:00", day=3, month=4))

        # 3 April 2026 is a Friday; the 4th to the 6th are Qingming.
        assert [each.key[5:] for each in offered] == [
            "04-03T13:00", "04-03T15:00", "04-03T17:00", "04-07T09:00", "04-07T11:00", "04-07T13:00", "04-07T15:00",
            "04-07T17:00", "04-08T09:00", "04-08T11:00", "04-08T13:00", "04-08T15:00", "04-08T17:00",
        ]  # fmt: skip
        assert (offered[4].ends - offered[4].begins) == timedelta(hours=1)  # until the lunch break

    def test_hold_as_many_calls_as_the_line_says(self):
        wished()

        assert [each.left for each in windows(line(), NOON)][:2] == [0, 1]
        with pytest.raises(call_backs.CannotPromise, match="taken meanwhile"):
            wished(phone="13900139000")
        call_backs.cancel(CallBack.objects.get(), now=NOON)
        assert wished(phone="13900139000").is_waiting

    def test_are_refused_when_they_are_not_offered(self):
        with pytest.raises(call_backs.CannotPromise, match="not offered"):
            wished("2026-03-04T12:30")


class TestAskingForACall:
    def test_starts_a_clock_that_ends_with_the_window(self):
        wish = wished()

        assert (clock(wish).due_at, clock(wish).case_id) == (make.at("14:00"), None)
        assert wish.customer == make.customer("张三", "13800138000")
        assert wish.phone not in str(Entry.objects.filter(kind="serve.call_back_asked").get().facts)

    def test_is_one_wish_when_it_is_sent_twice(self):
        assert wished(once="a").pk == wished(once="a").pk
        assert CallBack.objects.count() == 1

    def test_is_tied_to_a_case_only_of_this_customer(self):
        case = make.case(now=NOON)

        assert wished(number=case.number).case == case
        stranger = wished("2026-03-04T14:00", phone="13900139000", name="李四", number=case.number)
        assert (stranger.case, stranger.said_number) == (None, case.number)

    def test_is_refused_beyond_the_open_calls_of_one_number_in_words_that_tell_nothing(self):
        wished(line=line(capacity=9)), wished()

        with pytest.raises(call_backs.CannotPromise) as refusal:
            wished(phone="+86 138-0013-8000")
        assert str(refusal.value) == str(call_backs.too_many())
        assert "138" not in str(refusal.value)

    @pytest.mark.parametrize("phone", ["12", "call me", "1380013800013800138000"])
    def test_needs_a_number_that_can_be_rung(self, phone):
        with pytest.raises(call_backs.CannotPromise, match="phone number"):
            wished(phone=phone)
        assert not Customer.objects.exists()


class TestCallingBack:
    def test_is_done_by_one_person(self):
        wish = taken(make.wang())

        with pytest.raises(call_backs.CallBackSettled, match="王芳"):
            call_backs.take(wish, by=make.tang(), now=make.at("13:06"))
        assert clock(wish).holder == make.wang()

    def test_shows_the_number_to_whoever_took_it_and_to_nobody_unrecorded(self):
        wish = taken(make.wang())

        with pytest.raises(call_backs.CallBackSettled):
            call_backs.show_number(wish, by=make.tang(), now=make.at("13:06"))
        assert call_backs.show_number(wish, by=make.wang(), now=make.at("13:06")) == "+8613800138000"
        assert Entry.objects.get(kind="understand.customer_revealed").actor_id == make.wang().pk

    def test_keeps_the_promise_from_the_moment_we_rang_however_long_we_talked(self):
        wish = taken(make.wang())
        call_backs.show_number(wish, by=make.wang(), now=make.at("13:58"))
        call_backs.reached(wish, "answered", "换了保险丝", by=make.wang(), now=make.at("14:20"))

        assert clock(wish).state == Clock.State.MET
        contact = Contact.objects.get()
        assert (contact.kind, contact.notes, contact.owner) == ("call", "换了保险丝", make.wang())

    def test_becomes_a_case_of_whoever_rang_and_of_the_customer(self):
        make.standards()
        done = call_backs.reached(
            taken(make.wang()), "opened", "灯管闪烁", kind="complaint", by=make.wang(), now=make.at("13:10")
        )

        case = Case.objects.get()
        assert (done.case, case.owner, case.customer, case.story) == (
            case, make.wang(), done.customer, "灯管闪烁",
        )  # fmt: skip

    def test_joins_the_case_it_is_about(self):
        case = make.case(now=NOON)
        wish = taken(make.wang(), number=case.number)
        call_backs.reached(wish, "joined", "周五前要", by=make.wang(), now=make.at("13:10"))

        assert case.messages.get(kind=Message.Kind.CUSTOMER).body == "周五前要"
        assert Entry.objects.get(kind="serve.call_back_made").case_id == case.pk

    def test_is_tried_again_in_working_time_and_then_the_customer_is_told(self):
        case = make.case(now=NOON)
        line(tries=2, again_after_minutes=30)
        wish = taken(make.wang(), window="2026-03-04T17:00", number=case.number)
        with pytest.raises(call_backs.CannotRecord, match="17:00"):
            call_backs.not_reached(wish, by=make.wang(), now=make.at("16:30"))
        wish = call_backs.not_reached(wish, by=make.wang(), now=make.at("17:45"))

        assert (wish.state, wish.window_from) == ("waiting", make.at("09:15", day=5))
        assert clock(wish).due_at == make.at("09:45", day=5)
        assert Contact.objects.get().outcome == Contact.Outcome.NOT_REACHED

        wish = call_backs.take(wish, by=make.tang(), now=make.at("09:20", day=5))
        wish = call_backs.not_reached(wish, by=make.tang(), now=make.at("09:21", day=5))
        assert wish.state == CallBack.State.NOT_REACHED
        assert case.messages.filter(kind=Message.Kind.NEWS, body__contains="没有接通").exists()
        assert not Clock.objects.of(*wish.about).open().exists()


class TestAMissedCall:
    def test_climbs_the_ladder_of_the_department(self):
        wish = wished()
        fire_due(make.at("13:31"))
        assert {"wang", "tang"} <= set(Notice.objects.values_list("person__login", flat=True))
        fire_due(make.at("14:01"))
        fire_due(make.at("14:31"))

        raised = Escalation.objects.filter(clock=clock(wish), level__gte=1).order_by("level")
        assert [each.to_person.login for each in raised] == ["he", "sun"]
        assert clock(wish).breached_at == make.at("14:00")

    def test_stays_broken_when_the_customer_moves_it_afterwards(self):
        wish = wished()
        moved = call_backs.move(wish, "2026-03-04T15:00", now=make.at("14:10"))

        first, second = Clock.objects.of(*wish.about).order_by("generation")
        assert (first.state, first.breached_at) == (Clock.State.VOID, make.at("14:00"))
        assert (second.state, second.due_at) == (Clock.State.RUNNING, make.at("16:00"))
        assert moved.window_from == make.at("15:00")


class TestWhoSeesACall:
    def test_is_the_front_desk_and_the_department_that_rings(self):
        quality = call_back_lines.add_line("quality", "质量", make.quality(), by=make.he(), now=NOON)
        wish = call_backs.ask(quality, phone="13800138000", name="", about="x", window=ONE_O_CLOCK, now=NOON)
        seen = CallBack.objects.filter(pk=wish.pk)

        assert seen.visible_to(make.li())
        assert seen.visible_to(make.wang())
        assert not seen.visible_to(make.zhao())

    def test_is_whom_it_was_raised_to(self):
        wish = wished()
        fire_due(make.at("14:01"))

        assert CallBack.objects.visible_to(make.he()).get() == wish


class TestALine:
    @override_settings(LANGUAGE_CODE="en")
    def test_is_refused_outside_its_bounds(self):
        with pytest.raises(call_back_lines.CannotSetUp):
            call_back_lines.add_line("x", "客服", make.front(), by=make.he(), now=NOON, capacity=0)

    def test_that_is_closed_promises_nothing_more_and_keeps_what_it_promised(self):
        wish = wished()
        call_back_lines.change_line(line(), by=make.he(), now=NOON, is_open=False)

        with pytest.raises(call_backs.CannotPromise, match="Nobody can be called back"):
            wished("2026-03-04T14:00")
        assert call_backs.take(wish, by=make.wang(), now=make.at("13:05")).taken_by == make.wang()
