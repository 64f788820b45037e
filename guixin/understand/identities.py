"""How phones, addresses and messenger names are written so that the same one is found again."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from guixin.ledger.wording import coded
from guixin.web.typed_values import fold

_SERVICE_NUMBER = re.compile(r"^(?:\+?86)?((?:400|800)\d{7}|95\d{3,6}|96\d{3,4}|1[012]\d{3}|1[012]\d)$")
_EXTENSION = re.compile(r"(?:;|ext=?\.?|x|#|转|轉|分机|分機)\s*:?\s*(\d{1,6})$")
_PERHAPS_EXTENSION = re.compile(r"-\s*(\d{1,5})$")
_LOOKS_LIKE_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+$")


class IdentityKind(TextChoices):
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    WECHAT = "wechat", _("WeChat")
    WECOM = "wecom", _("WeCom")
    ORDER = "order", _("Order number")
    OTHER = "other", _("Other")


coded("identity_kind", IdentityKind.choices)


class Known(NamedTuple):
    """One identity as it is stored and looked up."""

    kind: str
    raw: str
    normal: str


def normalise(kind: str, raw: str, region: str = "CN") -> str:
    """The searchable form. What cannot be understood is kept as written, folded: never lost, still found.

    phone  E.164, an extension after ";": "０２１-6888 1234转805" -> "+862168881234;805"; 400 and 95 numbers as digits
    email  lower case
    other  folded
    """
    folded = fold(raw)
    if kind == IdentityKind.PHONE:
        return _phone(folded, region)
    if kind == IdentityKind.EMAIL:
        return folded.removeprefix("mailto:").replace(" ", "").strip("<>")
    return folded


@lru_cache(maxsize=65536)
def _phone(folded: str, region: str) -> str:
    text = folded.removeprefix("tel:")
    readings = [(text, "")]
    if match := _EXTENSION.search(text):
        readings = [(text[: match.start()], match[1])]
    elif match := _PERHAPS_EXTENSION.search(text):
        readings.append((text[: match.start()], match[1]))
    understood = [
        (normal, extension) for number, extension in readings for normal in _numbers(number, region)
    ]
    if not understood:
        return folded
    # 138-1234-5678 is one number and 021-68881234-805 has an extension: a number that exists decides.
    (normal, _exists), extension = next((each for each in understood if each[0][1]), understood[0])
    return f"{normal};{extension}" if extension else normal


def _numbers(text: str, region: str) -> list[tuple[str, bool]]:
    """[(number, whether its prefix exists in that country's plan)], or nothing if it cannot be a number."""
    import phonenumbers  # a heavy import, not needed by every command

    digits = "".join(c for c in text if c.isdigit() or c == "+")
    if region == "CN" and (service := _SERVICE_NUMBER.match(digits)):
        return [(service[1], True)]
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return []
    if not phonenumbers.is_possible_number(number):
        return []
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return [(written, phonenumbers.is_valid_number(number))]


def last_four(kind: str, normal: str) -> str | None:
    """The last four digits of a phone, which is what people remember; without the extension."""
    if kind != IdentityKind.PHONE:
        return None
    digits = "".join(c for c in normal.partition(";")[0] if c.isdigit())
    return digits[-4:] if len(digits) >= 4 else None


def known(identities: Iterable, region: str = "CN") -> list[Known]:
    """(kind, raw) pairs in searchable form, empty ones left out, each once and in the order given."""
    found: dict[tuple[str, str], Known] = {}
    for kind, raw in identities:
        raw = (raw or "").strip()
        normal = normalise(kind, raw, region)
        if normal:
            found.setdefault((kind, normal), Known(kind, raw, normal))
    return list(found.values())


def could_be(text: str, region: str = "CN") -> list[tuple[str, str]]:
    """Every (kind, normal) that somebody may mean by typing this into one search box."""
    folded = fold(text)
    if not folded:
        return []
    kinds = [kind for kind in IdentityKind.values if kind not in (IdentityKind.PHONE, IdentityKind.EMAIL)]
    meant = [(kind, folded) for kind in kinds]
    if _LOOKS_LIKE_EMAIL.match(folded):
        meant.append((IdentityKind.EMAIL, normalise(IdentityKind.EMAIL, text)))
    meant.append((IdentityKind.PHONE, normalise(IdentityKind.PHONE, text, region)))
    return meant
