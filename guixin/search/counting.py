"""How common words are: counted by a worker on a sample, so that a question need not read what every text has."""

from datetime import datetime

from django.db import connection, transaction

from guixin.ledger.bulk import fetch_rows
from guixin.search.kinds import all_kinds
from guixin.search.models import Counted

COMMON = 1_000  # documents: rarer terms are read whole, and counted while they are
SAMPLED = 20_000
GROWN = 1.2  # counted anew when there are so many times more documents, or fewer, than then
_COUNTING = 0x5EA2C5


def count_when_due(now: datetime) -> bool:
    """Count again if there are many more documents than last time, or many fewer. Returns whether it did.

    While a thousand documents are all there are, no term is common and nothing needs to be counted.
    """
    documents = estimated_documents()
    counted = Counted.objects.first()
    last = counted.documents + counted.names if counted else None
    if last is None and documents <= COMMON:
        return False
    if last is not None and last <= documents * GROWN and documents <= last * GROWN:
        return False
    return count(now)


@transaction.atomic
def count(now: datetime) -> bool:
    """Count the terms of a sample and note those that more than COMMON documents must have. Names are no texts: what is
    asked of texts is weighed without them.

    A term in a thousand of a million documents is in twenty of the sample, give or take nine in nineteen cases of
    twenty; the weight of a word follows the logarithm of that.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_COUNTING])
        if not cursor.fetchone()[0]:
            return False
        names = [kind.name for kind in all_kinds() if kind.is_names]
        cursor.execute(_HOW_MANY, [names, names])
        everything, documents, average = cursor.fetchone()
        share = min(100.0, 100.0 * SAMPLED / max(documents, 1))
        cursor.execute("DELETE FROM search_commonterm")
        cursor.execute(
            "CREATE TEMP TABLE search_sample ON COMMIT DROP AS SELECT terms FROM search_document"
            " TABLESAMPLE BERNOULLI (%s) WHERE kind <> ALL(%s)",
            [share, names],
        )
        cursor.execute("SELECT count(*) FROM search_sample")
        sampled = max(cursor.fetchone()[0], 1)
        cursor.execute(_COUNT, {"times": documents / sampled, "common": COMMON})
        cursor.execute("DROP TABLE search_sample")
        cursor.execute(_KEEP, [documents, everything - documents, average, now])
        cursor.execute("ANALYZE search_commonterm")
    return True


def estimated_documents() -> int:
    """How many there are, as the planner believes; while it knows nothing, counted."""
    ((believed,),) = fetch_rows(
        "SELECT reltuples::bigint FROM pg_class WHERE oid = 'search_document'::regclass", []
    )
    if believed > COMMON:
        return believed
    ((counted,),) = fetch_rows("SELECT count(*) FROM (SELECT 1 FROM search_document LIMIT 100000) AS few", [])
    return counted


_HOW_MANY = """
    SELECT count(*), count(*) FILTER (WHERE kind <> ALL(%s)),
           coalesce(avg(length) FILTER (WHERE kind <> ALL(%s)), 0) FROM search_document
"""
_COUNT = """
    INSERT INTO search_commonterm (term, documents)
    SELECT word, (ndoc * %(times)s::float)::bigint FROM ts_stat('SELECT terms FROM search_sample')
    WHERE ndoc * %(times)s::float > %(common)s
"""
_KEEP = """
    INSERT INTO search_counted (id, documents, names, average_length, counted_at) VALUES (1, %s, %s, %s, %s)
    ON CONFLICT (id) DO UPDATE SET documents = excluded.documents, names = excluded.names,
        average_length = excluded.average_length, counted_at = excluded.counted_at
"""
