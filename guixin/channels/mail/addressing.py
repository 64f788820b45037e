"""Names that only we can have given: Message-IDs and reply addresses carry a MAC, so a guessed or copied pattern is
worth nothing. A reply address is bound to the one mail and the one address it was made for."""

import hmac
import re
from base64 import b32encode
from email.utils import parseaddr
from hashlib import sha256
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from guixin.channels.models import Mailbox, SentMail

_OURS = re.compile(r"<?gx\.([0-9a-f]{32})\.([a-z2-7]{16})@", re.IGNORECASE)
_TAGGED = re.compile(r"^[^@+\s]+\+r\.(\d{1,18})\.([a-z2-7]{16})@", re.IGNORECASE)


def _mac(*parts: str) -> str:
    """80 bits, in letters that survive a mail server that folds case."""
    message = "\0".join(("mail", *parts)).encode()
    return b32encode(hmac.digest(settings.SECRET_KEY.encode(), message, sha256)[:10]).decode().lower()


def our_domain(mailbox: Mailbox | None = None) -> str:
    if mailbox:
        return mailbox.address.rpartition("@")[2]
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def message_id(sent: SentMail) -> str:
    """Stable: every try carries the same."""
    return f"<gx.{sent.key.hex}.{_mac('id', sent.key.hex)}@{our_domain(sent.mailbox)}>"


def key_in(said: str) -> UUID | None:
    """The key of the mail of ours that a Message-ID names, if we gave it."""
    found = _OURS.search(said)
    if not found:
        return None
    key, mac = found[1].lower(), found[2].lower()
    return UUID(key) if hmac.compare_digest(mac, _mac("id", key)) else None


def reply_address(sent: SentMail) -> str:
    """Where the answer to this mail, and the mail itself if it comes back, shall go."""
    mailbox = sent.mailbox
    if mailbox is None:
        return settings.MAIL_FROM
    if not mailbox.tags_addresses:
        return mailbox.address
    local, _at, domain = mailbox.address.partition("@")
    return f"{local}+r.{sent.pk}.{_mac('reply', str(sent.pk), sent.address.lower())}@{domain}"


def mail_answered_at(address: str) -> SentMail | None:
    """The mail of ours whose reply address this is."""
    found = _TAGGED.match(address.strip().strip("<>"))
    if not found:
        return None
    sent = SentMail.objects.filter(pk=int(found[1])).first()
    if sent is None:
        return None
    right = _mac("reply", str(sent.pk), sent.address.lower())
    return sent if hmac.compare_digest(found[2].lower(), right) else None


def untagged(address: str) -> str:
    """service+anything@firm.cn -> service@firm.cn, in lower case."""
    local, at, domain = address.strip().strip("<>").lower().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def mailbox_of(address: str) -> Mailbox | None:
    """The mailbox of ours that this address reaches."""
    plain = address.strip().strip("<>").lower()
    return (
        Mailbox.objects.filter(is_active=True, address=plain).first()
        or Mailbox.objects.filter(is_active=True, tags_addresses=True, address=untagged(plain)).first()
    )


def our_sender() -> str:
    """The plain address of GUIXIN_MAIL_FROM, in lower case."""
    return parseaddr(settings.MAIL_FROM)[1].lower()
