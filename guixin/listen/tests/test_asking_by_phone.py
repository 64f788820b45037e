"""A wave by phone: nobody chooses whom to ask, the answers count once, and a call that brought none says why."""

from datetime import time, timedelta

import pytest

from guixin.listen import answering, calling, sampling, standing, waves
from guixin.listen.calling import CannotCall, Ended
from guixin.listen.models import Invitation, Response
from guixin.listen.tests.make import ASKS, NOON, chen, everybody, he, people, published, wang, wave
from guixin.serve.models import Case, FollowUp
from guixin.serve.tests import make
from guixin.understand.consenting import may_contact
from guixin.understand.models import Contact, Customer, Identity, Purpose

pytestmark = pytest.mark.django_db
LOW = {"questions": [ASKS["questions"][0] | {"opens_at": 2}, *ASKS["questions"][1:]]}
State, Reason = Invitation.State, Invitation.Reason


def drawn(number=3, asks=LOW, **plan):
    found = wave(asks)
    made = people(*"A" * number, mail=False)
    Identity.objects.bulk_create(
        Identity(customer=each, kind="phone", raw=f"138000{each.pk:05}", normal=f"+86138000{each.pk:05}")
        for each in made
    )
    said = {"source": "segment", "from": "segment", "segment": everybody().code}
    frame = sampling.Plan({name: said[name] for name in ("from", "segment")}, way="phone", seed=7, **plan)
    sampling.keep_plan(found, frame, by=he(), now=NOON)
    sampling.draw(found, by=he(), now=NOON)
    return found


def take(found, by=None, now=NOON) -> Invitation:
    return calling.take_next(found, by=by or wang(), now=now)


def end(call, ended, now=NOON, **said):
    calling.end(call, ended, by=wang(), now=now, **said)
    call.refresh_from_db()


class TestTheNextCall:
    def test_is_the_first_of_the_sample_and_one_persons(self):
        found = drawn()
        order = [each.pk for each in calling.next_ones(found, wang(), NOON)]

        mine, hers = take(found), take(found, chen())

        assert [mine.pk, hers.pk] == order[:2]
        assert take(found) == mine
        assert (
            take(found, he(), NOON + timedelta(hours=1)).pk == order[0]
        )  # a call nobody ended is free again

    def test_passes_over_customers_of_ones_own_cases_and_hours_they_do_not_like(self):
        found = drawn(2)
        first, second = calling.next_ones(found, wang(), NOON)
        Invitation.objects.filter(pk=first.pk).update(case=make.case(customer=first.customer))
        owner = Case.objects.get().owner
        assert [each.pk for each in calling.next_ones(found, owner, NOON)] == [second.pk]

        Customer.objects.filter(pk=second.customer_id).update(reach_from=time(20), reach_to=time(21))
        assert calling.take_next(found, by=owner, now=NOON) is None

    def test_is_nobody_who_said_no_meanwhile_or_whose_quota_is_full(self):
        found = drawn(2)
        first, second = calling.next_ones(found, wang(), NOON)
        end(take(found), Ended.REFUSED)
        Customer.objects.filter(pk=second.customer_id).update(merged_into=first.customer)

        assert take(found) is None
        second.refresh_from_db()
        assert (second.state, second.reason) == (State.NOT_SENT, Reason.CONSENT)


class TestTheAnswers:
    def test_count_once_and_say_by_phone_and_by_whom(self):
        found = drawn(1)
        call = take(found)

        assert calling.answer(call, 0, {"overall": "4"}, language="en", by=wang(), now=NOON)

        response = Response.objects.get()
        assert (response.source, response.taken_by, response.language) == ("phone", wang(), "en")
        assert (response.customer, response.completed_at) == (call.customer, NOON)
        call.refresh_from_db()
        assert (call.state, call.is_answered, call.held_by) == (State.CALLED, True, None)
        contact = Contact.objects.get()
        assert (contact.kind, contact.owner, contact.outcome) == ("call", wang(), "good")
        with pytest.raises(CannotCall):
            calling.answer(call, 0, {"overall": "1"}, language="en", by=wang(), now=NOON)
        assert take(found) is None

    def test_that_are_low_open_a_case(self):
        call = take(drawn(1))
        calling.answer(call, 0, {"overall": "1", "why": "太慢"}, language="zh-hans", by=wang(), now=NOON)

        case = Case.objects.get()
        assert (case.customer, case.channel, Response.objects.get().case) == (call.customer, "phone", case)

    def test_are_taken_by_nobody_else(self):
        call = take(drawn(1))
        with pytest.raises(CannotCall):
            calling.answer(call, 0, {"overall": "5"}, language="en", by=chen(), now=NOON)
        assert not Response.objects.exists()


class TestACallWithoutAnswers:
    def test_is_tried_three_times(self):
        found, now = drawn(1), NOON
        for tries in (1, 2, 3):
            call = take(found, now=now)
            end(call, Ended.NO_ANSWER, now)
            assert call.tries == tries
            assert take(found, now=now) is None
            now += calling.AGAIN_AFTER
        assert (call.state, call.reason) == (State.CALLED, Reason.NO_ANSWER)
        assert set(Contact.objects.values_list("outcome", flat=True)) == {"not_reached"}

    def test_is_made_again_when_they_like(self):
        found = drawn(2)
        call = take(found)
        for wrong in (None, NOON, NOON + timedelta(days=90)):
            with pytest.raises(CannotCall):
                calling.end(call, Ended.AGAIN, by=wang(), now=NOON, at=wrong)
        end(call, Ended.AGAIN, at=NOON + timedelta(hours=2))

        assert take(found) != call
        assert take(found, chen(), NOON + timedelta(hours=2)) == call

    def test_keeps_a_no_for_every_survey(self):
        call = take(drawn(1))
        end(call, Ended.REFUSED, note="太忙")
        assert not may_contact(call.customer, Purpose.SURVEY)
        assert Contact.objects.get().notes == "太忙"

    def test_ends_at_a_wrong_number(self):
        call = take(drawn(1))
        end(call, Ended.WRONG_NUMBER)
        assert (call.state, call.reason) == (State.NOT_SENT, Reason.WRONG_NUMBER)

    def test_can_be_left_to_somebody_else(self):
        found = drawn(1)
        call = take(found)
        calling.give_back(call, by=wang(), now=NOON)
        assert take(found, chen()) == call


class TestTheFollowUpOfACase:
    def test_is_done_by_the_same_questionnaire(self):
        case = make.closed_case()
        asks = {"questions": [LOW["questions"][0]]}
        said = {"name": "回访", "questionnaire": published(asks).questionnaire, "owner": chen(), "begins": "case_closed", "is_follow_up": True}  # fmt: skip
        standing.keep("after", said, by=he(), now=NOON)
        follow_up = FollowUp.objects.get(case=case)

        call = calling.for_follow_up(follow_up, by=wang(), now=NOON)
        assert calling.for_follow_up(follow_up, by=wang(), now=NOON) == call
        calling.answer(call, 0, {"overall": "5"}, language="zh-hans", by=wang(), now=NOON)

        follow_up.refresh_from_db()
        assert (follow_up.outcome, follow_up.done_by) == (FollowUp.Outcome.SATISFIED, wang())
        with pytest.raises(waves.NotPossibleNow):
            calling.for_follow_up(follow_up, by=wang(), now=NOON)

    def test_goes_on_where_the_link_was_left(self):
        found = drawn(1, {"questions": [{"code": f"q{n}", "label": "？"} for n in range(10)]})
        call = take(found)
        token = calling._token(call)
        answering.answer_page(call, token, 0, {"q0": "3"}, language="en", now=NOON)
        assert calling.said_so_far(call) == {"q0": "3"}
        assert calling.answer(call, 1, {"q9": "4"}, language="en", by=wang(), now=NOON)
        assert Response.objects.get().source == "phone"
