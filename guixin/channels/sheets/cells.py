"""Cells of a worksheet as the text a person sees or means, from what the file stores."""

import re
from datetime import date, datetime, time, timedelta

# Formats 14-22 and 45-47 are times everywhere, 27-36 and 50-58 in Chinese, Japanese and Korean Excel.
DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_EPOCH = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001  a sheet knows no zone
CERTAIN_DIGITS = 15  # as many as Excel keeps of a number


class LostDigits(ValueError):
    """An identity or card number was stored as a number and its last digits are gone."""


def is_time_format(code: str) -> bool:
    """Whether a number format shows a moment.

    >>> is_time_format('yyyy"年"m"月"d"日"'), is_time_format('0.00 "days"'), is_time_format("[Red]0")
    (True, False, False)
    """
    return bool(re.search("[ymdhs]", _NOT_CODE.sub("", code.split(";")[0]).lower().replace("general", "")))


def number_text(stored: str) -> str:
    """A stored number as text: no ".0", no exponent, no binary noise.

    >>> number_text("3.0"), number_text("0.10000000000000001"), number_text("110105199003071234")
    ('3', '0.1', '110105199003071234')
    """
    plain = stored.lstrip("-")
    if plain.isdigit():
        if len(plain) > CERTAIN_DIGITS and not plain[CERTAIN_DIGITS:].strip("0"):
            raise LostDigits
        return stored
    try:
        value = float(stored)
    except ValueError:
        return stored
    if abs(value) >= 10**CERTAIN_DIGITS:
        raise LostDigits
    if value != value:  # a program wrote NaN
        return stored
    if value == int(value):
        return str(int(value))
    text = repr(value)
    return text if "e" not in text else f"{value:.15f}".rstrip("0")


def moment_text(stored: str, since_1904: bool = False) -> str:
    """A stored serial number of days as `YYYY-MM-DD HH:MM:SS`; below one day as `HH:MM:SS`.

    >>> moment_text("46087.708333333336"), moment_text("0.5")
    ('2026-03-06 17:00:00', '12:00:00')
    """
    try:
        days = float(stored)
    except ValueError:
        return stored
    if not 0 <= days < 2_958_466:
        return number_text(stored)
    if not since_1904 and 1 <= days < 60:
        days += 1  # Excel believes in 29 February 1900
    moment = _EPOCH[since_1904] + timedelta(seconds=round(days * 86_400))
    return f"{moment:%H:%M:%S}" if days < 1 else moment.isoformat(" ")


def unescaped(text: str) -> str:
    """Text with `_x000D_` and its like turned back, and line breaks as LF."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def value_text(value) -> str:
    """A cell as python-calamine gives it (old .xls and .ods files)."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.replace(microsecond=0).isoformat(" ")
    if isinstance(value, date):
        return f"{value.isoformat()} 00:00:00"
    if isinstance(value, time):
        return value.replace(microsecond=0).isoformat()
    if isinstance(value, int | float):
        return number_text(repr(value))
    return str(value)
