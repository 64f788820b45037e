"""Messages of communication plans leave by mail or by the firm's gateway, once, and what happens to them is known."""

import json
import smtplib
from datetime import timedelta

import pytest

from guixin.channels import customer_messages
from guixin.channels.webhooks import sending
from guixin.channels.webhooks.tests.test_telling_programs import receiver
from guixin.ledger.clock import set_virtual_clock
from guixin.ledger.models import Entry, Outgoing
from guixin.ledger.outbox import deliver_next
from guixin.organisation.tests import make as firm
from guixin.promise import answering, communication
from guixin.promise.models import PlanMessage
from guixin.promise.tests import make_plans as make
from guixin.promise.tests.make_plans import SOON
from guixin.understand import consenting
from guixin.understand.models import Contact

__all__ = ["receiver"]
pytestmark = pytest.mark.django_db
State, Reason = PlanMessage.State, PlanMessage.Reason


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
    monkeypatch.setattr(customer_messages, "post_office", Office)
    set_virtual_clock(SOON)
    return Office


def posted(channel: str = "email", **who) -> PlanMessage:
    make.plan(make.line(channel=channel))
    make.enters(make.customer(**who))
    make.work()
    return make.the_message()


class TestAMail:
    def test_carries_words_and_a_way_to_opt_out(self, office):
        message = posted()

        deliver_next(SOON)

        (mail,) = office.mails
        link = f"/opt-out/{answering.opt_out_token(message)}"
        assert mail["To"] == "zhang@example.com"
        assert link in mail.get_content()
        assert mail["List-Unsubscribe"].endswith(f"{link}>")
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    def test_that_left_stands_among_the_contacts(self, office):
        who = posted().customer

        deliver_next(SOON)

        contact = Contact.objects.get(customer=who)
        assert (contact.kind, contact.state) == ("message", "made")
        assert make.the_message().state == State.SENT
        assert make.the_message().contact == contact
        assert Entry.objects.filter(kind="promise.plan_message_sent").count() == 1

    def test_leaves_once(self, office):
        posted()

        for minutes in range(3):
            deliver_next(SOON + timedelta(minutes=minutes))

        assert len(office.mails) == 1

    def test_refused_for_good_says_so(self, office):
        office.refuses = True
        posted()

        deliver_next(SOON)

        message = make.the_message()
        assert (message.state, message.reason, message.detail) == (State.NOT_SENT, Reason.BOUNCED, "550")
        assert not Contact.objects.exists()

    def test_no_longer_wanted_meanwhile_does_not_leave(self, office):
        consenting.withdraw(posted().customer, "service", by=firm.wang(), now=SOON)

        deliver_next(SOON)

        assert (make.the_message().reason, office.mails) == (Reason.CONSENT, [])

    def test_of_a_plan_withdrawn_meanwhile_does_not_leave(self, office):
        communication.withdraw(posted().plan, by=firm.chen(), now=SOON)

        deliver_next(SOON)

        assert (make.the_message().reason, office.mails) == (Reason.PLAN, [])

    def test_held_up_into_the_quiet_hours_waits(self, office):
        message = posted()
        message.plan.versions.update(quiet_from="11:00", quiet_to="18:00")

        deliver_next(SOON)

        assert (Outgoing.objects.get().state, office.mails) == (Outgoing.State.WAITING, [])

    def test_without_a_post_office_waits_for_one(self, office, settings):
        posted()
        settings.SMTP_URL = ""

        deliver_next(SOON)
        assert Outgoing.objects.get().state == Outgoing.State.WAITING

        settings.SMTP_URL = "smtp://127.0.0.1:1"
        deliver_next(SOON + timedelta(hours=1))
        assert len(office.mails) == 1


class TestTheGateway:
    @pytest.fixture(autouse=True)
    def _set(self, settings, receiver):
        settings.GATEWAY_URL, settings.GATEWAY_SECRET = receiver.url, "shared"
        set_virtual_clock(SOON)

    def test_is_called_signed_with_the_address(self, receiver):
        posted("sms", phone="+8613800138000")

        deliver_next(SOON)

        ((headers, body),) = receiver.told
        says = json.loads(body)
        assert (says["channel"], says["to"]) == ("sms", "+8613800138000")
        assert "/opt-out/" in says["opt_out"]
        signed = sending.signature(b"shared", headers["webhook-id"], int(headers["webhook-timestamp"]), body)
        assert headers["webhook-signature"] == signed
        assert make.the_message().state == State.SENT

    def test_that_is_down_is_tried_again(self, receiver):
        receiver.status = 503
        posted("sms", phone="+8613800138000")

        deliver_next(SOON)
        assert make.the_message().state == State.POSTED

        receiver.status = 200
        deliver_next(SOON + timedelta(hours=1))
        assert make.the_message().state == State.SENT

    def test_that_does_not_reach_the_address_says_so(self, receiver):
        receiver.status = 422
        posted("sms", phone="+8613800138000")

        deliver_next(SOON)

        assert make.the_message().reason == Reason.BOUNCED
