"""Invitations to a survey leave by mail, each once, and what becomes of them is known."""

import re
import smtplib
from datetime import time, timedelta

import pytest

from guixin.channels import survey_mail
from guixin.ledger.clock import set_virtual_clock
from guixin.ledger.models import Entry, Outgoing
from guixin.ledger.outbox import deliver_next
from guixin.listen import answering, asking, inviting, sampling, waves
from guixin.listen.models import Invitation, Response, Sample
from guixin.listen.sampling import Plan
from guixin.listen.tests.make import he, people, wave
from guixin.serve.tests import make
from guixin.understand import consenting

pytestmark = pytest.mark.django_db
TEN = make.at("10:00")
WEEK = timedelta(days=7)
EVERYBODY = {"from": "segment", "segment": "everybody"}


@pytest.fixture
def office(settings, monkeypatch):
    """A post office that keeps what it is handed, or refuses the address."""

    class Office:
        refuses = False
        mails: list = []

        def __enter__(self):
            return self

        def __exit__(self, *_problem):
            return None

        def send_message(self, mail):
            if self.refuses:
                raise smtplib.SMTPRecipientsRefused({mail["To"]: (550, b"no such user")})
            self.mails.append(mail)

    Office.mails = []
    settings.SMTP_URL = "smtp://127.0.0.1:1"
    monkeypatch.setattr(survey_mail, "post_office", Office)
    return Office


def asked(found, frame=EVERYBODY, now=TEN, **said):
    sampling.keep_plan(found, Plan(frame, **said), by=he(), now=now)
    sampling.draw(found, by=he(), now=now)
    return found


def work(now) -> None:
    """A worker's round at this moment."""
    set_virtual_clock(now)
    while inviting.post_due(now):
        pass
    while deliver_next(now):
        pass


def token_in(mail) -> str:
    return re.search(r"/a/([\w-]+)\n", mail.get_content())[1]


class TestAnInvitation:
    def test_leaves_once_with_a_link_that_answers(self, office):
        (who,) = people("A")
        case = make.case(customer=who)
        found = asked(wave(), {"from": "cases"})

        work(TEN)
        work(TEN + timedelta(hours=1))

        (mail,) = office.mails
        assert case.number in mail["Subject"]
        token = token_in(mail)
        assert mail["List-Unsubscribe"] == f"<{waves.link(token)}/no-more>"
        invitation = Invitation.objects.get()
        assert (invitation.state, invitation.sent_at, invitation.next_at) == ("sent", TEN, None)
        assert token not in str(Outgoing.objects.values()) + str(Invitation.objects.values())
        answering.answer_page(
            answering.invitation_of(token), token, 0, {"overall": "5"}, language="en", now=TEN
        )
        assert Response.objects.get().case == case
        assert Entry.objects.get(kind="listen.customer_asked").about_id == who.pk
        assert inviting.progress(found).is_done

    def test_killed_before_the_letter_was_settled_goes_again_with_the_same_link(self, office, monkeypatch):
        people("A")
        asked(wave())
        monkeypatch.setattr(inviting, "sent", lambda *_args, **_more: 1 / 0)  # after the office took it
        work(TEN)
        monkeypatch.undo()
        again = survey_mail.post_office
        monkeypatch.setattr(survey_mail, "post_office", office)

        work(TEN + timedelta(minutes=1))

        assert again is not office
        first, second = office.mails
        assert first["Message-ID"] == second["Message-ID"]
        assert token_in(first) == token_in(second)
        assert Invitation.objects.get().state == "sent"

    def test_waits_for_the_hours_of_the_firm_and_of_the_customer(self, office):
        early, late = people("A", "A")
        late.reach_from, late.reach_to = time(15), time(17)
        late.save(update_fields=["reach_from", "reach_to"])
        asking.change_rules(quiet_days=90, quiet_from=time(9), quiet_to=time(11), by=None, now=TEN)
        asked(wave())

        work(TEN)
        assert not office.mails
        work(make.at("11:00"))
        assert [each["To"] for each in office.mails] == [f"c{early.pk}@example.com"]
        work(make.at("15:00"))
        assert len(office.mails) == 2

    @pytest.mark.parametrize("why", ["consent", "closed", "bounced", "stopped"])
    def test_is_not_sent_where_it_no_longer_should(self, office, why):
        (who,) = people("A")
        found = asked(wave())
        if why == "consent":
            consenting.withdraw(who, "survey", by=None, now=TEN)
        elif why == "closed":
            waves.close(found, by=he(), now=TEN)
        elif why == "stopped":
            inviting.stop(found, by=he(), now=TEN)
        office.refuses = why == "bounced"

        work(TEN)

        assert not office.mails
        invitation = Invitation.objects.get()
        assert (invitation.state, invitation.reason) == (
            ("waiting", "") if why == "stopped" else ("not_sent", why)
        )
        if why == "stopped":
            inviting.go_on(found, by=he(), now=TEN)
            work(TEN)
            assert len(office.mails) == 1


class TestAReminder:
    def test_goes_once_to_whoever_has_not_answered(self, office):
        people("A", "A")
        asked(wave(), remind_after_days=7)
        work(TEN)
        token = token_in(office.mails[0])
        answering.answer_page(
            answering.invitation_of(token), token, 0, {"overall": "5"}, language="en", now=TEN
        )

        for days in (6, 7, 14):
            work(TEN + timedelta(days=days))

        assert len(office.mails) == 3
        reminder = office.mails[2]
        assert token_in(reminder) == token_in(office.mails[1]) != token
        assert reminder["Message-ID"] != office.mails[1]["Message-ID"]

    def test_is_left_out_where_a_quota_is_full(self, office):
        people("A", "A", "B")
        found = asked(wave(), by="grade", quotas={"A": 1, "B": 1}, remind_after_days=7)
        work(TEN)
        assert len(office.mails) == 3
        (first,) = [
            each
            for each in office.mails
            if each["To"] == f"c{found.invitations.filter(stratum='A').first().customer_id}@example.com"
        ]
        token = token_in(first)
        answering.answer_page(
            answering.invitation_of(token), token, 0, {"overall": "5"}, language="en", now=TEN
        )

        work(TEN + WEEK)

        assert len(office.mails) == 4  # B alone is reminded
        assert Response.objects.get().stratum == "A"


class TestAnAnonymousWave:
    def test_forgets_what_leads_from_the_mail_to_the_answer(self, office):
        people("A", "B")
        found = asked(wave(is_anonymous=True), by="grade")
        assert Sample.objects.get(wave=found).seal
        work(TEN)

        assert Sample.objects.get(wave=found).seal == ""
        token = token_in(office.mails[0])
        answering.answer_page(
            answering.invitation_of(token), token, 0, {"overall": "5"}, language="en", now=TEN
        )
        response = Response.objects.get()
        assert (response.customer, response.stratum) == (None, "")

    def test_reminds_nobody(self):
        people("A")
        with pytest.raises(waves.CannotListen, match="reminds nobody"):
            asked(wave(is_anonymous=True), remind_after_days=7)
