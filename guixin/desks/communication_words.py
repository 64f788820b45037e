"""The lines of a communication plan in words: on which occasion, how much later, by which channel."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guixin.promise import occasions
from guixin.promise.communication import ENTRY
from guixin.promise.models import Channel, CommunicationEntry
from guixin.understand.models import Purpose


def as_said(entry: CommunicationEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in ENTRY}


def occasion_in_words(said: Mapping[str, Any]) -> str:
    """A case was closed; every 6 months in the segment; 2026-10-01."""
    known = occasions.known().get(said["occasion"])
    if said["occasion"] == "date":
        return f"{said['on_day']}"
    if said["occasion"] == "every":
        words = ngettext("Every month in the segment", "Every %(n)s months in the segment", said["months"])
        return words % {"n": said["months"]}
    if said["occasion"] == "graded" and said["direction"]:
        return _("The grade rose") if said["direction"] == "up" else _("The grade fell")
    return str(known.words) if known else said["occasion"]


def delay_in_words(said: Mapping[str, Any]) -> str:
    """at once; 3 days later; not before 10:00."""
    hours = said["delay_hours"]
    if not hours:
        words = _("at once")
    elif hours % 24 == 0:
        words = ngettext("%(n)s day later", "%(n)s days later", hours // 24) % {"n": hours // 24}
    else:
        words = ngettext("%(n)s hour later", "%(n)s hours later", hours) % {"n": hours}
    at = said["at"]
    if not at:
        return words
    return _("%(when)s, not before %(time)s") % {
        "when": words,
        "time": at if isinstance(at, str) else f"{at:%H:%M}",
    }


def line_in_words(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a page shows of one line."""
    return {
        "code": said["code"],
        "occasion": occasion_in_words(said),
        "delay": delay_in_words(said),
        "channel": Channel(said["channel"]).label,
        "purpose": Purpose(said["purpose"]).label,
        "subject": said["subject"],
        "body": said["body"],
        "has_english": bool(said["body_en"]),
    }
