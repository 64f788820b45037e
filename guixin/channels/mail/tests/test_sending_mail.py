"""Replies by e-mail: what leaves, to whom, and what the case shows of it."""

import smtplib
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from guixin.channels.mail import addressing
from guixin.channels.mail.reading import MailFile
from guixin.channels.mail.tests import make
from guixin.channels.models import Notice, SentMail
from guixin.ledger.clock import set_virtual_clock
from guixin.ledger.models import Outgoing
from guixin.ledger.outbox import deliver_next
from guixin.serve.attaching import attach, keep
from guixin.serve.replying import reply

pytestmark = pytest.mark.django_db
NOON = make.NOON


@pytest.fixture
def opened(settings):
    """A case opened by a mail, without an acknowledgement in the way."""
    make.mails_leave(settings)
    make.mailbox().__class__.objects.update(acknowledges=False)
    return make.arrives(make.letter(Reply_To="evil@example.net", Cc="boss@example.net"))


class TestAReplyByEmail:
    def test_goes_to_the_address_that_opened_the_case_and_to_nobody_else(self, opened, office):
        sent = make.answered(opened)

        deliver_next(NOON)

        (mail,), (envelope,) = office.mails, office.envelopes
        assert (mail["To"], mail["Cc"]) == (make.ZHANG, None)
        assert envelope == (addressing.reply_address(sent), [make.ZHANG])
        sent.refresh_from_db()
        assert sent.state == SentMail.State.SENT

    def test_belongs_to_the_thread_and_can_be_answered(self, opened, office):
        sent = make.answered(opened)

        deliver_next(NOON)

        (mail,) = office.mails
        assert mail["Subject"] == f"Re: 门坏了 [{opened.case.number}]"
        assert mail["In-Reply-To"] == opened.own_id
        assert mail["Message-ID"] == addressing.message_id(sent)
        assert mail["Reply-To"] == addressing.reply_address(sent)
        assert addressing.mail_answered_at(mail["Reply-To"]) == sent

    def test_says_it_in_plain_words_and_in_html_with_its_files(self, opened, office):
        case = opened.case
        message = reply(case, "<b>明天</b>上门。", by=make.wang(), now=NOON, channel="email")
        attach(keep([MailFile(b"abc", "单据.txt")]), case=case, message=message, by=make.wang(), now=NOON)

        deliver_next(NOON)

        read = message_from_bytes(bytes(office.mails[0]), policy=default)
        assert "<b>明天</b>上门。" in read.get_body(("plain",)).get_content()
        assert "&lt;b&gt;明天&lt;/b&gt;" in read.get_body(("html",)).get_content()
        (file,) = read.iter_attachments()
        assert (file.get_filename(), file.get_content().strip()) == ("单据.txt", "abc")

    def test_noted_afterwards_is_a_record_and_no_mail(self, opened):
        later = NOON + timedelta(hours=2)
        set_virtual_clock(later)

        reply(opened.case, "早就说过", by=make.wang(), now=later, channel="email", told_at=NOON)

        assert not SentMail.objects.filter(message__body="早就说过").exists()

    def test_over_another_channel_is_no_mail(self, opened):
        reply(opened.case, "电话里说了", by=make.wang(), now=NOON, channel="phone")

        assert not SentMail.objects.exists()

    def test_without_an_address_shows_that_it_did_not_leave(self, settings):
        make.mails_leave(settings)
        case = make.case(customer=None)

        reply(case, "好", by=make.wang(), now=NOON, channel="email")

        assert SentMail.objects.get().state == SentMail.State.FAILED
        assert not Outgoing.objects.filter(channel="customer_mail").exists()

    def test_that_the_server_refuses_for_good_is_told_to_the_owner(self, opened, office):
        sent = make.answered(opened)
        office.says = smtplib.SMTPRecipientsRefused({make.ZHANG: (550, b"no such user")})

        deliver_next(NOON)

        sent.refresh_from_db()
        assert (sent.state, "no such user" in sent.trouble) == (SentMail.State.FAILED, True)
        # Wang wrote it, and owns the case: who did something is not told of it, but of what became of it.
        assert Notice.objects.filter(person=sent.case.owner, kind="channels.mail_not_sent").exists()

    def test_that_the_server_puts_off_is_tried_again_under_the_same_id(self, opened, office):
        sent = make.answered(opened)
        office.says = smtplib.SMTPServerDisconnected("gone")
        deliver_next(NOON)
        office.says = None

        deliver_next(NOON + timedelta(hours=1))

        assert [mail["Message-ID"] for mail in office.mails] == [addressing.message_id(sent)]


class TestAnAcknowledgement:
    def test_tells_the_number_and_not_a_word_of_the_sender(self, settings, office):
        make.mails_leave(settings)
        mail = make.arrives(make.letter("点击 http://evil.example", subject="中奖 http://evil.example"))

        deliver_next(NOON)

        (sent,) = office.mails
        assert mail.case.number in sent["Subject"]
        assert "evil" not in str(sent)
        assert (sent["Auto-Submitted"], sent["In-Reply-To"]) == ("auto-replied", None)

    def test_goes_once_a_day_to_an_address_nobody_vouches_for(self, settings):
        make.mails_leave(settings)

        for number in range(3):
            make.arrives(make.letter(subject=f"第{number}封"))

        assert SentMail.objects.filter(is_automatic=True).count() == 1

    @pytest.mark.parametrize(
        "headers",
        [
            {"Auto_Submitted": "auto-generated"},
            {"Precedence": "bulk"},
            {"X_Guixin_Loop": "other.firm"},
            {"dmarc": "fail"},
        ],
    )
    def test_never_answers_a_machine_or_a_forgery(self, settings, headers):
        make.mails_leave(settings)

        make.arrives(make.letter(**headers))

        assert not SentMail.objects.filter(is_automatic=True).exists()

    def test_never_answers_a_null_return_path(self, settings):
        make.mails_leave(settings)

        make.arrives(make.letter(), envelope=("", [make.SERVICE]))

        assert not SentMail.objects.exists()
