"""R12: machines that answer each other: two desks like ours, vacation notices, bounces, lists. It ends by itself.

    python -m tests.reliability.r12_mail_loops

Two mailboxes stand for two desks in one database: every mail that one sends is delivered to the other, over our own door
(SMTP), until nothing is sent any more or a hundred mails have passed.
"""

import smtplib
import sys
import tempfile
from email.policy import SMTP as SMTP_POLICY

from tests.reliability.ground import ground

MOST = 4  # messages in all between the two


def main() -> int:
    with ground("r12"), tempfile.TemporaryDirectory() as files:
        from django.conf import settings

        settings.MEDIA_ROOT, settings.SMTP_URL = files, "smtp://127.0.0.1:1"
        from guixin.channels.mail.door import Door
        from guixin.channels.mail.tests import make
        from guixin.channels.mail.tests.servers import free_port
        from guixin.channels.models import Mailbox

        make.mailbox()
        Mailbox.objects.create(
            address="desk@other.test", made_at=make.NOON, case_kind="enquiry", name="另一家"
        )
        with Door("127.0.0.1", free_port()) as door:
            right = all([two_desks(door.port), machines(door.port)])
    return 0 if right else 1


def hand_over(port: int, raw: bytes, sender: str, to: str) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as door:
        door.sendmail(sender, [to], raw)


def leaving() -> list[tuple[bytes, str, str]]:
    """(bytes, envelope sender, receiver) of every mail that leaves now."""
    from guixin.channels.mail import sending
    from guixin.ledger.clock import database_now
    from guixin.ledger.outbox import deliver_next

    found: list[tuple[bytes, str, str]] = []

    class Office:
        def __enter__(self):
            return self

        def __exit__(self, *_trouble):
            return None

        def send_message(self, message, from_addr, to_addrs):
            found.append((message.as_bytes(policy=SMTP_POLICY), from_addr, to_addrs[0]))

    sending.post_office = Office
    while deliver_next(database_now()):
        pass
    return found


def understood() -> None:
    from guixin.channels.mail.understanding import understand_next
    from guixin.ledger.clock import database_now

    while understand_next(database_now()):
        pass


def two_desks(port: int) -> bool:
    """A person of the one writes to the other; from there on nobody of flesh and blood does anything."""
    from guixin.channels.mail.tests import make

    first = make.letter("请问价格", sender="张三 <service@guixin.test>", to="desk@other.test", subject="询价")
    # As if the other desk did not know that the sender is a desk: the check for our own addresses is switched off.
    from guixin.channels.mail import understanding

    understanding.is_ours = lambda _address: False
    hand_over(port, first, "service@guixin.test", "desk@other.test")
    passed = 1
    for _round in range(100):
        understood()
        mails = leaving()
        if not mails:
            break
        for raw, sender, to in mails:
            passed += 1
            hand_over(port, raw, sender, to)
    print(f"R12 two desks: {passed} mails in all (at most {MOST})")
    return passed <= MOST


def machines(port: int) -> bool:
    """Each kind of machine writes five times, to the mailbox and to a reply address: nothing answers it."""
    from guixin.channels.mail import addressing
    from guixin.channels.mail.tests import make
    from guixin.channels.models import ReceivedMail, SentMail
    from guixin.ledger.clock import database_now

    hand_over(port, make.letter("门坏了", id="<first@example.com>"), "zhang@example.com", make.SERVICE)
    understood(), leaving()
    mail = ReceivedMail.objects.get(own_id="<first@example.com>")
    sent = make.answered(mail, "明天上门", now=database_now())
    leaving()
    before = SentMail.objects.count()
    kinds = [
        {"Auto_Submitted": "auto-replied"}, {"Auto_Submitted": "auto-generated"}, {"Precedence": "bulk"},
        {"Precedence": "junk"}, {"Precedence": "list"}, {"List_Id": "<l.example.com>"}, {"X_Guixin_Loop": "guixin.test"},
        {},
    ]  # fmt: skip
    for number in range(5):
        for place, headers in enumerate(kinds):
            for to in (make.SERVICE, addressing.reply_address(sent)):
                raw = make.letter(f"自动 {number}", sender=f"m{place}-{number}@example.com", to=to,
                    id=f"<{number}-{place}-{len(to)}@example.com>", **headers)  # fmt: skip
                hand_over(port, raw, "" if not headers else "m@example.com", to)
    understood()
    answers = SentMail.objects.count() - before
    kept = ReceivedMail.objects.exclude(state=ReceivedMail.State.ARRIVED).count()
    print(f"R12 {5 * 2 * len(kinds)} mails of machines: {answers} answered, {kept} kept")
    return answers == 0 and not ReceivedMail.objects.filter(state=ReceivedMail.State.ARRIVED).exists()


if __name__ == "__main__":
    sys.exit(main())
