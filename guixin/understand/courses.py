"""How segments stood over time: what a worker wrote down each day, read for lists and charts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from guixin.ledger.bulk import fetch_rows
from guixin.understand.models import Segment, SegmentDay

TREND_DAYS = 28
WEEKS = 12


@dataclass(frozen=True)
class Standing:
    """As last counted; `before`: four weeks earlier, None when it was not there yet. `trend`: members day by day."""

    segment: Segment
    members: int | None
    net: int
    before: int | None
    trend: list[int]

    @property
    def change(self) -> int | None:
        return None if self.members is None or self.before is None else self.members - self.before


def standings(segments: Iterable[Segment], now: datetime) -> list[Standing]:
    """Every segment with its newest day and the four weeks before it, in two statements."""
    segments = list(segments)
    ids, since = [each.pk for each in segments], timezone.localdate(now) - timedelta(days=TREND_DAYS)
    newest = {pk: (members, net) for pk, members, net in fetch_rows(_NEWEST, [ids])}
    days: dict[int, list[tuple[date, int]]] = {pk: [] for pk in ids}
    rows = SegmentDay.objects.filter(segment_id__in=ids, day__gte=since).order_by("day")
    for pk, day, members in rows.values_list("segment_id", "day", "members"):
        days[pk].append((day, members))
    return [
        Standing(
            each, *newest.get(each.pk, (None, 0)),
            before=days[each.pk][0][1] if days[each.pk] and days[each.pk][0][0] == since else None,
            trend=[members for _day, members in days[each.pk]],
        )
        for each in segments
    ]  # fmt: skip


_NEWEST = """
    SELECT s.id, d.members, d.net FROM unnest(%s::bigint[]) AS s (id), LATERAL (
        SELECT members, net FROM understand_segmentday WHERE segment_id = s.id ORDER BY day DESC LIMIT 1) d
"""


@dataclass(frozen=True)
class Week:
    """Monday to Sunday; `entered` and `left` are counts of memberships that began and ended in it."""

    begins: date
    entered: int
    left: int
    members: int | None  # at its end, as last counted

    @property
    def ends(self) -> date:
        return self.begins + timedelta(days=6)


def weeks(segment: Segment, now: datetime, number: int = WEEKS) -> list[Week]:
    """The last weeks, this one included, oldest first."""
    today = timezone.localdate(now)
    first = today - timedelta(days=today.weekday(), weeks=number - 1)
    rows = SegmentDay.objects.filter(segment=segment, day__gte=first).order_by("day")
    found: dict[date, list[SegmentDay]] = {}
    for row in rows:
        found.setdefault(row.day - timedelta(days=row.day.weekday()), []).append(row)
    return [
        Week(
            begins,
            sum(row.entered for row in found.get(begins, ())),
            sum(row.left for row in found.get(begins, ())),
            found[begins][-1].members if begins in found else None,
        )
        for begins in (first + timedelta(weeks=n) for n in range(number))
    ]
