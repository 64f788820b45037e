"""Personal data as it is shown to those who need to recognise it but not to know it.

Masking happens on the server; what is masked never reaches the browser. Each function keeps just enough
to recognise what one has on paper: 138****5678, 张*, w***@example.com.
"""

import re

from guixin.organisation.pinyin import is_han, surname_of
from guixin.understand.identities import IdentityKind

STAR = "*"


def mask_phone(phone: str | None) -> str:
    """138****5678 for a Chinese mobile, +44*******3456 elsewhere; the extension is hidden whole.

    Service numbers (400 800 1234) belong to firms, not people, but are masked like the rest: nobody
    loses anything by it and no rule has to tell them apart.
    """
    number, has_extension, _extension = (phone or "").partition(";")
    digits = "".join(c for c in number if c.isdigit())
    if digits.startswith("86") and number.startswith("+86"):
        number = digits = digits[2:]
    if len(digits) < 7:
        shown = STAR * len(digits)
    else:
        head = number[:3]
        shown = head + STAR * (len(digits) - len(head.lstrip("+")) - 4) + digits[-4:]
    return shown + (";" + STAR * 2 if has_extension else "")


def mask_name(name: str | None) -> str:
    """张三 -> 张*, 欧阳锋 -> 欧阳*, John Smith -> J. S****, a single Latin name Madonna -> M******."""
    name = " ".join((name or "").split())
    if not name:
        return ""
    joined = name.replace("·", "").replace(" ", "")
    if is_han(joined):
        if "·" in name:  # 阿卜杜拉·买买提: the first part is the given name, and often the longer one
            return name[0] + STAR * (len(name.split("·")[0]) - 1) + "·" + STAR * 2
        surname = surname_of(joined)
        return surname + STAR * max(len(joined) - len(surname), 1)
    *given, family = name.split(" ")
    initials = " ".join(f"{word[0]}." for word in given)
    return f"{initials} {_first_then_stars(family)}".strip()


def _first_then_stars(word: str) -> str:
    return word[0] + STAR * max(len(word) - 1, 1)


def mask_email(address: str | None) -> str:
    """wang.fang@example.com -> w***@example.com: the length of the local part is not told."""
    local, at, domain = (address or "").rpartition("@")
    if not at:
        return mask_id(address)
    return f"{local[:1]}{STAR * 3}@{domain}"


def mask_id(text: str | None) -> str:
    """Any other identifier, ID cards and messenger names included: first and last two characters of a long one."""
    text = text or ""
    if len(text) < 8:
        return STAR * len(text)
    return text[:2] + STAR * (len(text) - 4) + text[-2:]


def mask(kind: str, text: str) -> str:
    """Any identity, by its kind. An order number says nothing about a person and stays readable."""
    if kind == IdentityKind.ORDER:
        return text
    if kind == IdentityKind.PHONE:
        return mask_phone(text)
    return mask_email(text) if kind == IdentityKind.EMAIL else mask_id(text)


_WITHIN = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\+?\d(?:[ \-]?\d){6,}[Xx]?")


def mask_within(text: str) -> str:
    """What somebody wrote freely, with the addresses and long numbers in it masked; names stay as they are.

    >>> mask_within("打 138 1234 5678 找王芳，或 wang.fang@example.com，房间 1203")
    '打 138****5678 找王芳，或 w***@example.com，房间 1203'
    """

    def masked(found: re.Match[str]) -> str:
        said = found.group()
        if "@" in said:
            return mask_email(said)
        number = re.sub(r"[ \-]", "", said)
        return mask_phone(number) if len(number) <= 15 else mask_id(number)

    return _WITHIN.sub(masked, text)
