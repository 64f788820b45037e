"""What a mail becomes: a case, an answer on its case, something kept beside it."""

from datetime import timedelta

import pytest

from guixin.channels.mail import addressing, understanding
from guixin.channels.mail.tests import make
from guixin.channels.models import Notice, ReceivedMail, SentMail
from guixin.serve import closing, merging, waiting
from guixin.serve.handling import withdraw
from guixin.serve.models import Case, CaseLink, Task
from guixin.understand.models import Customer

pytestmark = pytest.mark.django_db
NOON = make.NOON
Became, Reason, State = ReceivedMail.Became, ReceivedMail.Reason, ReceivedMail.State


class TestANewMail:
    def test_becomes_a_case_of_the_kind_of_its_mailbox(self):
        mail = make.arrives(make.letter())

        assert (mail.state, mail.became) == (State.TAKEN, Became.CASE)
        assert (mail.case.kind, mail.case.channel, mail.case.subject) == ("complaint", "email", "门坏了")
        assert mail.case.story == "门关不上。"
        assert mail.case.language == "zh-hans"
        assert not mail.is_verified

    def test_finds_the_customer_by_the_address_and_makes_a_new_one_once(self):
        first = make.arrives(make.letter())
        second = make.arrives(make.letter("还有窗户。", subject="窗"))

        assert first.case.customer == second.case.customer
        assert Customer.objects.get().name == "张三"

    def test_of_a_colleague_is_nobodys_and_gives_no_right(self):
        mail = make.arrives(make.letter(sender="王芳 <wang@example.com>"))

        assert mail.case.customer is None

    def test_goes_to_the_department_of_its_mailbox(self):
        make.mailbox(department=make.quality())

        mail = make.arrives(make.letter())

        assert list(Task.objects.filter(case=mail.case).values_list("department__code", flat=True)) == [
            "quality"
        ]

    def test_delivered_twice_is_one(self):
        raw = make.letter()

        make.arrives(raw)
        make.arrives(raw)
        again = make.arrives(b"Received: from elsewhere\r\n" + raw)

        assert Case.objects.count() == 1
        assert again.became == Became.DUPLICATE

    def test_with_an_id_used_before_and_other_words_is_another(self):
        make.arrives(make.letter("门坏了", id="<same@example.com>"))

        second = make.arrives(make.letter("窗也坏了", id="<same@example.com>"))

        assert second.became == Became.CASE

    def test_keeps_files_and_says_which_it_refused(self, monkeypatch):
        monkeypatch.setattr("guixin.web.kept_files.LARGEST", 10)

        mail = make.arrives(make.letter(files=[("a.txt", b"abc"), ("b.bin", b"x" * 11)]))

        assert [each.name for each in mail.case.attachments.all()] == ["a.txt"]
        assert [each["name"] for each in mail.refused_files] == ["b.bin"]


class TestAnAnswer:
    @pytest.fixture
    def sent(self, settings) -> SentMail:
        make.mails_leave(settings)
        return make.answered(make.arrives(make.letter()))

    def test_to_our_reply_address_is_the_customers_word(self, sent):
        waiting.wait_for_customer(sent.case, "哪天方便？", by=make.wang(), now=NOON)

        mail = make.arrives(
            make.letter(
                "周五。\n\n在 2026年3月4日，归心客服写道：\n> 哪天方便？", to=addressing.reply_address(sent)
            )
        )

        assert (mail.became, mail.is_verified) == (Became.REPLY, True)
        assert (mail.message.body, mail.quoted.splitlines()[-1]) == ("周五。", "> 哪天方便？")
        sent.case.refresh_from_db()
        assert sent.case.state != Case.State.WAITING

    def test_naming_our_message_id_is_too(self, sent):
        mail = make.arrives(make.letter("好的。", References=addressing.message_id(sent)))

        assert mail.became == Became.REPLY

    def test_from_another_address_is_kept_and_changes_nothing(self, sent):
        waiting.wait_for_customer(sent.case, "哪天方便？", by=make.wang(), now=NOON)

        mail = make.arrives(
            make.letter("别修了。", sender="张三 <zhang@evil.example>", to=addressing.reply_address(sent))
        )

        assert (mail.became, mail.case, mail.is_verified) == (Became.UNVERIFIED, sent.case, False)
        sent.case.refresh_from_db()
        assert sent.case.state == Case.State.WAITING
        assert not mail.message.customer_may_read
        assert Notice.objects.filter(person=sent.case.owner, kind="channels.mail_from_unverified").exists()

    def test_after_a_merge_goes_to_the_case_that_is_left(self, sent):
        other = make.case(now=NOON)
        merging.merge(sent.case, other, by=make.wang(), now=NOON)

        mail = make.arrives(make.letter("好的。", to=addressing.reply_address(sent)))

        assert mail.message.case == other

    def test_opens_a_case_closed_lately_again(self, sent):
        _close(sent.case, NOON)

        mail = make.arrives(make.letter("又坏了。", to=addressing.reply_address(sent)))

        assert (mail.became, mail.case.pk) == (Became.REPLY, sent.case.pk)
        assert Case.objects.get(pk=sent.case.pk).state == Case.State.OPEN

    def test_to_a_case_closed_long_ago_is_a_new_one_that_is_linked(self, sent):
        _close(sent.case, NOON)

        mail = make.arrives(
            make.letter("又坏了。", to=addressing.reply_address(sent)), now=NOON + timedelta(days=90)
        )

        assert mail.became == Became.CASE
        assert CaseLink.objects.filter(case=mail.case, other=sent.case).exists()


class TestANumberInTheSubject:
    def test_is_a_hint_for_people_when_the_sender_is_unknown(self):
        case = make.case()

        mail = make.arrives(make.letter(subject=f"[{case.number}] 请改地址"))

        assert mail.became == Became.CASE
        assert (mail.case != case, mail.hint) == (True, case)

    @pytest.mark.parametrize(
        ("dmarc", "became"), [("pass", Became.REPLY), ("", Became.UNVERIFIED), ("fail", Became.UNVERIFIED)]
    )
    def test_counts_for_a_known_sender_as_far_as_our_server_vouches(self, dmarc, became):
        case = make.arrives(make.letter()).case

        mail = make.arrives(make.letter("补充。", subject=f"Re: [{case.number}]", dmarc=dmarc))

        assert (mail.case, mail.became) == (case, became)


class TestAMailThatNoPersonWrote:
    def test_waits_in_quarantine_when_it_belongs_to_no_case(self):
        mail = make.arrives(make.letter(List_Id="<news.example.com>"))

        assert (mail.state, mail.reason) == (State.QUARANTINED, Reason.AUTOMATIC)

    def test_is_kept_with_its_case_and_opens_nothing_again(self, settings):
        make.mails_leave(settings)
        sent = make.answered(make.arrives(make.letter()))
        _close(sent.case, NOON)

        mail = make.arrives(
            make.letter("我在休假。", to=addressing.reply_address(sent), Auto_Submitted="auto-replied")
        )

        assert mail.became == Became.AUTOMATIC
        assert Case.objects.get(pk=sent.case.pk).state == Case.State.CLOSED


class TestAMailThatCameBack:
    def bounce(self, **parts) -> bytes:
        report = (
            "From: MAILER-DAEMON@example.com\r\nTo: {to}\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
            "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n"
            "Final-Recipient: rfc822; zhang@example.com\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
            "Diagnostic-Code: smtp; 550 no such user\r\n\r\n"
            "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {id}\r\n\r\n--b--\r\n"
        )
        return report.format(**{"to": make.SERVICE, "action": "failed", "id": "<x@y>"} | parts).encode()

    def test_marks_it_and_tells_the_owner(self, settings):
        make.mails_leave(settings)
        sent = make.answered(make.arrives(make.letter()))

        mail = make.arrives(self.bounce(id=addressing.message_id(sent)), envelope=("", [make.SERVICE]))

        sent.refresh_from_db()
        assert (mail.became, sent.state) == (Became.BOUNCE, SentMail.State.BOUNCED)
        assert "550 no such user" in sent.trouble
        assert Notice.objects.filter(person=sent.case.owner, kind="channels.mail_came_back").exists()

    def test_only_late_alarms_nobody(self, settings):
        make.mails_leave(settings)
        sent = make.answered(make.arrives(make.letter()))

        make.arrives(self.bounce(id=addressing.message_id(sent), action="delayed"))

        sent.refresh_from_db()
        assert sent.state == SentMail.State.DELAYED
        assert not Notice.objects.filter(kind="channels.mail_came_back").exists()

    def test_but_was_never_ours_is_quarantined(self, settings):
        make.mails_leave(settings)
        sent = make.answered(make.arrives(make.letter()))
        forged = f"<gx.{sent.key.hex}.aaaaaaaaaaaaaaaa@guixin.test>"

        mail = make.arrives(self.bounce(id=forged))

        sent.refresh_from_db()
        assert (mail.reason, sent.state) == (Reason.STRAY_BOUNCE, SentMail.State.WAITING)


class TestTheWorker:
    def test_sets_a_mail_aside_that_fails_again_and_again(self, monkeypatch):
        from guixin.channels.mail import arriving

        mail, _new = arriving.keep(make.letter(), make.mailbox(), now=NOON)
        monkeypatch.setattr(understanding, "_decide", lambda *_mail: 1 / 0)

        for number in range(4):
            understanding.understand_next(NOON + number * timedelta(hours=1))

        mail.refresh_from_db()
        assert (mail.state, mail.reason) == (State.QUARANTINED, Reason.FAILED)
        assert "ZeroDivisionError" in mail.trouble


def _close(case: Case, now) -> None:
    case.refresh_from_db()
    for task in Task.objects.filter(case=case):
        withdraw(task, by=make.wang(), reason="不用了", now=now)
    closing.close(
        case,
        by=make.wang(),
        now=now,
        department=make.quality(),
        quality_point="colour",
        cause="material",
        severity=2,
    )
