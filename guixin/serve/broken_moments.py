"""Which promises to the customers of one segment were broken, by moment of truth; lent to the review of its strategy."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import QuerySet

from guixin.ledger.bulk import fetch_rows
from guixin.promise.models import Clock
from guixin.promise.moments import Moment
from guixin.serve.models import Case

# Two walks along indexes of the standard's versions: what was judged since then, and what still runs.
_COUNTED = """
    SELECT e.key, count(DISTINCT k.id) FILTER (WHERE k.breached_at IS NOT NULL), count(DISTINCT k.id)
    FROM unnest(%(keys)s::text[], %(codes)s::text[]) AS e (key, code)
    JOIN promise_standard s ON s.code = e.code JOIN promise_standardversion v ON v.standard_id = s.id
    CROSS JOIN LATERAL (
        SELECT id, case_id, breached_at FROM promise_clock
        WHERE version_id = v.id AND state IN ('met', 'missed') AND stopped_at >= %(since)s
            AND CASE WHEN breached_at IS NULL THEN stopped_at < %(until)s
                     ELSE breached_at >= %(since)s AND breached_at < %(until)s END
        UNION ALL
        SELECT id, case_id, breached_at FROM promise_clock
        WHERE version_id = v.id AND state IN ('running', 'paused')
            AND breached_at >= %(since)s AND breached_at < %(until)s) k
    JOIN serve_case c ON c.id = k.case_id AND c.segment_id = %(segment)s
    GROUP BY e.key
"""


def count_broken(
    segment_id: int, moments: Sequence[Moment], since: datetime, until: datetime
) -> dict[str, tuple[int, int]]:
    """For each moment how many promises ran out in [since, until), and how many that did or were kept then."""
    keys = [each.key for each in moments for _code in each.standards]
    codes = [code for each in moments for code in each.standards]
    terms = {"keys": keys, "codes": codes, "segment": segment_id, "since": since, "until": until}
    return {key: (broken, promised) for key, broken, promised in fetch_rows(_COUNTED, terms)}


def promises_broken(
    segment_id: int, codes: Collection[str], since: datetime, until: datetime
) -> QuerySet[Clock]:
    """Exactly those that `count_broken` calls broken."""
    return Clock.objects.filter(
        version__standard__code__in=codes, breached_at__gte=since, breached_at__lt=until,
        case_id__in=Case.objects.filter(segment_id=segment_id).values("pk"),
    ).exclude(state=Clock.State.VOID)  # fmt: skip
