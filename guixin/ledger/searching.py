"""Looking through the ledger backwards without an index for every question.

Entries are found by their case, or by the primary key in stretches of a bounded length: a filter that finds little
costs one stretch a page, never the whole ledger, and the page says how far it looked. Days become ids by a binary
search over the primary key, because entries are written in the order of time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from guixin.ledger.models import Entry

STRETCH = 100_000  # ids looked through for one page
_OUT_OF_ORDER = timedelta(minutes=10)  # a long transaction may carry an older id than a short one beside it


@dataclass(frozen=True)
class Search:
    """What is asked for; `before` is the id where the page before ended."""

    kind: str = ""
    about_kind: str = ""  # of entries that belong to no case; these are few and have an index
    actor_id: int | None = None
    case_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


@dataclass(frozen=True)
class Found:
    """`older`: where to go on; `is_cut`: the stretch ended before the page was full."""

    entries: list[Entry]
    older: int | None
    is_cut: bool = False


def look(search: Search, *, limit: int) -> Found:
    """One page, newest first."""
    entries = Entry.objects.order_by("-id")
    if search.kind:
        entries = entries.filter(kind=search.kind)
    if search.actor_id:
        entries = entries.filter(actor_id=search.actor_id)
    if search.since:
        entries = entries.filter(recorded_at__gte=search.since)
    if search.until:
        entries = entries.filter(recorded_at__lt=search.until)
    if search.case_id or search.about_kind:
        entries = entries.filter(
            **({"case_id": search.case_id} if search.case_id else {"case_id__isnull": True}),
            **({"about_kind": search.about_kind} if search.about_kind else {}),
        )
        if search.before:
            entries = entries.filter(id__lt=search.before)
        found = list(entries[: limit + 1])
        return Found(found[:limit], found[limit - 1].pk if len(found) > limit else None)
    newest, oldest = _ends()
    top = search.before or newest + 1
    if search.until:
        top = min(top, _first_id_from(search.until + _OUT_OF_ORDER, oldest, newest))
    bottom = _first_id_from(search.since - _OUT_OF_ORDER, oldest, newest) if search.since else oldest
    low = max(bottom, top - STRETCH)
    found = list(entries.filter(id__lt=top, id__gte=low)[: limit + 1])
    if len(found) > limit:
        return Found(found[:limit], found[limit - 1].pk)
    return Found(found, low if low > bottom else None, is_cut=low > bottom)


def _ends() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0), coalesce(min(id), 0) FROM ledger_entry")
        return cursor.fetchone()


def _first_id_from(moment: datetime, oldest: int, newest: int) -> int:
    """The first id recorded at or after the moment; one past the newest if there is none. About log2(n) look-ups."""
    with connection.cursor() as cursor:
        cursor.execute(_BISECT, {"oldest": oldest, "beyond": newest + 1, "moment": moment})
        return cursor.fetchone()[0]


_BISECT = """
    WITH RECURSIVE half (low, high) AS (
        SELECT %(oldest)s::bigint, %(beyond)s::bigint
        UNION ALL
        SELECT CASE WHEN middle.is_earlier THEN middle.at + 1 ELSE low END,
               CASE WHEN middle.is_earlier THEN high ELSE middle.at END
        FROM half, LATERAL (
            SELECT (low + high) / 2 AS at,
                   coalesce((SELECT recorded_at < %(moment)s FROM ledger_entry
                             WHERE id >= (low + high) / 2 ORDER BY id LIMIT 1), false) AS is_earlier) middle
        WHERE low < high)
    SELECT low FROM half WHERE low >= high LIMIT 1
"""
