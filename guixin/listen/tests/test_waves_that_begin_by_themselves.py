"""Waves begin by themselves: on their day, upon an event, and as the follow-up of a case."""

from datetime import date, timedelta

import pytest

from guixin.channels.models import Notice
from guixin.listen import answering, asking, inviting, standing, waves
from guixin.listen.models import Invitation, Wave, WavePlan
from guixin.listen.tests.make import NOON, chen, he, people, published
from guixin.listen.waves import CannotListen
from guixin.serve.models import FollowUp
from guixin.serve.tests import make
from guixin.understand.models import Contact, Identity

pytestmark = pytest.mark.django_db
FRAME = {"from": "segment", "segment": "everybody"}
LOW = {
    "questions": [{"code": "handled", "label": "满意吗", "reads_as": "csat", "required": True, "opens_at": 2}]
}
WEEK = timedelta(days=7)


def plan(code="quarterly", asks=None, **said) -> WavePlan:
    asked = published(asks).questionnaire
    return standing.keep(
        code, {"name": "季度", "owner": chen(), "questionnaire": asked, **said}, by=None, now=NOON
    )[0]


def closed_case_of(customer):
    Identity.objects.get_or_create(
        customer=customer, kind="email", raw="z@example.com", normal="z@example.com"
    )
    return make.closed_case(customer=customer)


class TestAQuarter:
    def test_opens_its_wave_on_its_day_and_tells_its_owner(self):
        people("A", "A")
        made = plan(begins="months", every_months=3, next_on=date(2026, 3, 31), frame=FRAME, size=1)
        assert standing.begin_due(NOON) == 0

        late = NOON + timedelta(days=30)
        assert [standing.begin_due(late), standing.begin_due(late)] == [1, 0]

        wave = Wave.objects.get()
        assert (wave.code, wave.plan, wave.invitations.count()) == ("quarterly-202603", made, 1)
        made.refresh_from_db()
        assert made.next_on == date(2026, 6, 30)
        assert Notice.objects.get(kind="listen.wave_begun_by_itself").person_id == chen().pk

    def test_that_cannot_be_drawn_says_why_and_goes_on(self):
        made = plan(begins="months", every_months=1, next_on=date(2026, 3, 4), frame={"from": "cases"})
        standing.begin_due(NOON)
        made.refresh_from_db()
        assert "Nobody is left" in made.trouble
        assert made.next_on == date(2026, 4, 4)
        assert Notice.objects.get().person_id == chen().pk


class TestAnEvent:
    def test_invites_whom_it_happened_to_once_and_not_too_often(self):
        (who,) = people("A")
        plan(begins="contact_made")
        held = NOON + timedelta(hours=1)
        for at in (NOON - WEEK, held, held + WEEK):  # before the plan; asked; asked lately
            Contact.objects.create(
                customer=who, kind="visit", owner=he(), state="made", made_at=at, outcome="good"
            )
            standing.begin_due(max(at, NOON) + timedelta(minutes=1))
            standing.begin_due(max(at, NOON) + timedelta(minutes=2))

        invitation = Invitation.objects.get()
        assert (invitation.customer, invitation.contact.made_at, invitation.state) == (who, held, "waiting")
        assert invitation.wave.code == "quarterly-2026q1"

    def test_asks_one_in_so_many(self):
        everybody = people(*"A" * 60)
        plan(begins="contact_made", one_in=4)
        Contact.objects.bulk_create(
            Contact(customer=each, kind="call", owner=he(), state="made", made_at=NOON + timedelta(minutes=1))
            for each in everybody
        )
        standing.begin_due(NOON + timedelta(minutes=5))
        assert 5 <= Invitation.objects.count() <= 27  # 15 to be expected, ± 3.5 standard deviations


class TestTheFollowUp:
    def begun(self):
        plan("after", LOW, begins="case_closed", is_follow_up=True)
        case = closed_case_of(people("A")[0])
        found = FollowUp.objects.get(case=case)
        FollowUp.objects.filter(pk=found.pk).update(planned_for=NOON + WEEK)
        assert standing.begin_due(NOON + timedelta(days=1)) == 0
        assert standing.begin_due(NOON + WEEK) == 1
        return case, found

    def answer(self, value: str) -> None:
        invitation, token = Invitation.objects.get(), "t"
        Invitation.objects.filter(pk=invitation.pk).update(token_hash=waves.hashed(token))
        now = NOON + WEEK
        answering.answer_page(
            answering.invitation_of(token), token, 0, {"handled": value}, language="en", now=now
        )

    def test_is_done_by_a_good_answer(self):
        case, found = self.begun()
        self.answer("5")
        found.refresh_from_db()
        case.refresh_from_db()
        assert (found.outcome, found.done_by, case.state) == ("satisfied", None, "closed")
        assert ": 5/5" in found.comment  # what was answered, for whoever reads the case

    def test_is_done_by_a_low_one_which_opens_the_case_again(self):
        case, found = self.begun()
        self.answer("1")
        found.refresh_from_db()
        case.refresh_from_db()
        assert (found.outcome, case.state) == ("dissatisfied", "open")

    def test_needs_a_question_that_tells_satisfied_from_not(self):
        with pytest.raises(CannotListen, match="satisfied from not"):
            plan(begins="case_closed", is_follow_up=True)


class TestTheMailOfAPlan:
    def test_is_let_go_like_any_other(self):
        asking.change_rules(quiet_days=30, quiet_from=None, quiet_to=None, by=None, now=NOON)
        (who,) = people("A")
        plan(begins="contact_made")
        at = make.at("10:00", day=5)
        Contact.objects.create(customer=who, kind="visit", owner=he(), state="made", made_at=at)
        standing.begin_due(at)
        inviting.post_due(at)
        assert Invitation.objects.get().state == "posted"
