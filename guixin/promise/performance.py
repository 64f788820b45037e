"""How the promises behind something are kept: asked for a set of standards, answered from the clocks.

By completion: a promise counts in the span in which it ended. Those that still run are said beside, never mixed in.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import QuerySet

from guixin.ledger.bulk import fetch_rows
from guixin.promise.models import Clock
from guixin.promise.verdicts import JUDGED, Share

DAYS = 90  # looked back on
WELL, POORLY = 95, 85  # percent kept: from here on green, below it red


@dataclass(frozen=True)
class Performance:
    """Of the promises behind one thing. `median` is the wall-clock time they took; none where nothing ended."""

    share: Share = field(default_factory=Share)
    median: timedelta | None = None
    running: int = 0
    broken: int = 0  # of those running: past their deadline

    @property
    def look(self) -> str:
        """ "late" when it is kept badly or something is broken now, "quiet" while there is too little to judge."""
        if self.broken:
            return "late"
        if not self.share.is_enough:
            return "quiet"
        if self.share.percent_kept >= WELL:
            return "ok"
        return "soon" if self.share.percent_kept >= POORLY else "late"


_ENDED = """
    SELECT e.key, count(*) FILTER (WHERE k.state = 'met'), count(*) FILTER (WHERE k.state = 'missed'),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM k.stopped_at - k.started_at))
    FROM unnest(%s::text[], %s::text[]) AS e (key, code) JOIN promise_standard s ON s.code = e.code
    JOIN promise_standardversion v ON v.standard_id = s.id JOIN promise_clock k ON k.version_id = v.id
    WHERE k.state IN ('met', 'missed') AND k.stopped_at >= %s AND k.stopped_at < %s
        AND (%s::bigint[] IS NULL OR k.department_id = ANY(%s::bigint[])) GROUP BY e.key
"""
_RUNNING = """
    SELECT e.key, count(*), count(k.breached_at)
    FROM unnest(%s::text[], %s::text[]) AS e (key, code) JOIN promise_standard s ON s.code = e.code
    JOIN promise_standardversion v ON v.standard_id = s.id JOIN promise_clock k ON k.version_id = v.id
    WHERE k.state IN ('running', 'paused')
        AND (%s::bigint[] IS NULL OR k.department_id = ANY(%s::bigint[])) GROUP BY e.key
"""


def performance(
    standards: Mapping[str, Sequence[str]], *, now: datetime, department_ids: Collection[int] | None = None,
    days: int = DAYS,
) -> dict[str, Performance]:  # fmt: skip
    """For each key the promises by these codes of standards, in two statements for all of them.

    department_ids    only promises these departments had to keep; None: all
    """
    keys = [key for key, codes in standards.items() for _code in codes]
    codes = [code for some in standards.values() for code in some]
    found = dict.fromkeys(standards, Performance())
    if not codes:
        return found
    whose = None if department_ids is None else sorted(department_ids)
    ended = fetch_rows(_ENDED, [keys, codes, now - timedelta(days=days), now, whose, whose])
    running = {key: counts for key, *counts in fetch_rows(_RUNNING, [keys, codes, whose, whose])}
    for key, met, missed, seconds in ended:
        found[key] = Performance(Share(met + missed, missed), timedelta(seconds=float(seconds)))
    for key, (runs, broken) in running.items():
        found[key] = Performance(found[key].share, found[key].median, runs, broken)
    return found


WHICH = ("ended", "missed", "running", "broken")


def promises_behind(
    codes: Collection[str], which: str, *, now: datetime, department_ids: Collection[int] | None = None,
    days: int = DAYS,
) -> QuerySet[Clock]:  # fmt: skip
    """Exactly the clocks that a number of `performance` counts; `which` is one of WHICH."""
    clocks = Clock.objects.filter(version__standard__code__in=codes)
    if department_ids is not None:
        clocks = clocks.filter(department_id__in=department_ids)
    if which in ("running", "broken"):
        clocks = clocks.open()
        return clocks.filter(breached_at__isnull=False) if which == "broken" else clocks
    clocks = clocks.filter(state__in=JUDGED, stopped_at__gte=now - timedelta(days=days), stopped_at__lt=now)
    return clocks.filter(state=Clock.State.MISSED) if which == "missed" else clocks
