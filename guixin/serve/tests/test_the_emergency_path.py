"""The emergency path breaks the normal procedure openly, has its own clocks, and is always reviewed by somebody else."""

import pytest

from guixin.channels.models import Notice
from guixin.organisation.authority import NoAuthorityFor
from guixin.organisation.tests import make as firm
from guixin.organisation.tests.make import line
from guixin.promise import authorising
from guixin.promise.keeping import fire_due
from guixin.promise.models import AuthorityRequest, Clock, Escalation
from guixin.serve import closing, emergencies, replying
from guixin.serve.emergencies import CannotReview, CannotTakeThePath
from guixin.serve.models import Case, Emergency
from guixin.serve.tests import make
from guixin.serve.tests.make import NOON, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    firm.authority_table(
        line("emergency", 1, 0), line("emergency", 2, 1, limit_period=2), line("emergency", 4, None)
    )
    return make.case(departments=[make.quality().pk])


def take(case, by=None, reason="客户产线停了", **more) -> Emergency:
    emergency = emergencies.take_the_path(case, reason=reason, by=by or make.he(), now=NOON, **more)
    return Emergency.objects.get(pk=emergency.pk)


class TestTakingThePath:
    def test_begins_clocks_of_its_own_at_once(self, case):
        emergency = take(case)
        own = Clock.objects.get(about_kind="emergency", about_id=emergency.pk)
        review = Clock.objects.get(about_kind="emergency_review", about_id=emergency.pk)
        assert (own.case_id, own.holder_id, review.case_id) == (case.pk, case.owner_id, None)
        assert own.due_at == at("13:00")  # round the clock: nobody waits for the end of lunch
        assert Case.objects.get(pk=case.pk).emergency_since == NOON

    def test_tells_those_it_concerns_and_those_named(self, case):
        take(case, also_tell=[make.zhao()])
        told = set(
            Notice.objects.filter(kind="serve.emergency_begun").values_list("person__login", flat=True)
        )
        assert {"wang", "li", "wu", "zhao", "sun"} <= told

    def test_tells_the_customer_on_their_page(self, case):
        take(case)
        assert case.messages.filter(body__regex="emergency|紧急").exists()

    def test_is_asked_for_where_the_authority_does_not_suffice(self, case):
        emergency = take(case, by=make.wang())
        request = AuthorityRequest.objects.get()
        assert (emergency.state, request.to_person) == ("asked", make.he())
        authorising.approve(request, by=make.he(), now=at("12:05"))
        emergency.refresh_from_db()
        assert (emergency.state, emergency.begun_at) == ("running", at("12:05"))

    def test_is_refused_in_words(self, case):
        with pytest.raises(CannotTakeThePath, match="what makes it an emergency"):
            take(case, reason=" ")
        take(case)
        with pytest.raises(CannotTakeThePath, match="already"):
            take(case)

    def test_is_refused_to_those_the_table_does_not_name(self):
        firm.authority_table(line("emergency", 4, None))
        with pytest.raises(NoAuthorityFor, match="not yours"):
            take(make.case())

    def test_too_often_must_be_asked_for(self, case):
        take(case)
        take(make.case())
        assert take(make.case()).state == "asked"

    def test_ends_in_hand_or_with_the_case(self, case):
        emergency = emergencies.in_hand(take(case), "已派车", by=make.wang(), now=at("12:20"))
        assert Clock.objects.get(about_kind="emergency", about_id=emergency.pk).state == "met"
        assert Case.objects.get(pk=case.pk).emergency_since is None

        other = make.case(kind="enquiry")
        take(other)
        replying.reply(other, "好了", by=make.wang(), now=at("12:30"))
        closing.close(other, by=make.wang(), now=at("12:40"))
        assert Emergency.objects.get(case=other).state == "in_hand"
        assert Clock.objects.filter(about_kind="emergency_review", case_id=None).open().count() == 2


class TestTheReview:
    def test_is_by_somebody_who_had_no_part_in_it(self, case):
        emergency = take(case)
        assert emergency.reviewer == make.sun()
        with pytest.raises(CannotReview, match="took part"):
            emergencies.review(emergency, "justified", "没什么", by=make.he(), now=NOON)

    def test_is_by_another_also_for_the_top_of_the_firm(self, case):
        assert take(case, by=make.sun()).reviewer == make.chen()

    def test_needs_both_its_answers_and_happens_once(self, case):
        emergency = take(case)
        for verdict, learnt, words in (("", "备件", "justified"), ("justified", " ", "learnt")):
            with pytest.raises(CannotReview, match=words):
                emergencies.review(emergency, verdict, learnt, by=make.sun(), now=NOON)
        emergencies.review(emergency, "not_justified", "应走正常流程", by=make.sun(), now=at("13:30"))
        assert Clock.objects.get(about_kind="emergency_review").state == "met"
        with pytest.raises(CannotReview, match="already"):
            emergencies.review(emergency, "justified", "又想了想", by=make.sun(), now=at("13:40"))

    def test_climbs_when_it_is_not_written(self, case):
        firm.away(make.sun(), at("09:00"), at("18:00", day=30), deputy=make.chen())
        emergency = take(case)
        fire_due(at("12:00", day=30))
        raised = Escalation.objects.raised().filter(clock__about_kind="emergency_review")
        assert raised.exists()
        assert Emergency.objects.visible_to(raised.latest("pk").to_person).filter(pk=emergency.pk).exists()

    def test_is_counted_by_person(self, case):
        emergencies.review(take(case), "justified", "备件", by=make.sun(), now=NOON)
        take(make.case())
        (row,) = emergencies.uses_by_person(Emergency.objects.all())
        assert (row.person, row.uses, row.justified, row.to_review) == (make.he(), 2, 1, 1)
