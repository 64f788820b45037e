"""Answering by a link: looking stores nothing, pages are kept as they come, and each link counts once."""

from datetime import date, timedelta

import pytest

from guixin.ledger.models import Entry
from guixin.listen import answering, waves
from guixin.listen.answering import AnsweredAlready, CannotAnswer, LinkEnded
from guixin.listen.models import Answer, Invitation, Response
from guixin.listen.questions import Sheet
from guixin.listen.tests.make import NOON, chen, he, published
from guixin.listen.waves import Invited, NotPossibleNow
from guixin.serve.merging import merge
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db
NOBODY = Invited()
LONG = {"questions": [{"code": f"q{n}", "label": f"第{n}题", "required": n == 1} for n in range(1, 11)]}


def wave(asks=None, **said):
    questionnaire = published(asks).questionnaire
    return waves.open_wave(
        questionnaire, **{"name": "三月", "code": "march", "owner": chen(), "by": he(), "now": NOON, **said}
    )


def token_of(found, invited=NOBODY, **said) -> str:
    (link,) = waves.invite(found, [invited], by=he(), now=NOON, **said)
    return link.rpartition("/")[2]


def send(token, page=0, now=NOON, **answers) -> bool:
    invitation = answering.invitation_of(token)
    return answering.answer_page(invitation, token, page, answers, language="zh-hans", now=now)


class TestAnAnswer:
    def test_is_tied_to_the_case_and_its_customer(self):
        case = make.case()
        token = token_of(wave(), Invited(case=case))

        assert send(token, overall="1", why="太慢", words="等了三天")

        response = Response.objects.get()
        assert (response.case, response.customer) == (case, case.customer)
        assert response.completed_at == NOON
        said = dict(response.answers.values_list("question__code", "value"))
        assert said == {"overall": 1, "why": None, "words": None}
        entry = Entry.objects.get(kind="listen.customer_answered")
        assert (entry.about_kind, entry.about_id) == ("customer", case.customer_id)
        assert "等了三天" not in str(entry.facts)

    def test_lands_on_the_case_that_remains_when_two_are_merged_meanwhile(self):
        case, remaining = make.case(), make.case()
        token = token_of(wave(LONG), Invited(case=case))
        send(token, q1="7")
        merge(case, remaining, by=make.wang(), now=NOON)

        send(token, page=1, q9="2")

        assert Response.objects.get().case == remaining

    def test_to_what_was_not_asked_is_left_out(self):
        token = token_of(wave())
        send(token, overall="5", why="太慢")

        assert list(Answer.objects.values_list("question__code", flat=True)) == ["overall"]

    def test_counts_once(self):
        token = token_of(wave())
        send(token, overall="5")

        with pytest.raises(AnsweredAlready):
            send(token, overall="1")
        assert Answer.objects.get().value == 5

    def test_is_refused_where_it_is_no_point_or_missing(self):
        token = token_of(wave())

        for wrong in ({"overall": "6"}, {"overall": ""}, {"overall": "５"}):
            with pytest.raises(CannotAnswer) as refused:
                send(token, **wrong)
            assert list(refused.value.errors) == ["overall"]
        assert not Response.objects.exists()

    def test_goes_on_where_it_was_interrupted(self):
        token = token_of(wave(LONG))
        assert not send(token, q1="7", q2="3")

        response = Response.objects.get()
        assert response.completed_at is None
        said = answering.answers_of(response)
        sheet = Sheet.read(LONG)
        assert said == {"q1": "7", "q2": "3"}
        assert answering.page_to_resume(answering.pages_of(sheet), said) == 1

        assert send(token, page=1, q9="2")
        assert Response.objects.get().completed_at == NOON
        assert Answer.objects.count() == 3

    def test_is_not_sent_past_a_question_that_must_be_answered(self):
        with pytest.raises(CannotAnswer):
            send(token_of(wave(LONG)), page=1, q9="2")


class TestALink:
    @pytest.mark.parametrize("end", ["taken back", "ended", "closed", "over"])
    def test_that_ended_says_so(self, end):
        found = wave(ends_on=NOON.date() + timedelta(days=9))
        token, now = token_of(found, expires_at=NOON + timedelta(days=2)), NOON
        if end == "taken back":
            assert waves.withdraw_links(found, by=he(), now=NOON) == 1
        elif end == "closed":
            waves.close(found, by=he(), now=NOON)
        elif end == "ended":
            now = NOON + timedelta(days=3)
        else:
            waves.describe(found, {"ends_on": date(2020, 1, 1)}, by=he(), now=NOON)

        with pytest.raises(LinkEnded):
            send(token, now=now, overall="5")
        assert not Response.objects.exists()

    def test_that_is_forwarded_stays_one_answer(self):
        """Whoever opens it on another device sees what was begun and goes on; once it is sent, both are told so."""
        token = token_of(wave(LONG))
        send(token, q1="7")
        elsewhere = answering.invitation_of(token)
        assert answering.answers_of(answering.begun(elsewhere, token)) == {"q1": "7"}

        assert answering.answer_page(elsewhere, token, 1, {"q9": "2"}, language="en", now=NOON)
        with pytest.raises(AnsweredAlready, match="each link counts once"):
            send(token, page=1, q9="5")
        assert Response.objects.count() == 1

    def test_is_kept_as_a_hash_alone(self):
        token = token_of(wave())
        assert token not in str(Invitation.objects.values().get())
        assert answering.invitation_of(token[:-1]) is None

    def test_is_not_made_for_a_closed_wave(self):
        found = wave()
        waves.close(found, by=he(), now=NOON)
        found.refresh_from_db()
        with pytest.raises(NotPossibleNow):
            token_of(found)


class TestAnAnonymousWave:
    def test_leads_from_no_answer_to_anybody(self):
        case = make.case()
        token = token_of(wave(is_anonymous=True), Invited(case=case))
        send(token, overall="2")

        response, invitation = Response.objects.get(), Invitation.objects.get()
        assert (response.case, response.customer, response.contact) == (None, None, None)
        assert response.begun_at == response.completed_at
        assert response.completed_at.astimezone().timetuple()[3:6] == (0, 0, 0)
        assert invitation.token_hash not in response.key
        entry = Entry.objects.get(kind="listen.customer_answered")
        assert (entry.about_kind, entry.facts["response_id"]) == ("wave", None)
