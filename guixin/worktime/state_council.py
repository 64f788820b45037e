"""The State Council's yearly notice (国务院办公厅关于…节假日安排的通知), pasted as text, as a list of days.

Understood are its usual shapes:

    一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
    二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
    六、中秋节：9月25日（周五）至27日（周日）放假，共3天。

Everything with a date in it that did not become a day is handed back, so that a person sees what was left over.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_WEEKDAYS = "一二三四五六日"
_BRACKET = r"(?:[（(](?P<{}>[^（）()]*)[)）])?"
_DATE = re.compile(
    r"(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日"
    + _BRACKET.format("aside")
    + r"(?:\s*(?:至|到|-|—|–|~)\s*(?:(?P<year2>\d{4})年)?(?:(?P<month2>\d{1,2})月)?(?P<day2>\d{1,2})日"
    + _BRACKET.format("aside2")
    + r")?"
)
_NAME = re.compile(
    r"^\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）]|\d+[.、．])?\s*(?P<name>[^：:，。\d]{2,14})[：:]"
)
_COUNT = re.compile(r"共\s*(\d+)\s*天")
_VAGUE = re.compile(r"另行|前后|左右|约|可能|原则上")
_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
_TITLE = re.compile(r"(\d{4})\s*年")


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """A day unlike its weekday, with the holiday it belongs to."""

    on: date
    works: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """`leftovers`: sentences with a date in them that were not understood, or that contradict themselves, and why."""

    days: tuple[NoticeDay, ...]
    leftovers: tuple[tuple[str, str], ...]


def year_in(text: str) -> int | None:
    """The year the notice speaks of: the one its title names (关于2027年部分节假日安排的通知)."""
    named = re.search(r"(\d{4})\s*年[^。\n]{0,8}节假日", text) or _TITLE.search(text)
    return int(named[1]) if named else None


def read_notice(text: str, year: int) -> Reading:
    """The days of the notice that lie in `year`, and what could not be read.

    >>> reading = read_notice("元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。", 2026)
    >>> [(day.on.day, day.works) for day in reading.days], reading.leftovers
    ([(1, False), (2, False), (3, False), (4, True)], ())
    """
    found: dict[date, NoticeDay] = {}
    leftovers: list[tuple[str, str]] = []
    for line in text.splitlines():
        name = _name_of(line)
        for sentence in re.split(r"[。；;\n]", line):
            sentence = sentence.strip()
            if not _DATE.search(sentence) or _is_date_of_the_notice(sentence):
                continue
            works, rests = "上班" in sentence, "放假" in sentence or "休息" in sentence
            if works == rests:
                leftovers.append(
                    (sentence, "neither holiday nor work" if not works else "both holiday and work")
                )
                continue
            if _VAGUE.search(sentence):
                leftovers.append((sentence, "not definite"))
                continue
            days, why = _days_in(sentence, year)
            if why:
                leftovers.append((sentence, why))
            for day in days:
                if (known := found.get(day)) and known.works != works:
                    leftovers.append((sentence, "contradicts another sentence"))
                    continue
                found[day] = NoticeDay(day, works, name)
    return Reading(tuple(found[day] for day in sorted(found) if day.year == year), tuple(leftovers))


def _name_of(line: str) -> str:
    match = _NAME.match(line)
    return match["name"].strip() if match else ""


def _is_date_of_the_notice(sentence: str) -> bool:
    """ "2025年11月4日" at the foot says when it was signed."""
    return bool(re.fullmatch(r"\d{4}年\d{1,2}月\d{1,2}日", sentence.replace(" ", "")))


def _days_in(sentence: str, year: int) -> tuple[list[date], str]:
    days: list[date] = []
    why = ""
    month: int | None = None
    for match in _DATE.finditer(sentence):
        if match["month"] is None and month is None:
            return [], "a day without a month"
        month = int(match["month"] or month or 0)
        try:
            first = date(int(match["year"] or year), month, int(match["day"]))
            last = first
            if match["day2"]:
                month = int(match["month2"] or month)
                last = date(int(match["year2"] or first.year), month, int(match["day2"]))
        except ValueError:
            return [], "no such day"
        if last < first:
            last = last.replace(year=last.year + 1)
        if (last - first).days > 31:
            return [], "a holiday of more than a month"
        if not (_weekday_fits(first, match["aside"]) and _weekday_fits(last, match["aside2"])):
            why = "the weekday does not belong to the date"
        days += [first + timedelta(days=step) for step in range((last - first).days + 1)]
    if (count := _COUNT.search(sentence)) and int(count[1]) != len(days):
        why = "the number of days does not fit"
    return days, why


def _weekday_fits(day: date, aside: str | None) -> bool:
    said = _WEEKDAY.search(aside or "")
    return said is None or _WEEKDAYS.index(said[1].replace("天", "日")) == day.weekday()
