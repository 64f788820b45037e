"""Our own door for mail, SMTP or LMTP: “250” is said only after the commit, so whoever handed it over may forget it.

For the firm's own mail server (Postfix: `relay_transport = lmtp:inet:127.0.0.1:8024`), which has checked senders and sorted
out spam; not for the open internet. It takes mail for the firm's mailboxes and for nobody else, and relays nothing.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP
from django.db import DatabaseError, connection, transaction

from guixin.channels.mail import addressing
from guixin.channels.mail.arriving import LARGEST, keep
from guixin.channels.models import Mailbox
from guixin.ledger.clock import database_now

log = logging.getLogger(__name__)

LONGEST_LINE = 8 * 1024 * 1024  # programs write whole letters on one line, against RFC 5321
RECIPIENTS = 50
TRY_LATER = "451 4.3.0 Not stored; try again later"


class Handler:
    """What the door answers. Each hand-over is one transaction, in a thread of its own."""

    def __init__(self, *, is_lmtp: bool = False):
        self.is_lmtp = is_lmtp

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        # In LMTP every recipient would get an answer of its own after the mail; one at a time says the same.
        if len(envelope.rcpt_tos) >= (1 if self.is_lmtp else RECIPIENTS):
            return "452 4.5.3 Too many recipients; send the rest in another transaction"
        try:
            known = await asyncio.to_thread(_alone, is_known, address)
        except DatabaseError:
            return TRY_LATER
        if not known:
            return "550 5.1.1 There is no such mailbox here"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        try:
            numbers = await asyncio.to_thread(
                _alone, hand_over, envelope.original_content, envelope.mail_from or "", envelope.rcpt_tos
            )
        except Exception as why:  # whatever it was: not stored, so not taken
            log.warning("a mail was not stored: %s", str(why).strip())
            return TRY_LATER
        return f"250 2.0.0 Stored as {', '.join(map(str, numbers))}"

    async def handle_exception(self, error: Exception) -> str:
        log.warning("the door: %s: %s", type(error).__name__, error)
        return TRY_LATER


def _alone(function: Any, *arguments: Any) -> Any:
    """On a connection that is given back: threads of the door come and go, and the database may have been away."""
    connection.close_if_unusable_or_obsolete()
    try:
        return function(*arguments)
    except DatabaseError:
        connection.close()
        raise


def is_known(address: str) -> bool:
    return addressing.mailbox_of(address) is not None


@transaction.atomic(durable=True)
def hand_over(raw: bytes, sender: str, recipients: Sequence[str]) -> list[int]:
    """Store one mail for every mailbox it is for, all or none. Returns the numbers of the rows."""
    boxes: dict[int, tuple[Mailbox, list[str]]] = {}
    for address in recipients:
        box = addressing.mailbox_of(address)
        if box is None:
            raise LookupError(address)
        boxes.setdefault(box.pk, (box, []))[1].append(address)
    now = database_now()
    return [keep(raw, box, now=now, envelope=(sender, addresses))[0].pk for box, addresses in boxes.values()]


class _Long:
    line_length_limit = LONGEST_LINE


class LongSMTP(_Long, SMTP):
    """With lines as long as they come."""


class LongLMTP(_Long, LMTP):
    """The same for LMTP."""


class Door(Controller):
    """`with Door("127.0.0.1", 8025): …` opens it in a thread of its own."""

    def __init__(self, host: str, port: int, *, is_lmtp: bool = False):
        self.is_lmtp = is_lmtp
        super().__init__(Handler(is_lmtp=is_lmtp), hostname=host, port=port, ready_timeout=10)

    def factory(self) -> SMTP:
        kind = LongLMTP if self.is_lmtp else LongSMTP
        return kind(self.handler, data_size_limit=LARGEST, enable_SMTPUTF8=True, ident="Guixin", timeout=300)

    def __enter__(self) -> "Door":
        self.start()
        return self

    def __exit__(self, *_trouble: object) -> None:
        self.stop()
