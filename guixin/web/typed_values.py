"""What somebody typed, as a value of a kind: a number, a day, one of a list … The one reading of every field a firm makes
up for itself: what it asks of its customers, and the forms of its requests."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

LINE, PAGE = 500, 20_000  # characters of a text, and of a long one
YES, NO = ("yes", "true", "1", "是", "有", "y", "on"), ("no", "false", "0", "否", "无", "n")


class ValueKind(models.TextChoices):
    TEXT = "text", gettext_lazy("Text")
    LONG_TEXT = "long_text", gettext_lazy("Long text")
    NUMBER = "number", pgettext_lazy("kind of value", "Number")
    DATE = "date", gettext_lazy("Date")
    MOMENT = "moment", gettext_lazy("Date and time")
    CHOICE = "choice", gettext_lazy("One of a list")
    SEVERAL = "several", gettext_lazy("Several of a list")
    YES_NO = "yes_no", gettext_lazy("Yes or no")


class NotUnderstood(ValueError):
    """What was typed is no such value. Its text is a sentence for whoever typed it."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked: under which name the reader knows it, which kind of value, and of which words."""

    name: str
    kind: str
    choices: Sequence[str] = ()


def fold(text: str) -> str:
    """Full-width to half-width, one kind of blank, lower case."""
    return " ".join(unicodedata.normalize("NFKC", text or "").split()).casefold()


def understood(asked: Asked, written: Any) -> Any:
    """What was written as a value of its kind; None for nothing. Raises NotUnderstood in words.

    number   Decimal, at most four places; "1,200.5" is understood
    date     2026-03-06, 2026/3/6 or 2026年3月6日
    moment   2026-03-06 14:30 or with a T, in the firm's time unless it says its own; cleans to an aware datetime
    several  a list, or the words with ; 、 or a line's end between them
    yes_no   yes, no, 是, 否, true, false, 1, 0
    """
    if asked.kind == ValueKind.SEVERAL:
        return _several(asked, written) or None
    if asked.kind == ValueKind.LONG_TEXT:
        return _long_text(asked, str(written if written is not None else "").strip()) or None
    text = written.isoformat() if isinstance(written, date) else str(written if written is not None else "")
    text = " ".join(text.split())
    return _READ.get(asked.kind, _text)(asked, text) if text else None


def in_words(value: Any, unit: str = "") -> str:
    """As a page shows it, in the reader's language."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        number = f"{value.normalize():f}"
        return f"{number} {unit}".rstrip()
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, list | tuple):
        return _(", ").join(str(each) for each in value)
    return str(value)


def _no(asked: Asked, sentence: str, text: str = "") -> NotUnderstood:
    return NotUnderstood(sentence % {"name": asked.name, "value": text[:100]})


def _text(asked: Asked, text: str) -> str:
    if len(text) > LINE:
        raise _no(asked, _("%(name)s: at most 500 characters."))
    return text


def _long_text(asked: Asked, text: str) -> str:
    if len(text) > PAGE:
        raise _no(asked, _("%(name)s: at most 20,000 characters."))
    return text


def _number(asked: Asked, text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", "").replace("，", ""))
        if not number.is_finite() or abs(number) >= 10**16:
            raise InvalidOperation
        return number.quantize(Decimal("0.0001"))
    except InvalidOperation:
        raise _no(asked, _("%(name)s: “%(value)s” is not a number."), text) from None


def _day(asked: Asked, text: str) -> date:
    found = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", text)
    try:
        return date(*map(int, found.groups())) if found else date.fromisoformat(text)
    except ValueError:
        raise _no(asked, _("%(name)s: “%(value)s” is not a day such as 2026-03-06."), text) from None


def _moment(asked: Asked, text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.replace("/", "-"))
        if not 1970 <= at.year <= 2200:
            raise ValueError
        return at if at.tzinfo else timezone.make_aware(at)
    except ValueError:
        raise _no(
            asked, _("%(name)s: “%(value)s” is no day and time such as 2026-03-06 14:30."), text
        ) from None


def _choice(asked: Asked, text: str) -> str:
    known = {fold(each): each for each in asked.choices}
    if fold(text) not in known:
        words = ", ".join(asked.choices)
        raise _no(asked, _("%(name)s: “%(value)s” is not one of: ") + words.replace("%", "%%"), text)
    return known[fold(text)]


def _several(asked: Asked, written: Any) -> list[str]:
    parts = written if isinstance(written, list | tuple) else re.split(r"[;；、\n]", str(written or ""))
    chosen = {_choice(asked, text) for each in parts if (text := " ".join(str(each).split()))}
    return [each for each in asked.choices if each in chosen]  # in the order of the list


def _yes_no(asked: Asked, text: str) -> bool:
    if fold(text) in YES:
        return True
    if fold(text) in NO:
        return False
    raise _no(asked, _("%(name)s: write yes or no."))


_READ: dict[str, Callable[[Asked, str], Any]] = {
    ValueKind.NUMBER: _number,
    ValueKind.DATE: _day,
    ValueKind.MOMENT: _moment,
    ValueKind.CHOICE: _choice,
    ValueKind.YES_NO: _yes_no,
}
