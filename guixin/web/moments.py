"""Moments and spans as a person reads them: "今天 17:30", "2 小时 10 分", in the reader's language and zone."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_noop, pgettext
from django.utils.translation import gettext as _

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# Translated where one is used: a list of fifty cases would otherwise look up a thousand words it does not show.
WEEKDAYS = (
    gettext_noop("Mon"), gettext_noop("Tue"), gettext_noop("Wed"), gettext_noop("Thu"), gettext_noop("Fri"),
    gettext_noop("Sat"), gettext_noop("Sun"),
)  # fmt: skip
# Lists show the same moments and spans all day: each is put into words once for each language.
REMEMBERED = 20_000
AGES = ((DAY, gettext_noop("%(n)s d")), (HOUR, gettext_noop("%(n)s h")), (MINUTE, gettext_noop("%(n)s min")))


def _local(at: datetime) -> datetime:
    """In the firm's zone, which is every reader's. Asking Django for the current one costs ten times this, and a list
    of fifty cases asks two hundred times."""
    return at.astimezone(timezone.get_default_timezone())


def due_instant(at: datetime, now: datetime) -> str:
    """When something is due, as near as a person needs it: today, tomorrow, the weekday, else the date."""
    return _due_instant(at, _local(now).date(), get_language())


@lru_cache(maxsize=REMEMBERED)
def _due_instant(at: datetime, today: date, language: str | None) -> str:
    at = _local(at)
    clock = f"{at:%H:%M}"
    days = (at.date() - today).days
    if days == 0:
        return _("today %(clock)s") % {"clock": clock}
    if days == 1:
        return _("tomorrow %(clock)s") % {"clock": clock}
    if days == -1:
        return _("yesterday %(clock)s") % {"clock": clock}
    if 1 < days < 7:
        return _("%(weekday)s %(clock)s") % {"weekday": _(WEEKDAYS[at.weekday()]), "clock": clock}
    return f"{_day(at, today.year)} {clock}"


def day(at: datetime, now: datetime) -> str:
    """The date, with the year only where it is another one."""
    return _day(_local(at), _local(now).year)


def _day(at: datetime, this_year: int) -> str:
    return date_format(
        at, pgettext("date in this year", "j M") if at.year == this_year else pgettext("date", "j M Y")
    )


@lru_cache(maxsize=REMEMBERED)
def exact(at: datetime) -> str:
    """The whole truth, for a tooltip."""
    return f"{_local(at):%Y-%m-%d %H:%M:%S}"


def span(length: timedelta) -> str:
    """A span in its two largest units, rounded down: 2 h 10 min, 3 days 4 h."""
    return _span(abs(length) // MINUTE, get_language())


@lru_cache(maxsize=REMEMBERED)
def _span(minutes: int, language: str | None) -> str:
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return _with_smaller(_("%(n)s d") % {"n": days}, hours and _("%(n)s h") % {"n": hours})
    if hours:
        return _with_smaller(_("%(n)s h") % {"n": hours}, minutes and _("%(n)s min") % {"n": minutes})
    return _("%(n)s min") % {"n": minutes} if minutes else _("under a minute")


def _with_smaller(large: str, small: str | int) -> str:
    return f"{large} {small}" if small else large


def age(since: datetime, now: datetime) -> str:
    """How long something has been there, in one unit: 5 min, 3 h, 12 d."""
    return _age(max(now - since, timedelta()) // MINUTE, get_language())


@lru_cache(maxsize=REMEMBERED)
def _age(minutes: int, language: str | None) -> str:
    for unit, words in AGES:
        if count := minutes * MINUTE // unit:
            return _(words) % {"n": count}
    return _("just now")
