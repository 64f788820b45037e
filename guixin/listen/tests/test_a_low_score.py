"""A low score opens work: the case it is about, or a new one, with the answers in it; once, and for nobody unknown."""

from datetime import timedelta

import pytest

from guixin.listen import answering, waves
from guixin.listen.low_scores import too_low
from guixin.listen.models import Invitation, Response
from guixin.listen.questions import CannotAsk, Sheet
from guixin.listen.tests.make import ASKS, NOON, chen, he, published
from guixin.listen.waves import Invited
from guixin.promise.models import Escalation
from guixin.serve.merging import merge
from guixin.serve.models import Case, FollowUp
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db
LOW = {"questions": [ASKS["questions"][0] | {"opens_at": 2}, *ASKS["questions"][1:]]}
LATER = NOON + timedelta(hours=1)


def answered(invited: Invited, *, is_anonymous=False, code="march", bought=None, **answers) -> Response:
    wave = waves.open_wave(
        published(LOW, code=code).questionnaire, name="三月", code=code, owner=chen(), by=he(), now=NOON,
        is_anonymous=is_anonymous,
    )  # fmt: skip
    (link,) = waves.invite(wave, [invited], by=he(), now=NOON)
    token = link.rpartition("/")[2]
    Invitation.objects.filter(wave=wave).update(purchase=bought)  # as of a wave whose frame is purchases
    invitation = answering.invitation_of(token)
    answering.answer_page(invitation, token, 0, answers, language="zh-hans", now=LATER)
    return Response.objects.get(wave=wave)


class TestALowScore:
    def test_about_a_closed_case_opens_it_again_and_climbs(self):
        case = make.closed_case()

        response = answered(Invited(case=case), overall="2", why="太慢", words="等了三天")

        case.refresh_from_db()
        assert (case.state, case.generation) == (Case.State.OPEN, 2)
        assert response.case == case
        assert Escalation.objects.filter(case_id=case.pk).exists()
        assert FollowUp.objects.get(case=case).outcome == FollowUp.Outcome.DISSATISFIED
        assert "等了三天" in FollowUp.objects.get(case=case).comment
        assert Case.objects.count() == 1

    def test_about_an_open_case_is_told_there(self):
        case = make.case()

        answered(Invited(case=case), overall="1", words="还没有人来")

        assert "还没有人来" in case.messages.latest("pk").body
        assert Case.objects.count() == 1

    def test_of_a_customer_opens_a_case_under_their_promises(self):
        make.standards()
        customer = make.customer(grade="A")

        response = answered(Invited(customer=customer), overall="1", why="结果不好")

        case = Case.objects.get()
        assert (case.customer, case.kind, case.grade) == (customer, Case.Kind.COMPLAINT, "A")
        assert response.case == case
        assert case.story.splitlines()[0].endswith("1/5")
        assert "结果不好" in case.story
        assert make.clock(case, "reply").is_open

    def test_about_a_purchase_opens_a_case_that_names_it(self):
        bought = make.purchase(make.customer(), "D-1001")

        answered(Invited(customer=bought.customer), bought=bought, overall="1")

        named = Case.objects.get().named_purchases.get()
        assert (named.purchase, named.how) == (bought, "asked")

    def test_about_a_case_is_about_the_one_purchase_it_names(self):
        bought = make.purchase(make.customer(), "D-1001")
        assert answered(Invited(case=make.case(story="订单D-1001")), overall="5").purchase == bought

    def test_about_a_case_that_was_merged_is_told_at_the_one_that_remains(self):
        case, remaining = make.case(), make.case()
        merge(case, remaining, by=make.wang(), now=NOON)
        case.refresh_from_db()

        response = answered(Invited(case=case), overall="1", words="还是不行")

        assert response.case == remaining
        assert "还是不行" in remaining.messages.latest("pk").body
        assert not Case.objects.exclude(pk__in=[case.pk, remaining.pk]).exists()

    def test_above_its_limit_opens_nothing(self):
        answered(Invited(customer=make.customer()), overall="3")

        assert not Case.objects.exists()

    def test_of_nobody_we_know_opens_nothing(self):
        answered(Invited(), overall="1")
        answered(Invited(customer=make.customer()), is_anonymous=True, code="april", overall="1")

        assert not Case.objects.exists()


class TestALimit:
    @pytest.mark.parametrize("limit", [5, 0, "2", True])
    def test_is_a_point_below_the_highest(self, limit):
        with pytest.raises(CannotAsk):
            Sheet.read({"questions": [ASKS["questions"][0] | {"opens_at": limit}]})

    def test_belongs_to_a_scale(self):
        with pytest.raises(CannotAsk):
            Sheet.read({"questions": [{"code": "words", "label": "？", "kind": "text", "opens_at": 2}]})

    def test_stays_with_the_version(self):
        sheet = Sheet.read(Sheet.read(LOW).as_json())

        assert too_low(sheet, {"overall": "2"}).code == "overall"
        assert too_low(sheet, {"overall": "3"}) is None
        assert too_low(sheet, {}) is None
