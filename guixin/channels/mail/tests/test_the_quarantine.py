"""Mail that waits for a person: decided by one act, looked at in a sandbox, and the look at its original recorded."""

import pytest

from guixin.channels.api.tests.make import administrator
from guixin.channels.mail import addressing, mailboxes, repairing
from guixin.channels.mail.sealing import opened
from guixin.channels.mail.tests import make
from guixin.channels.models import ReceivedMail
from guixin.ledger.models import Entry
from guixin.serve import waiting
from guixin.serve.models import Case, Message

pytestmark = pytest.mark.django_db
NOON = make.NOON
State, Became = ReceivedMail.State, ReceivedMail.Became


@pytest.fixture
def waits() -> ReceivedMail:
    return make.arrives(
        make.letter("三月展会", html="<p>展会<script>x</script></p>", List_Id="<n.example.com>")
    )


class TestAMailInQuarantine:
    def test_becomes_a_case_by_one_act(self, waits):
        mail = repairing.make_case(waits, by=make.wang(), now=NOON)

        assert (mail.state, mail.became, mail.decided_by) == (State.TAKEN, Became.CASE, make.wang())
        assert mail.case.story == "三月展会"

    def test_is_put_to_a_case_for_colleagues(self, waits):
        case = make.case()

        mail = repairing.put_to(waits, case, by=make.wang(), now=NOON)

        assert (mail.case, mail.message.kind) == (case, Message.Kind.NOTE)

    def test_is_discarded_with_a_reason_and_tried_again(self, waits):
        with pytest.raises(repairing.SayWhy, match="Say why"):
            repairing.discard(waits, " ", by=make.wang(), now=NOON)

        mail = repairing.discard(waits, "广告", by=make.wang(), now=NOON)
        assert mail.state == State.DISCARDED

        repairing.try_again(mail, by=make.wang(), now=NOON)
        assert ReceivedMail.objects.get(pk=mail.pk).state == State.QUARANTINED

    def test_is_decided_once(self, waits):
        repairing.discard(waits, "广告", by=make.wang(), now=NOON)

        with pytest.raises(repairing.CannotRepair, match="already decided"):
            repairing.make_case(waits, by=make.he(), now=NOON)

    def test_that_cannot_be_read_becomes_a_case_all_the_same(self):
        waits = make.arrives(b"Subject: hm\r\n\r\n")

        mail = repairing.make_case(waits, by=make.wang(), now=NOON)

        assert "could not be read" in mail.case.story


class TestAnUnverifiedSender:
    def test_whom_somebody_knows_is_the_customer_from_then_on(self, settings):
        make.mails_leave(settings)
        sent = make.answered(make.arrives(make.letter()))
        waiting.wait_for_customer(sent.case, "哪天？", by=make.wang(), now=NOON)
        mail = make.arrives(
            make.letter("周五", sender="她 <her@example.com>", to=addressing.reply_address(sent))
        )

        repairing.confirm_sender(mail, by=make.wang(), now=NOON)

        mail.refresh_from_db()
        assert (mail.message.kind, mail.message.body) == (Message.Kind.CUSTOMER, "周五")
        assert Case.objects.get(pk=sent.case.pk).state != Case.State.WAITING


class TestThePages:
    def test_list_it_and_show_it_in_a_sandbox_under_a_policy_of_its_own(self, client, waits):
        client.force_login(make.wang())

        listed = client.get("/mail").content.decode()
        shown = client.get(f"/mail/{waits.pk}").content.decode()
        frame = client.get(f"/mail/{waits.pk}/preview")

        assert f"/mail/{waits.pk}" in listed
        assert "<iframe" in shown
        assert "sandbox" in shown
        assert "sandbox" in frame["Content-Security-Policy"]
        assert "default-src 'none'" in frame["Content-Security-Policy"]
        assert frame["X-Frame-Options"] == "SAMEORIGIN"
        assert b"<script" not in frame.content

    def test_record_a_look_at_the_original(self, client, waits):
        client.force_login(make.wang())

        page = client.post(f"/mail/{waits.pk}/original").content.decode()

        assert "List-Id" in page
        assert Entry.objects.filter(kind="channels.original_mail_shown", actor_id=make.wang().pk).exists()

    def test_do_what_the_buttons_say_and_say_why_not(self, client, waits):
        client.force_login(make.wang())

        assert client.post(f"/mail/{waits.pk}/discarding", {"reason": ""}).status_code == 422
        assert client.post(f"/mail/{waits.pk}/putting", {"number": "2026-999999"}).status_code == 422
        assert client.post(f"/mail/{waits.pk}/case").status_code == 302
        assert client.post(f"/mail/{waits.pk}/case").status_code == 409


class TestAMailbox:
    def test_keeps_its_password_sealed(self, client):
        client.force_login(administrator())
        given = {
            "address": "Hilfe@Guixin.test", "host": "imap.guixin.test", "port": 993, "security": "tls", "login": "hilfe",
            "password": "geheim", "folder": "INBOX", "case_kind": "enquiry",
        }  # fmt: skip

        answer = client.post("/admin/mailboxes/new", given, follow=True)

        box = mailboxes.Mailbox.objects.get(address="hilfe@guixin.test")
        assert opened(box.sealed_password) == "geheim"
        assert "geheim" not in box.sealed_password
        assert "geheim" not in answer.content.decode()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"address": "no address"},
            {"host": "a b"},
            {"port": 0},
            {"host": "imap.example", "security": "none", "login": "x"},
        ],
    )
    def test_is_refused_in_words(self, wrong):
        with pytest.raises(mailboxes.CannotSetUp):
            mailboxes.add({"address": "a@guixin.test", **wrong}, by=None, now=NOON)
