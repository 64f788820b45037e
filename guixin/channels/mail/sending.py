"""Replies to customers by e-mail: written into the outbox with the reply, sent by a worker, followed until they arrive.

A reply goes to one address: the one that opened the case by mail, or the customer's on record. Never to whoever a mail
named as Reply-To or Cc. It carries a Message-ID that stays the same on every try, the thread it belongs to, and a reply
address that only its receiver knows.
"""

import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _

from guixin.channels.mail import addressing, events
from guixin.channels.mail.acknowledging import CHANNEL, post
from guixin.channels.mail.reading import LOOP
from guixin.channels.models import Mailbox, ReceivedMail, SentMail
from guixin.channels.staff_mail import post_office
from guixin.ledger import record
from guixin.ledger.bulk import fetch_rows
from guixin.ledger.clock import database_now
from guixin.ledger.models import Outgoing
from guixin.ledger.outbox import CannotDeliver, deliver_by
from guixin.serve import events as serve
from guixin.serve.models import Attachment, Case, Message

NOTED_AFTERWARDS = timedelta(
    minutes=10
)  # told longer ago than this: a record of what was said by other means
LARGEST = 20 * 1024 * 1024  # of all files of one mail
REFERENCES = 20
State = SentMail.State


class NoWayOut(Exception):
    """No mail server is set; tried again, because somebody may set one."""


def can_leave() -> bool:
    """Whether replies by e-mail go out by themselves: a mail server is set and a mailbox takes the answers."""
    return bool(settings.SMTP_URL) and Mailbox.objects.filter(is_active=True).exists()


def post_replies(told: Sequence[serve.CustomerTold]) -> None:
    """Reaction: what somebody said over the channel e-mail leaves as a mail. Progress on the tracking page does not."""
    told = [event for event in told if event.channel == Case.Channel.EMAIL and event.actor_id]
    if not told or not can_leave():
        return
    [(now,)] = fetch_rows("SELECT guixin_now()", [])
    said = [event for event in told if event.happened_at >= now - NOTED_AFTERWARDS]
    cases = Case.objects.select_related("customer").in_bulk({event.case_id for event in said})
    for event in said:
        case = cases[event.case_id or 0]
        mailbox, address = correspondent(case)
        sent = SentMail.objects.create(
            case=case, message_id=event.message_id, mailbox=mailbox, address=address, written_at=now,
            answers=latest_from_customer(case),
        )  # fmt: skip
        if address:
            post(sent, now)
        else:
            given_up(sent, _("The customer has no e-mail address on record."), now)


def correspondent(case: Case) -> tuple[Mailbox | None, str]:
    """(the mailbox it goes out from, the one address it goes to)."""
    opened = (
        ReceivedMail.objects.filter(case=case, became=ReceivedMail.Became.CASE)
        .select_related("mailbox").defer("raw").order_by("pk").first()
    )  # fmt: skip
    mailbox = opened.mailbox if opened and opened.mailbox and opened.mailbox.is_active else None
    mailbox = mailbox or Mailbox.objects.filter(is_active=True).order_by("pk").first()
    if opened and opened.sender:
        return mailbox, opened.sender.lower()
    known = case.customer.identities.filter(kind="email").order_by("pk").first() if case.customer else None
    return mailbox, known.normal if known else ""


def latest_from_customer(case: Case) -> ReceivedMail | None:
    """What the reply answers: of mails whose sender was not verified only the one that opened the case."""
    Became = ReceivedMail.Became
    mails = ReceivedMail.objects.filter(case=case, became__in=[Became.CASE, Became.REPLY])
    return mails.defer("raw").order_by("-pk").first()


# -- on its way --------------------------------------------------------------------------------------------------------


def send(row: Outgoing) -> None:
    """One mail, handed to the mail server. Settled with the row of the outbox, in one transaction."""
    sent = _the_mail(row)
    if sent is None:
        raise CannotDeliver("The mail is gone; its case was erased.")
    if sent.state != State.WAITING:
        return
    if not settings.SMTP_URL:
        raise NoWayOut("GUIXIN_SMTP_URL")
    try:
        message = composed(sent)
    except (ValueError, IndexError, HeaderParseError) as why:
        raise CannotDeliver(f"{type(why).__name__}: {why}") from why  # the address is none
    try:
        with post_office() as office:
            # What comes back goes to the address that names this mail, so nobody can invent a bounce.
            office.send_message(message, from_addr=envelope_sender(sent), to_addrs=[sent.address])
    except smtplib.SMTPRecipientsRefused as refused:
        said = next(iter(refused.recipients.values()), (450, b""))
        if said[0] >= 500:
            raise CannotDeliver(f"{said[0]} {_words(said[1])}") from refused
        raise
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refused:
        if refused.smtp_code >= 500:
            raise CannotDeliver(f"{refused.smtp_code} {_words(refused.smtp_error)}") from refused
        raise
    sent.state, sent.sent_at, sent.trouble = State.SENT, database_now(), ""
    sent.save(update_fields=["state", "sent_at", "trouble"])


def gave_up(row: Outgoing, failure: Exception, now: datetime) -> None:
    """The outbox stopped trying: the case shows why, and its owner hears of it."""
    if sent := _the_mail(row):
        given_up(sent, str(failure), now)


def given_up(sent: SentMail, why: str, now: datetime) -> None:
    sent.state, sent.trouble, sent.ended_at = State.FAILED, why[:300].replace("\x00", ""), now
    sent.save(update_fields=["state", "trouble", "ended_at"])
    record(
        events.MailNotSent(
            happened_at=now, about=("case", sent.case_id), case_id=sent.case_id, sent_mail_id=sent.pk
        )
    )


def _the_mail(row: Outgoing) -> SentMail | None:
    mails = SentMail.objects.select_related("case", "message__by", "mailbox", "answers")
    return mails.defer("answers__raw").filter(pk=row.payload["mail"]).first()


def _words(said: Any) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


# -- what it looks like ------------------------------------------------------------------------------------------------


def one_line(text: str, longest: int = 200) -> str:
    """For a header: no line break, no control character, however it got there."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:longest]


def envelope_sender(sent: SentMail) -> str:
    return parseaddr(addressing.reply_address(sent))[1]


def composed(sent: SentMail) -> EmailMessage:
    """Plain text and the same as simple HTML, in the language of the case."""
    case, message = sent.case, EmailMessage(policy=SMTP)
    with translation.override(case.language):
        words, subject = _acknowledgement(case) if sent.message is None else _reply(case, sent.message)
        end = _("Case %(number)s. Simply answer this mail if you want to add something.") % {
            "number": case.number
        }
    message["From"] = _from(sent.mailbox)
    message["To"] = Address(addr_spec=sent.address)
    message["Reply-To"] = Address(addr_spec=envelope_sender(sent))
    message["Subject"] = one_line(f"{subject} [{case.number}]", 240)
    message["Date"] = format_datetime(sent.written_at)
    message["Message-ID"] = addressing.message_id(sent)
    message[LOOP] = addressing.our_domain(sent.mailbox)
    if sent.is_automatic:
        message["Auto-Submitted"] = "auto-replied"
    if thread := _thread(sent):
        message["In-Reply-To"] = thread[-1]
        message["References"] = " ".join(thread)
    left_out = _too_large(sent)
    if left_out:
        with translation.override(case.language):
            words += "\n\n" + _("Too large for a mail, and left out: %(files)s") % {
                "files": ", ".join(left_out)
            }
    message.set_content(f"{words}\n\n--\n{end}\n")
    message.add_alternative(_as_html(words, end, case.language), subtype="html")
    for name, content, kind in _files(sent, left_out):
        main, _slash, sub = kind.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message


def _acknowledgement(case: Case) -> tuple[str, str]:
    """Not a word of what the sender wrote: it may be aimed at a stranger."""
    words = _("We have received your mail. Its number is %(number)s. Somebody will answer you.") % {
        "number": case.number
    }
    return words, _("We have received your mail")


def _reply(case: Case, said: Message) -> tuple[str, str]:
    subject = one_line(case.subject, 180)
    return said.body, subject if subject[:3].lower() in ("re:", "回复", "答复") else f"Re: {subject}"


def _from(mailbox: Mailbox | None) -> Address | str:
    if mailbox is None:
        return settings.MAIL_FROM
    return Address(one_line(mailbox.name, 100), addr_spec=mailbox.address)


def _thread(sent: SentMail) -> list[str]:
    """Message-IDs from the first to the one that is answered. To an address nobody vouched for, an automatic answer
    repeats not even the id, in which anything may be written."""
    if sent.is_automatic and (not sent.answers or sent.answers.verdict != ReceivedMail.Verdict.PASS):
        return []
    ours = [
        (each.written_at, addressing.message_id(each))
        for each in SentMail.objects.filter(case=sent.case_id, pk__lt=sent.pk)
        .select_related("mailbox")
        .order_by("pk")
        if each.message_id or each.is_automatic
    ]
    Became = ReceivedMail.Became
    theirs = ReceivedMail.objects.filter(
        case=sent.case_id, became__in=[Became.CASE, Became.REPLY], arrived_at__lte=sent.written_at
    ).exclude(own_id="")
    said = sorted([*ours, *theirs.values_list("arrived_at", "own_id")])
    ids = [each for _at, each in said if len(each) <= 250 and each.isascii() and each.isprintable()]
    if sent.answers and sent.answers.own_id in ids:
        ids.remove(sent.answers.own_id)
        ids.append(sent.answers.own_id)
    return ids[:1] + ids[1:][-REFERENCES:]


def _as_html(words: str, end: str, language: str) -> str:
    paragraphs = "".join(
        f"<p>{escape(each.strip()).replace(chr(10), '<br>')}</p>"
        for each in words.split("\n\n")
        if each.strip()
    )
    return f'<html lang="{language}"><body>{paragraphs}<hr><p><small>{escape(end)}</small></p></body></html>'


def _held(sent: SentMail) -> list[Attachment]:
    return list(sent.message.attachments.order_by("at", "pk")) if sent.message else []


def _too_large(sent: SentMail) -> list[str]:
    """Names of the files that no longer fit."""
    room, names = LARGEST, []
    for each in _held(sent):
        room -= each.size
        if room < 0:
            names.append(one_line(each.name))
    return names


def _files(sent: SentMail, left_out: list[str]) -> list[tuple[str, bytes, str]]:
    found, room = [], LARGEST
    for each in _held(sent):
        room -= each.size
        if room >= 0:
            with each.open() as content:
                found.append((one_line(each.name), content.read(), each.media_type))
    return found


deliver_by(CHANNEL, send, gave_up)
