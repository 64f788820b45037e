"""Mails as they arrive, on top of the small service centre. The mailbox is service@guixin.test."""

from datetime import datetime
from email.message import EmailMessage

from guixin.channels.mail import arriving, understanding
from guixin.channels.models import Mailbox, ReceivedMail, SentMail
from guixin.ledger.clock import database_now, set_virtual_clock
from guixin.serve.replying import reply
from guixin.serve.tests.make import *  # noqa: F403  the firm, its standards, rules and cases
from guixin.serve.tests.make import NOON, rules, standards, terms, wang

SERVICE = "service@guixin.test"
ZHANG = "zhang@example.com"


def mailbox(**more) -> Mailbox:
    """The same address is the same mailbox. Our server is called mx.guixin.test."""
    standards(), rules(), terms()
    values = {
        "made_at": NOON,
        "case_kind": "complaint",
        "authserv_id": "mx.guixin.test",
        "name": "归心客服",
    } | more
    return Mailbox.objects.get_or_create(address=SERVICE, defaults=values)[0]


def letter(body: str = "门关不上。", *, sender: str = f"张三 <{ZHANG}>", to: str = SERVICE, subject: str = "门坏了",
           html: str = "", files=(), dmarc: str = "", **headers) -> bytes:  # fmt: skip
    """The bytes of a mail. `dmarc`: what our own server found out; headers by name, "_" for "-"."""
    message = EmailMessage()
    if dmarc:
        domain = sender.rpartition("@")[2].strip("> ")
        message["Authentication-Results"] = f"mx.guixin.test; dmarc={dmarc} header.from={domain}"
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = "Wed, 04 Mar 2026 11:00:00 +0800"
    message["Message-ID"] = headers.pop("id", f"<{abs(hash((body, sender, subject)))}@example.com>")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    if html:
        message.add_alternative(html, subtype="html")
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return bytes(message)


def arrives(raw: bytes, *, now: datetime = NOON, envelope=None) -> ReceivedMail:
    """Stored and understood."""
    mail, _new = arriving.keep(raw, mailbox(), now=now, envelope=envelope)
    understanding.understand(mail, now=now)
    return ReceivedMail.objects.get(pk=mail.pk)


def mails_leave(settings, at: datetime = NOON) -> None:
    """A mail server is set, a mailbox takes the answers, and it is this time in the database."""
    settings.SMTP_URL = "smtp://127.0.0.1:1"
    mailbox()
    set_virtual_clock(at)


def answered(mail: ReceivedMail, words: str = "明天上门修。", now: datetime = NOON) -> SentMail:
    """Wang answers the case of this mail by e-mail; the mail that leaves."""
    message = reply(mail.case, words, by=wang(), now=now, channel="email")
    return SentMail.objects.get(message=message)


def understood(mail: ReceivedMail) -> None:
    understanding.understand(mail, now=now())


set_clock, now = set_virtual_clock, database_now
