"""Spans as people write them: 30m, 24h, 2d, 30 分钟, 24 小时, 2 天."""

import re
import unicodedata

_WRITTEN = re.compile(r"^(\d{1,6})\s*([a-z]+|分钟?|小时|时|天|日|小時|分鐘|時)$")
_UNITS = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "分", "分钟", "分鐘"), 1),
    **dict.fromkeys(("h", "hour", "hours", "时", "小时", "時", "小時"), 60),
    **dict.fromkeys(("d", "day", "days", "天", "日"), 1440),
}
DAY = 1440


def read(written: str) -> tuple[int, bool]:
    """(minutes, whether it was said in days, which only mean something round the clock). ValueError otherwise.

    >>> read("30m"), read("24 小时"), read("２天")
    ((30, False), (1440, False), (2880, True))
    """
    found = _WRITTEN.match(unicodedata.normalize("NFKC", written).strip().casefold())
    unit = _UNITS.get(found[2]) if found else None
    if not found or not unit or not int(found[1]):
        raise ValueError(written)
    return int(found[1]) * unit, unit == DAY


def several(written: str) -> list[str]:
    """The parts of a list however it is separated: "4h, 12h"、"4小时、12小时"."""
    return [part for part in re.split(r"[,，、;；\n]+", written) if part.strip()]
