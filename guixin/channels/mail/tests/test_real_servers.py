"""Against Dovecot and Postfix themselves; skipped, with the reason, where they are not installed."""

import shutil
import smtplib
import time
from threading import Event, Thread

import pytest
from django.db import connection

from guixin.channels.mail import addressing, fetching, mailboxes
from guixin.channels.mail.door import Door
from guixin.channels.mail.tests import make, servers
from guixin.channels.models import Mailbox, ReceivedMail
from guixin.ledger.outbox import deliver_next

without_dovecot = pytest.mark.skipif(bool(servers.missing_dovecot()), reason=servers.missing_dovecot())
without_postfix = pytest.mark.skipif(bool(servers.missing_postfix()), reason=servers.missing_postfix())


@pytest.fixture(scope="module")
def dovecot():
    with servers.Dovecot() as running:
        yield running


def box_at(dovecot, login: str, **more) -> Mailbox:
    values = {
        "address": f"{login}@guixin.test",
        "host": "127.0.0.1",
        "port": dovecot.port,
        "security": "none",
        "login": login,
    }
    return mailboxes.add(values | more, password=servers.PASSWORD, by=None, now=make.NOON)


def look(box: Mailbox) -> int:
    box.refresh_from_db()
    with fetching.opened_mailbox(box) as client:
        return fetching.fetch(box, client)


@without_dovecot
@pytest.mark.django_db
class TestFetchingFromDovecot:
    def test_stores_the_very_bytes_and_then_marks_them_as_seen(self, dovecot):
        box, raw = box_at(dovecot, "bytes"), make.letter("热水器漏水")
        dovecot.delivers(raw, "bytes@guixin.test")

        assert (look(box), look(box)) == (1, 0)

        assert raw.replace(b"\n", b"\r\n") in bytes(ReceivedMail.objects.get().raw)
        assert fetching.test(box) == 0

    def test_goes_on_where_it_stopped_though_somebody_read_it_elsewhere(self, dovecot):
        box = box_at(dovecot, "resume")
        dovecot.delivers(make.letter("一"), "resume@guixin.test")
        look(box)
        dovecot.delivers(make.letter("二"), "resume@guixin.test")
        with fetching.opened_mailbox(box) as client:
            client.client.uid("STORE", "2", "+FLAGS", r"(\Seen)")

        assert look(box) == 1

    def test_fetches_again_what_was_stored_and_not_acknowledged_and_knows_it(self, dovecot, monkeypatch):
        box = box_at(dovecot, "killed")
        dovecot.delivers(make.letter("三"), "killed@guixin.test")
        monkeypatch.setattr(fetching, "_acknowledge", lambda *_all: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            look(box)
        monkeypatch.undo()

        assert look(box) == 0

        assert ReceivedMail.objects.count() == 1
        assert fetching.test(box) == 0

    def test_takes_nothing_twice_when_the_folder_was_built_anew(self, dovecot):
        box = box_at(dovecot, "anew")
        dovecot.delivers(make.letter("四"), "anew@guixin.test")
        look(box)
        before = box.uid_validity
        for each in (dovecot.folder / "mail" / "anew").glob("dovecot*"):
            shutil.rmtree(each) if each.is_dir() else each.unlink()
        time.sleep(1.1)  # Dovecot makes its UIDVALIDITY of seconds
        dovecot.delivers(make.letter("五"), "anew@guixin.test")

        look(box)

        box.refresh_from_db()
        assert box.uid_validity != before
        assert ReceivedMail.objects.filter(mailbox=box).count() == 2

    def test_moves_what_was_read_where_a_folder_is_named(self, dovecot):
        box = box_at(dovecot, "moved", done_folder="Done")
        with fetching.opened_mailbox(box) as client:
            client.folder.create("Done")
        dovecot.delivers(make.letter("六"), "moved@guixin.test")

        look(box)

        with fetching.opened_mailbox(box) as client:
            assert client.folder.status("Done", ["MESSAGES"])["MESSAGES"] == 1
            assert client.folder.status("INBOX", ["MESSAGES"])["MESSAGES"] == 0

    def test_is_woken_by_the_server(self, dovecot):
        box = box_at(dovecot, "woken")
        with fetching.opened_mailbox(box) as client:
            fetching.fetch(box, client)
            client.idle.start()
            dovecot.delivers(make.letter("七"), "woken@guixin.test")
            woken = client.idle.poll(timeout=60)
            client.idle.stop()

            assert any(b"EXISTS" in each for each in woken)
            assert fetching.fetch(box, client) == 1

    def test_says_what_is_wrong_without_telling_the_password(self, dovecot):
        box = box_at(dovecot, "wrong")
        mailboxes.change(box, {}, password="hunter22", by=None, now=make.NOON)
        box.refresh_from_db()

        with pytest.raises(fetching.CannotFetch) as why:
            fetching.test(box)

        assert "AUTHENTICATIONFAILED" in str(why.value).upper()
        assert "hunter22" not in str(why.value)


@without_dovecot
@without_postfix
@pytest.mark.two_connections
class TestWithPostfixInBetween:
    def test_mail_comes_in_through_the_door_and_the_answer_reaches_the_customers_mailbox(
        self, committed_db, dovecot, settings
    ):
        make.mails_leave(settings)
        make.set_clock(None)
        Mailbox.objects.update(acknowledges=False)
        with (
            Door("127.0.0.1", servers.free_port(), is_lmtp=True) as door,
            servers.Postfix(door.port, dovecot.lmtp) as postfix,
        ):
            settings.SMTP_URL = f"smtp://127.0.0.1:{postfix.port}"
            with smtplib.SMTP("127.0.0.1", postfix.port) as office:
                office.sendmail(make.ZHANG, [make.SERVICE], make.letter())
            mail = _soon(lambda: ReceivedMail.objects.first())
            make.understood(mail)
            mail.refresh_from_db()
            sent = make.answered(mail, "明天上门", now=make.now())
            assert deliver_next(make.now())
            customer = box_at(dovecot, "zhang")
            assert _soon(lambda: look(customer)) == 1
            got = bytes(ReceivedMail.objects.get(mailbox=customer).raw)
            assert addressing.message_id(sent).encode() in got

            with smtplib.SMTP(
                "127.0.0.1", postfix.port
            ) as office:  # and the customer answers, by the tagged address
                office.sendmail(make.ZHANG, [addressing.reply_address(sent)], make.letter("好的"))
            answer = _soon(
                lambda: ReceivedMail.objects.filter(mailbox__address=make.SERVICE).exclude(pk=mail.pk).first()
            )
            make.understood(answer)
            answer.refresh_from_db()

        assert (answer.case, answer.is_verified) == (mail.case, True)

    def test_a_worker_fetches_by_itself(self, committed_db, dovecot):
        make.firm()
        box = box_at(dovecot, "worker")
        stop = Event()
        thread = Thread(target=fetching.look_after, args=(box.pk, stop))
        thread.start()
        try:
            dovecot.delivers(make.letter("八"), "worker@guixin.test")
            assert _soon(lambda: ReceivedMail.objects.filter(mailbox=box).exists())
        finally:
            stop.set()
            dovecot.delivers(make.letter("九"), "worker@guixin.test")  # wakes it
            thread.join(60)
        connection.close()


def _soon(look_for, patience: float = 60.0):
    """What `look_for` gives as soon as it gives something."""
    until = time.monotonic() + patience
    while not (found := look_for()) and time.monotonic() < until:
        time.sleep(0.1)
    return found
