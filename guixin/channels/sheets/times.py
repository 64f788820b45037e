"""Moments as people write them, read without guessing: what has two readings is refused, in words."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

_ISO_FORMATS = {
    f"{day}{between}{hour}"
    for day in ("%Y-%m-%d",)
    for between in (" ", "T")
    for hour in ("%H:%M", "%H:%M:%S", "%H:%M:%S%z")
} | {"%Y-%m-%d"}
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d|$)")
_MARK = "上午|下午|凌晨|清晨|早上|早晨|中午|傍晚|晚上|[AaPp]\\.?[Mm]\\.?"
_WRITTEN = re.compile(
    rf"""\s*(?:(?P<y>\d{{4}})\s*[-/.年]\s*(?P<m>\d{{1,2}})\s*[-/.月]\s*(?P<d>\d{{1,2}})\s*[日号]?
           | (?P<first>\d{{1,2}})[-/.](?P<second>\d{{1,2}})[-/.](?P<year>\d{{4}}))
    \s*(?:\(?(?:星期|周)[一二三四五六日天]\)?)?
    (?:[\s,T]*(?P<before>{_MARK})?\s*
       (?P<h>\d{{1,2}})(?:\s*[:时点]\s*(?P<min>\d{{1,2}})?\s*分?(?:\s*[:]?\s*(?P<s>\d{{1,2}})(?:\.\d+)?\s*秒?)?)
       \s*(?P<after>{_MARK})?\s*(?P<zone>Z|[+-]\d\d:?\d\d)?)?\s*$""",
    re.VERBOSE,
)
_AFTERNOON = {"下午", "傍晚", "晚上"}
_FORENOON = {"上午", "凌晨", "清晨", "早上", "早晨"}


class NotATime(ValueError):
    """The message is the sentence for the person whose file it is."""


def reader_of_times(zone: ZoneInfo, formats: tuple[str, ...] = (), day_first: bool | None = None) -> Callable:
    """A function from text to an aware datetime in UTC; raises NotATime.

    zone        where times without an offset were noted. An hour that occurs twice is taken as the first
    formats     strptime formats tried before anything else
    day_first   how 7/1/2011 is meant; None refuses it

    A day without a time is its first instant.
    """
    fixed = _fixed_offset(zone)
    own = [form for form in formats if form not in _ISO_FORMATS]

    def read(text: str) -> datetime:
        for form in own:
            try:
                return _in_utc(datetime.strptime(text.strip(), form), fixed)  # noqa: DTZ007
            except ValueError:
                continue
        if _ISO.match(text):
            try:
                return _in_utc(datetime.fromisoformat(text.strip()), fixed)
            except ValueError:
                pass
        return _in_utc(_as_written(text, day_first), fixed)

    return read


def _in_utc(moment: datetime, zone) -> datetime:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise NotATime(_("This time lies outside the calendar.")) from None


def _fixed_offset(zone: ZoneInfo):
    """The zone as a plain offset where it has only one, which is several times faster."""
    if zone.key.startswith("Etc/") or zone.key in {"UTC", "GMT"}:
        return timezone(zone.utcoffset(datetime(2000, 1, 1)) or timedelta())  # noqa: DTZ001
    return zone


def _as_written(text: str, day_first: bool | None) -> datetime:
    found = _WRITTEN.match(unicodedata.normalize("NFKC", text))
    if found is None:
        if re.fullmatch(r"\d{5}(\.\d+)?", text.strip()):
            raise NotATime(_("This is a number of days as Excel counts; format the column as a date."))
        raise NotATime(_("This is no date and time that can be read; write 2026-03-06 17:00."))
    if found["y"]:
        year, month, day = int(found["y"]), int(found["m"]), int(found["d"])
    else:
        year, month, day = int(found["year"]), *_month_and_day(found, day_first)
    hour, minute, second = int(found["h"] or 0), int(found["min"] or 0), int(found["s"] or 0)
    if found["before"] and found["after"]:
        raise NotATime(_("The time says twice which half of the day it is in."))
    mark = (found["before"] or found["after"] or "").replace(".", "").lower()
    hour = _hour(hour, mark)
    try:
        moment = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001
    except ValueError:
        raise NotATime(_("There is no such day or time.")) from None
    if found["zone"]:
        moment = moment.replace(tzinfo=_offset(found["zone"]))
    return moment


def _month_and_day(found, day_first: bool | None) -> tuple[int, int]:
    first, second = int(found["first"]), int(found["second"])
    if day_first is None:
        if first <= 12 and second <= 12 and first != second:
            raise NotATime(
                _("Day and month can be read either way; say day_first = true or false in the mapping.")
            )
        day_first = first > 12
    return (second, first) if day_first else (first, second)


def _hour(hour: int, mark: str) -> int:
    """The hour of 24, e.g. 12 AM is 0, 下午3 is 15, 中午1 is 13."""
    if not mark:
        return hour
    if mark == "晚上" and hour == 12:
        raise NotATime(_("Midnight of which day? Write 00:00 or 24-hour time."))
    if mark in {"am", "pm"} and not 1 <= hour <= 12:
        raise NotATime(_("There is no such hour with AM or PM."))
    if mark == "am" or mark in _FORENOON:
        # 凌晨12:30 is half past midnight, 上午12:00 is how some write noon
        if hour == 12 and mark in {"上午", "清晨", "早上", "早晨"}:
            raise NotATime(_("Noon or midnight? Write 12:00 or 00:00."))
        if hour > 12:
            raise NotATime(_("There is no such hour in the forenoon."))
        return hour % 12
    if mark == "中午":
        return hour + 12 if hour in {1, 2} else hour
    return hour + 12 if hour < 12 and (mark == "pm" or mark in _AFTERNOON) else hour


def _offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    try:
        return timezone(-ahead if text[0] == "-" else ahead)
    except ValueError:
        raise NotATime(_("There is no such offset from UTC.")) from None
