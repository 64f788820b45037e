"""The raw row, before anything is understood: once this is committed, the other side may forget the mail."""

import hashlib
from datetime import datetime

from django.db import transaction

from guixin.channels.models import Mailbox, ReceivedMail

LARGEST = 50 * 1024 * 1024


@transaction.atomic
def keep(
    raw: bytes, mailbox: Mailbox | None, *, now: datetime, envelope: tuple[str, list[str]] | None = None,
    uid: tuple[int, int] | None = None, too_large: bool = False,
) -> tuple[ReceivedMail, bool]:  # fmt: skip
    """(the row, whether it is new). The same bytes delivered again to the same mailbox are the same mail.

    envelope    (MAIL FROM, [RCPT TO …]) where the mail came by SMTP; "" as sender is a null return path
    uid         (UIDVALIDITY, UID) where it was fetched by IMAP
    too_large   `raw` is only its head
    """
    State, Reason = ReceivedMail.State, ReceivedMail.Reason
    sender, recipients = envelope or ("", [])
    values = {
        "mailbox": mailbox,
        "uid_validity": uid[0] if uid else None,
        "uid": uid[1] if uid else None,
        "raw": raw,
        "size": len(raw),
        "envelope_from": _kept(sender),
        "envelope_to": _kept(", ".join(recipients)),
        "has_envelope": envelope is not None,
        "arrived_at": now,
        "next_try_at": now,
        "state": State.QUARANTINED if too_large else State.ARRIVED,
        "reason": Reason.TOO_LARGE if too_large else Reason.NONE,
    }
    made, is_new = ReceivedMail.objects.get_or_create(digest=digest_of(raw, mailbox), defaults=values)
    if mailbox and is_new:
        Mailbox.objects.filter(pk=mailbox.pk).update(mail_at=now)
    return made, is_new


def digest_of(raw: bytes, mailbox: Mailbox | None) -> str:
    found = hashlib.sha256(f"{mailbox.pk if mailbox else 0}\0".encode())
    found.update(raw)
    return found.hexdigest()


def _kept(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[:2000]
