"""Waves begin by themselves: on their day, upon an event, and as the follow-up of a case."""

from datetime import date, timedelta

import pytest

from guixin.channels.models import Notice
from guixin.ledger.models import Entry
from guixin.listen import answering, asking, hanging_up, inviting, standing, waves
from guixin.listen.models import Invitation, Wave, WavePlace, WavePlan
from guixin.listen.tests.make import NOON, chen, everybody, he, people, published
from guixin.listen.waves import CannotListen
from guixin.serve.models import FollowUp, OpinionPoint, Term
from guixin.serve.tests import make
from guixin.understand.models import Contact, Customer, Identity, Membership, Segment

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


class TestAWaveAtThePlacesOfItsPlan:
    def test_takes_over_from_the_one_before(self):
        people("A", "A")
        lobby = OpinionPoint.objects.create(code="lobby", name="大厅", made_at=NOON)
        plan(begins="months", every_months=1, next_on=date(2026, 3, 4), frame=FRAME, places=["lobby"])
        standing.begin_due(NOON)
        first = hanging_up.asked_at("lobby", NOON)
        Invitation.objects.all().delete()  # nobody was asked lately
        later = NOON + timedelta(days=31)
        standing.begin_due(later)
        assert [first.wave.code, hanging_up.asked_at("lobby", later).wave.code] == [
            "quarterly-202603", "quarterly-202604",
        ]  # fmt: skip
        assert WavePlace.objects.filter(point=lobby).count() == 2

    def test_leaves_another_wave_where_it_hangs_and_says_so(self):
        people("A")
        made = plan(begins="contact_made")
        OpinionPoint.objects.create(code="hall", name="展厅", made_at=NOON)
        lobby = OpinionPoint.objects.create(code="lobby", name="大厅", made_at=NOON)
        other = waves.open_wave(
            made.questionnaire, name="别的", code="other", owner=chen(), by=he(), now=NOON
        )
        hanging_up.hang_up(other, lobby, by=he(), now=NOON)
        standing.keep(made.code, standing_words(made) | {"places": ["lobby", "hall"]}, by=he(), now=NOON)
        Contact.objects.create(
            customer=Customer.objects.first(), kind="visit", owner=he(), state="made", made_at=NOON + WEEK
        )
        standing.begin_due(NOON + WEEK)
        made.refresh_from_db()
        assert Invitation.objects.get().wave == hanging_up.asked_at("hall", NOON + WEEK).wave
        assert hanging_up.asked_at("lobby", NOON + WEEK).wave == other
        assert "别的" in made.trouble
        assert "别的" in Entry.objects.get(kind="listen.wave_begun_by_itself").facts["trouble"]

    def test_is_asked_at_no_place_that_is_none(self):
        with pytest.raises(CannotListen, match="No card hangs"):
            plan(begins="contact_made", places=["nowhere"])


def standing_words(made: WavePlan) -> dict:
    return {name: getattr(made, name) for name in standing.KEPT}


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


class TestAPlanThatIsNarrowed:
    def closed(self, **said):
        customer = people("A")[0]
        return make.closed_case(customer=customer, **said)

    def test_asks_about_what_it_names_alone(self):
        everybody()
        make.terms()
        for code in ("delivery/late", "deliveries"):
            Term.objects.create(list="category", code=code, name=code)
        plan(
            begins="case_closed",
            only={"kinds": ["complaint"], "category": "delivery", "segment": "everybody"},
        )
        wanted = self.closed(kind="complaint", category="delivery/late")
        self.closed(kind="enquiry", category="delivery")
        self.closed(kind="complaint", category="deliveries")
        other = self.closed(kind="complaint", category="delivery")
        Membership.objects.filter(customer=other.customer).update(until=NOON)

        standing.begin_due(NOON + timedelta(minutes=5))

        assert [each.case for each in Invitation.objects.all()] == [wanted]

    @pytest.mark.parametrize(("department", "asked"), [("logistics", 0), ("quality", 1), ("firm", 1)])
    def test_asks_about_cases_a_department_or_one_below_it_had(self, department, asked):
        self.closed()
        plan(begins="case_closed", only={"department": department})
        assert standing.begin_due(NOON + timedelta(minutes=5)) == asked

    @pytest.mark.parametrize(
        ("begins", "only", "words"),
        [
            ("purchased", {"kinds": ["complaint"]}, "does not narrow"),
            ("case_closed", {"kinds": ["visits"]}, "none of the kinds"),
            ("case_closed", {"category": "nowhere"}, "no category"),
            ("contact_made", {"segment": "nobody"}, "no segment"),
        ],
    )
    def test_names_what_there_is(self, begins, only, words):
        with pytest.raises(CannotListen, match=words):
            plan(begins=begins, only=only)

    def test_says_why_it_cannot_when_its_segment_is_gone(self):
        made = plan(begins="case_closed", only={"segment": everybody().code})
        Segment.objects.update(published_at=None)
        self.closed()
        for minutes in (5, 6):
            standing.begin_due(NOON + timedelta(minutes=minutes))
        made.refresh_from_db()
        assert "no segment" in made.trouble
        assert Notice.objects.get(kind="listen.wave_begun_by_itself").person_id == chen().pk


class TestWhomAPlanWouldAsk:
    def test_is_told_with_the_rules_of_asking(self):
        made = plan(begins="contact_made")
        asked, lately, silent = people("A", "A", "A")
        Identity.objects.filter(customer=silent).delete()
        for who in (asked, lately, silent):
            Contact.objects.create(
                customer=who, kind="call", owner=he(), state="made", made_at=NOON - WEEK, outcome="good"
            )
        other = waves.open_wave(
            made.questionnaire, code="other", name="别的", owner=chen(), by=None, now=NOON
        )
        waves.invite(other, [waves.Invited(customer=lately)], by=None, now=NOON)

        seen = standing.foreseen(made, NOON)

        assert (seen.people, seen.asked, seen.left_out) == (3, 1, {"fatigue": 1, "address": 1})
        assert Invitation.objects.count() == 1

    def test_is_told_of_a_plan_by_months_as_of_its_sample(self):
        people("A", "B")
        made = plan(begins="months", next_on=date(2026, 3, 31), frame=FRAME, size=1)
        seen = standing.foreseen(made, NOON)
        assert (seen.people, seen.asked) == (2, 1)
        made.questionnaire.versions.update(withdrawn_at=NOON)
        assert "Publish the questionnaire" in standing.foreseen(made, NOON).problem


class TestChangingAPlan:
    def test_moves_its_version_and_stands_in_the_ledger(self):
        made = plan(begins="case_closed", one_in=2)
        said = {"name": "季度", "owner": chen(), "questionnaire": made.questionnaire, "begins": "case_closed"}
        kept, differs = standing.keep(made.code, {**said, "one_in": 2}, by=he(), now=NOON)
        assert not differs
        kept, _differs = standing.keep(made.code, {**said, "one_in": 4}, by=he(), now=NOON)
        entries = Entry.objects.filter(kind="listen.wave_plan_changed").order_by("pk")
        assert kept.number == 2
        assert [each.facts["says"]["one_in"] for each in entries] == [2, 4]

    def test_to_another_event_does_not_ask_about_the_past(self):
        make.closed_case(customer=people("A")[0])
        made = plan(begins="months", next_on=date(2026, 6, 1), frame=FRAME)
        later = NOON + WEEK
        said = {"name": "季度", "owner": chen(), "questionnaire": made.questionnaire, "begins": "case_closed"}
        standing.keep(made.code, said, by=he(), now=later)
        assert standing.begin_due(later) == 0

    def test_stopped_it_makes_up_for_nothing_when_it_runs_again(self):
        people("A")
        made = plan(begins="months", every_months=1, next_on=date(2026, 3, 31), frame=FRAME)
        standing.withdraw(made, by=he(), now=NOON)
        later = NOON + timedelta(days=60)
        assert standing.begin_due(later) == 0
        standing.restore(made, by=he(), now=later)
        made.refresh_from_db()
        assert (made.withdrawn_at, made.next_on) == (None, date(2026, 5, 30))
        assert standing.begin_due(later) == 0
