"""The pill that says how a deadline stands: icon and words, never colour alone. It knows times, nothing else."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from guixin.web.moments import due_instant, exact, span

SOON = timedelta(minutes=30)
LAST_SHARE = 4  # the last quarter of the time allowed is "soon" too
NEVER_YEAR = 9000  # queues write "no deadline" as a year beyond all others


@dataclass(frozen=True)
class Pill:
    """`look` is the CSS modifier, `icon` a symbol of icons.svg; `due` stands beside the words."""

    look: str
    icon: str
    words: str
    due: str = ""
    exact: str = ""


def pill(
    due_at: datetime | None,
    now: datetime,
    *,
    started_at: datetime | None = None,
    stopped_at: datetime | None = None,
    breached: bool = False,
    paused: bool = False,
    void: bool = False,
    reason: str = "",
) -> Pill:
    """How a deadline stands at `now`. Without `due_at` it is paused, or there is none."""
    if void:
        return Pill("void", "ended", _("no longer counts"))
    if paused:
        return Pill("paused", "pause", _("Paused: %(reason)s") % {"reason": reason or _("waiting")})
    if due_at is None or due_at.year >= NEVER_YEAR:
        return Pill("none", "ended", _("no deadline"))
    due, whole = due_instant(due_at, now), exact(due_at)
    if stopped_at is not None:
        if breached or stopped_at > due_at:
            return Pill("missed", "late", _("done late"), due, whole)
        return Pill("met", "check", _("in time"), due, whole)
    left = due_at - now
    if left < timedelta() or breached:
        words = _("%(span)s late") % {"span": span(left)} if left < timedelta() else _("late")
        return Pill("late", "late", words, due, whole)
    allowed = due_at - started_at if started_at else timedelta()
    if left <= max(SOON, allowed / LAST_SHARE):
        return Pill("soon", "soon", _("Due soon: %(span)s left") % {"span": span(left)}, due, whole)
    return Pill("running", "clock", _("%(span)s left") % {"span": span(left)}, due, whole)
