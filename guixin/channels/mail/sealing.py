"""A password that must be used again: sealed with a key worked out from our own, so that a copy of the database opens
no mailbox. With another GUIXIN_SECRET_KEY it has to be typed again."""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class CannotOpen(Exception):
    """Sealed under another secret key, or damaged."""


def _box() -> Fernet:
    return Fernet(urlsafe_b64encode(hmac.digest(settings.SECRET_KEY.encode(), b"mailbox passwords", sha256)))


def sealed(password: str) -> str:
    return _box().encrypt(password.encode()).decode()


def opened(text: str) -> str:
    """The password; "" where none was kept."""
    if not text:
        return ""
    try:
        return _box().decrypt(text.encode()).decode()
    except InvalidToken as why:
        raise CannotOpen from why
