"""S8 to S12: who writes a mail is never proven by what it says; nobody reads more, and no stranger is written to, by it."""

from datetime import timedelta
from random import Random

import pytest
from django.utils import translation

from guixin.channels.mail import addressing, sending
from guixin.channels.mail.headers import Headers
from guixin.channels.mail.reading import parsed
from guixin.channels.mail.tests import make
from guixin.channels.mail.vouching import verdict
from guixin.channels.models import ReceivedMail, SentMail
from guixin.ledger.models import Entry
from guixin.organisation.models import Person
from guixin.serve import waiting
from guixin.serve.models import Case, Message, Task

pytestmark = pytest.mark.django_db
NOON = make.NOON
SEED = 20260304


@pytest.fixture(autouse=True)
def _settled(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with translation.override("en"):
        make.mails_leave(settings)
        yield


def as_it_stands(case: Case) -> dict:
    """Everything of a case that a forged mail must not move."""
    return {
        "case": Case.objects.filter(pk=case.pk).values().get(),
        "tasks": list(Task.objects.filter(case=case).order_by("pk").values()),
        "told": list(
            Message.objects.filter(case=case, kind__in=Message.TO_CUSTOMER + Message.FROM_CUSTOMER).values()
        ),
        "sent": list(SentMail.objects.filter(case=case).values()),
        "closings": list(case.closings.values()),
    }


class TestAForgedReply:
    """S8. The script tests/reliability/r11_mail_intake.py forges as many as wanted; here are some of each kind."""

    def test_acts_as_nobody_and_changes_nothing(self):
        sent = make.answered(make.arrives(make.letter()))
        case = sent.case
        waiting.wait_for_customer(case, "哪天方便？", by=make.wang(), now=NOON)
        before, chance = as_it_stands(case), Random(SEED)

        for number in range(60):
            mail = make.arrives(forged(number, sent, chance))
            assert not mail.is_verified
            assert mail.became in (ReceivedMail.Became.UNVERIFIED, ReceivedMail.Became.CASE)

        assert as_it_stands(case) == before
        people = set(Person.objects.values_list("pk", flat=True))
        assert not Entry.objects.filter(kind__startswith="channels.mail", actor_id__in=people).exists()

    def test_is_shown_as_unverified_to_whoever_reads_the_case(self, client):
        sent = make.answered(make.arrives(make.letter()))
        make.arrives(forged(0, sent, Random(SEED)))
        client.force_login(make.wang())

        page = client.get(f"/cases/{sent.case.number}", headers={"accept-language": "en"}).content.decode()

        assert "Unverified sender" in page
        assert "@evil.example" in page


def forged(number: int, sent: SentMail, chance: Random) -> bytes:
    """Everything somebody could try who knows the case and the names of our people, but has none of our mail."""
    case, words = sent.case, f"请马上结案 {number}"
    guess = "".join(chance.choice("abcdefghijklmnopqrstuvwxyz234567") for _ in range(16))
    stranger = "张三 <zhang@evil.example>"
    kinds = [
        {"sender": stranger, "References": addressing.message_id(sent)},  # a mail of ours that was passed on
        {"subject": f"Re: [{case.number}]"},
        {"subject": f"Re: [{case.number}]", "dmarc": "fail"},
        {"to": f"service+r.{sent.pk}.{guess}@guixin.test"},
        {"In_Reply_To": f"<gx.{sent.key.hex}.{guess}@guixin.test>"},
        {"References": f"<notify-{case.pk}-{make.wang().pk}@guixin.test>", "subject": f"[{case.number}]"},
        {"sender": "王芳 <wang@example.com>", "subject": f"[{case.number}] close"},
        {"sender": "王芳 <wang@examp1e.com>", "to": addressing.reply_address(sent)},
        {"to": addressing.reply_address(sent), "dmarc": "fail"},
        {
            "sender": f"{make.ZHANG} <attacker@evil.example>",
            "subject": f"[{case.number}]",
            "X_Guixin_Case": case.number,
        },
        {"sender": f"a@evil.example, {make.ZHANG}", "to": addressing.reply_address(sent)},
        {
            "subject": f"[{case.number}]",
            "Authentication_Results": f"mx.evil.example; dmarc=pass header.from={case.number}",
        },
    ]
    return make.letter(words, id=f"<f{number}@evil.example>", **kinds[number % len(kinds)])


class TestAnotherReader:
    """S9: neither Cc, nor Reply-To, nor another From brings anybody what was said before."""

    @pytest.mark.parametrize(
        "trick",
        [
            {"Cc": "spy@evil.example"},
            {"Reply_To": "spy@evil.example"},
            {"sender": "张三 <spy@evil.example>"},
            {"Return_Path": "<spy@evil.example>"},
            {"X_RT_Command": "AddCc: spy@evil.example"},
            {"Disposition_Notification_To": "spy@evil.example"},
        ],
    )
    def test_gains_nothing(self, trick, client):
        sent = make.answered(make.arrives(make.letter()))

        make.arrives(make.letter("再看看", to=addressing.reply_address(sent), **trick))
        following = make.answered(ReceivedMail.objects.get(pk=sent.answers_id), "您的地址是人民路一号")

        assert following.address == make.ZHANG
        composed = sending.composed(following)
        assert (composed["To"], composed["Cc"], composed["Bcc"]) == (make.ZHANG, None, None)
        assert "spy@" not in str(composed["Reply-To"])

    def test_is_nobody_whose_reply_address_was_passed_on(self):
        """Whoever was shown the address may write; what they write is kept, and answered to the customer alone."""
        sent = make.answered(make.arrives(make.letter()))

        mail = make.arrives(
            make.letter("我也要", sender="spy@evil.example", to=addressing.reply_address(sent))
        )

        assert mail.became == ReceivedMail.Became.UNVERIFIED
        assert sending.correspondent(sent.case)[1] == make.ZHANG


class TestTheDeskAsACannon:
    """S10."""

    def test_sends_a_victim_one_mail_a_day_and_nothing_of_the_attackers_words(self):
        for number in range(40):
            victim = f"victim{number % 4}@example.org"
            make.arrives(
                make.letter("BUY http://evil.example", sender=f"BUY <{victim}>", subject=f"BUY {number}")
            )

        mails = SentMail.objects.all()
        assert sorted(mails.values_list("address", flat=True)) == [f"victim{n}@example.org" for n in range(4)]
        for mail in mails:
            said = sending.composed(mail).as_string()
            assert "BUY" not in said
            assert "evil" not in said

    def test_answers_again_after_a_day(self):
        make.arrives(make.letter())
        make.arrives(make.letter(subject="再"), now=NOON + timedelta(hours=25))

        assert SentMail.objects.filter(is_automatic=True).count() == 2


class TestALineSmuggledIn:
    """S11."""

    @pytest.mark.parametrize(
        "poison",
        [
            "\r\nBcc: spy@evil.example",
            "\nBcc: spy@evil.example",
            "\r\r\n\nx",
            "\u2028Bcc: x",
            "\x00\x0b\x85x",
        ],
    )
    def test_stays_one_line(self, poison):
        make.mailbox().__class__.objects.update(name=f"归心{poison}".replace("\x00", ""))
        mail = make.arrives(make.letter(sender="a@example.org"))
        Case.objects.filter(pk=mail.case.pk).update(subject=f"门坏了{poison}".replace("\x00", ""))
        mail.case.refresh_from_db()
        ReceivedMail.objects.filter(pk=mail.pk).update(own_id=f"<a@b>{poison}".replace("\x00", ""))
        sent = make.answered(mail, "好")

        written = bytes(sending.composed(sent)).partition(b"\r\n\r\n")[0]

        assert b"bcc" not in {line.partition(b":")[0].lower() for line in written.split(b"\r\n")}
        assert b"\n" not in written.replace(b"\r\n", b"")

    @pytest.mark.parametrize(
        "address", ["a@b.example\r\nRCPT TO:<spy@evil.example>", "a b@c", "<a@b>,spy@evil.example"]
    )
    def test_in_an_address_is_no_address(self, address):
        raw = b"From: " + address.encode() + b"\r\nSubject: x\r\n\r\nwords"

        mail = make.arrives(raw)

        assert "\n" not in mail.sender
        assert mail.sender.count("@") <= 1


class TestTheVerdict:
    """S12: only what our own server wrote, and of that the worst."""

    @pytest.mark.parametrize(
        "results",
        [
            ["mx.evil.example; dmarc=pass header.from=example.com"],
            ["mx.guixin.test.evil.example; dmarc=pass header.from=example.com"],
            [
                "mx.guixin.test; dmarc=fail header.from=example.com",
                "mx.guixin.test; dmarc=pass header.from=example.com",
            ],
            [
                "mx.guixin.test; dmarc=pass header.from=example.com",
                "mx.guixin.test; dmarc=fail header.from=example.com",
            ],
            ["mx.guixin.test; dmarc=pass header.from=evil.example"],
            ["mx.guixin.test; dmarc=pass"],
            ['mx.guixin.test; spf=fail smtp.mailfrom="x; dmarc=pass header.from=example.com"@evil.example'],
            ["mx.guixin.test; spf=fail (a ; dmarc=pass header.from=example.com ) smtp.mailfrom=evil.example"],
            ["(mx.guixin.test;) mx.evil.example; dmarc=pass header.from=example.com"],
            ["mx.guixin.test; spf=pass smtp.mailfrom=example.com; dkim=pass header.d=example.com"],
            ["mx.guixin.test; arc=pass; dmarc=none header.from=example.com"],
        ],
    )
    def test_of_a_stranger_counts_nothing(self, results):
        assert judged(results) != "pass"

    def test_of_our_server_counts(self):
        assert judged(["mx.guixin.test 1; dmarc=pass (p=reject) header.from=example.com"]) == "pass"

    def test_is_nobodys_without_a_name_of_our_server(self):
        assert judged(["mx.guixin.test; dmarc=pass header.from=example.com"], ours="") == "none"


def judged(results: list[str], ours: str = "mx.guixin.test") -> str:
    raw = (
        "".join(f"Authentication-Results: {each}\r\n" for each in results)
        + "From: zhang@example.com\r\n\r\nx"
    )
    return verdict(Headers(parsed(raw.encode())), ours, "zhang@example.com")
