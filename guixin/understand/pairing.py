"""Customers who may be one, looked for by a worker in one set statement, decided by a person, never asked twice."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q, prefetch_related_objects

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.understand import events
from guixin.understand.models import Customer, Merge, Pair

SHARED_BY_AT_MOST = 5  # what more than five share is a switchboard or a family's shop, and says nothing
_LOCK = 0x50414952  # one worker at a time; the others have nothing to gain
PAGE = 30

_FIND = """
    CREATE TEMPORARY TABLE pair_found ON COMMIT DROP AS
    WITH likeness (first_id, second_id, reason, weight) AS (
        SELECT a.customer_id, b.customer_id, 'same_' || a.kind, 4
        FROM (SELECT i.kind, i.normal FROM understand_identity i JOIN understand_customer c ON c.id = i.customer_id
              WHERE i.kind <> 'order' AND c.merged_into_id IS NULL
              GROUP BY 1, 2 HAVING count(*) BETWEEN 2 AND %(at_most)s) AS shared
        JOIN understand_identity a USING (kind, normal)
        JOIN understand_identity b USING (kind, normal)
        WHERE a.customer_id < b.customer_id
      UNION ALL  -- the same name at the same company
        SELECT a.id, b.id, 'same_company', 3
        FROM understand_customer a JOIN understand_customer b
          ON b.works_at_id = a.works_at_id AND b.name_folded = a.name_folded AND a.id < b.id
        WHERE a.name_folded <> ''
      UNION ALL  -- two companies of one name
        SELECT a.id, b.id, 'same_company', 2
        FROM (SELECT name_folded FROM understand_customer
              WHERE kind = 'company' AND name_folded <> '' AND merged_into_id IS NULL
              GROUP BY 1 HAVING count(*) BETWEEN 2 AND %(at_most)s) AS named
        JOIN understand_customer a ON a.name_folded = named.name_folded AND a.kind = 'company'
        JOIN understand_customer b ON b.name_folded = named.name_folded AND b.kind = 'company' AND a.id < b.id
      UNION ALL  -- sounds the same, and one digit of the phone was perhaps misheard
        SELECT a.customer_id, b.customer_id, 'same_sound_and_last_digits', 3
        FROM (SELECT i.last4, c.name_pinyin FROM understand_identity i
              JOIN understand_customer c ON c.id = i.customer_id
              WHERE i.last4 IS NOT NULL AND c.name_pinyin <> '' AND c.merged_into_id IS NULL
              GROUP BY 1, 2 HAVING count(DISTINCT c.id) BETWEEN 2 AND %(at_most)s) AS sounding
        JOIN understand_identity a ON a.last4 = sounding.last4
        JOIN understand_identity b ON b.last4 = sounding.last4 AND a.customer_id < b.customer_id AND a.normal <> b.normal
        JOIN understand_customer ca ON ca.id = a.customer_id AND ca.name_pinyin = sounding.name_pinyin
        JOIN understand_customer cb ON cb.id = b.customer_id AND cb.name_pinyin = sounding.name_pinyin
    ), standing AS (
        SELECT DISTINCT l.* FROM likeness l
        JOIN understand_customer a ON a.id = l.first_id JOIN understand_customer b ON b.id = l.second_id
        WHERE a.merged_into_id IS NULL AND b.merged_into_id IS NULL AND a.kind = b.kind
    )
    SELECT s.first_id, s.second_id, array_agg(DISTINCT s.reason ORDER BY s.reason)
           || CASE WHEN a.name_folded <> '' AND a.name_folded = b.name_folded THEN ARRAY['same_name'] ELSE '{}' END
           AS reasons,
           sum(s.weight) + CASE WHEN a.name_folded <> '' AND a.name_folded = b.name_folded THEN 2 ELSE 0 END AS weight
    FROM standing s JOIN understand_customer a ON a.id = s.first_id JOIN understand_customer b ON b.id = s.second_id
    GROUP BY s.first_id, s.second_id, a.name_folded, b.name_folded
"""
_KEEP = """
    INSERT INTO understand_pair (first_id, second_id, reasons, weight, found_at, state)
    SELECT first_id, second_id, reasons, weight, %s, 'open' FROM pair_found
    ON CONFLICT (first_id, second_id) DO UPDATE SET reasons = EXCLUDED.reasons, weight = EXCLUDED.weight
    WHERE understand_pair.state = 'open'
      AND (understand_pair.reasons, understand_pair.weight) IS DISTINCT FROM (EXCLUDED.reasons, EXCLUDED.weight)
"""
_DROP = """
    DELETE FROM understand_pair p WHERE state = 'open'
    AND NOT EXISTS (SELECT FROM pair_found f WHERE f.first_id = p.first_id AND f.second_id = p.second_id)
"""


@transaction.atomic
def look_for_pairs(now: datetime) -> int:
    """Bring the worklist up to date: new pairs come, those that no longer look alike go, decisions stay. Returns how
    many pairs look alike; nothing if another worker is at it. Four statements, whatever the number of customers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_FIND, {"at_most": SHARED_BY_AT_MOST})
        found = cursor.rowcount
        cursor.execute(_KEEP, [now])
        cursor.execute(_DROP)
        cursor.execute("DROP TABLE pair_found")
    return found


@dataclass(frozen=True)
class Worklist:
    pairs: list[Pair]
    has_more: bool


def worklist(after: int = 0) -> Worklist:
    """Pairs to decide, the likeliest first; `after` skips as many, at most a few pages of them are ever looked at."""
    rows = (
        Pair.objects.filter(state=Pair.State.OPEN, first__merged_into=None, second__merged_into=None)
        .select_related("first", "second")
        .prefetch_related("first__identities", "second__identities")
        .order_by("-weight", "pk")[after : after + PAGE + 1]
    )
    found = list(rows)
    return Worklist(found[:PAGE], len(found) > PAGE)


@transaction.atomic
def differ(one: Customer, other: Customer, *, by: Person, now: datetime) -> None:
    """These two are not the same. Remembered: neither the worklist nor a page asks again."""
    first, second = sorted((one.pk, other.pk))
    pair, _is_new = Pair.objects.get_or_create(
        first_id=first, second_id=second, defaults={"reasons": [], "weight": 0, "found_at": now}
    )
    if pair.state == Pair.State.DIFFERENT:
        return
    pair.state, pair.decided_at, pair.decided_by = Pair.State.DIFFERENT, now, by
    pair.save(update_fields=["state", "decided_at", "decided_by"])
    record(
        events.CustomersFoundDifferent(
            happened_at=now, actor_id=by.pk, about=("customer", one.pk), other_customer_id=other.pk
        )
    )


def alike(customer: Customer, at_most: int) -> list[tuple[Customer, list[str]]]:
    """Who may be this customer, the likeliest first, each with the reasons (keys of duplicates.REASONS)."""
    rows = (
        Pair.objects.filter(Q(first=customer) | Q(second=customer), state=Pair.State.OPEN)
        .filter(first__merged_into=None, second__merged_into=None)
        .select_related("first", "second")
        .order_by("-weight", "pk")[:at_most]
    )
    found = [(row.second if row.first_id == customer.pk else row.first, row.reasons) for row in rows]
    prefetch_related_objects([other for other, _reasons in found], "identities")
    return found


def settle(made: Merge, state: str, *, by: Person, now: datetime) -> None:
    """The pair of a merge is decided by it, and by its being undone."""
    first, second = sorted((made.kept_id, made.merged_id))
    Pair.objects.filter(first_id=first, second_id=second).update(state=state, decided_at=now, decided_by=by)
