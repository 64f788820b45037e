"""Positions and seals: given after commit, once, by whichever worker holds the pen.

A slower transaction with a smaller id commits later; a reader of `id > last` would lose its entries for
good. So positions are given only to rows that are already visible, by one worker at a time.
"""

import hashlib
import json
from collections.abc import Iterator

from django.db import connection, transaction

from guixin.ledger.recording import canonical, commitment

PEN = 0x6C656467  # advisory lock: who holds it numbers
GENESIS = bytes(32)

_COLUMNS = "id, kind, happened_at, recorded_at, actor_id, about_kind, about_id, case_id, facts, commitment"


@transaction.atomic
def number_entries(limit: int = 5000) -> int:
    """Give positions and seals to committed entries that have none. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [PEN])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            f"SELECT {_COLUMNS} FROM ledger_entry WHERE position IS NULL ORDER BY id LIMIT %s",  # noqa: S608
            [limit],
        )
        rows = cursor.fetchall()
        if not rows:
            return 0
        position, seal = _head(cursor)
        numbered = []
        for row in rows:
            position, seal = position + 1, _seal(seal, position + 1, row)
            numbered.append((row[0], position, seal))
        cursor.execute(
            "UPDATE ledger_entry SET position = n.position, seal = n.seal"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[]) AS n (id, position, seal)"
            " WHERE ledger_entry.id = n.id",
            [list(column) for column in zip(*numbered, strict=True)],
        )
        return len(rows)


def _head(cursor) -> tuple[int, bytes]:
    cursor.execute(
        "SELECT position, seal FROM ledger_entry WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1"
    )
    position, seal = cursor.fetchone() or (0, GENESIS)
    return position, bytes(seal)


def head() -> tuple[int, str]:
    """The last position and its seal: print or mail it daily, and a cut tail can be proven."""
    with connection.cursor() as cursor:
        position, seal = _head(cursor)
        return position, seal.hex()


def _seal(previous: bytes, position: int, row: tuple) -> bytes:
    entry_id, kind, happened_at, recorded_at, actor_id, about_kind, about_id, case_id, facts, bound = row
    content = canonical(
        {
            "position": position,
            "id": entry_id,
            "kind": kind,
            "happened_at": happened_at.timestamp(),
            "recorded_at": recorded_at.timestamp(),
            "actor": actor_id,
            "about": [about_kind, about_id],
            "case": case_id,
            "facts": json.loads(facts),  # a plain cursor gives jsonb as PostgreSQL spells it
            "commitment": bytes(bound).hex() if bound is not None else None,
        }
    )
    return hashlib.sha256(previous + content.encode()).digest()


class BrokenSeal(Exception):
    """The ledger was changed: names the first position that no longer fits."""

    def __init__(self, position: int, why: str):
        super().__init__(f"The ledger is broken at position {position}: {why}")
        self.position = position


def verify(anchor: tuple[int, str] | None = None) -> int:
    """Walk the whole chain. Returns the last position; raises BrokenSeal at the first that does not fit.

    `anchor` is a head noted earlier outside the database: it finds a tail that was cut off, which the
    chain alone cannot.
    """
    expected, seal = 0, GENESIS
    for position, stored, row, private in _numbered():
        expected += 1
        if position != expected:
            raise BrokenSeal(expected, "an entry is missing")
        seal = _seal(seal, position, row)
        if bytes(stored) != seal:
            raise BrokenSeal(position, "its content or order was changed")
        if private and commitment(bytes(private[0]), canonical(json.loads(private[1]))) != bytes(row[-1]):
            raise BrokenSeal(position, "its personal part was changed")
        if anchor and position == anchor[0] and seal.hex() != anchor[1]:
            raise BrokenSeal(position, "it is not the entry that was anchored")
    if anchor and expected < anchor[0]:
        raise BrokenSeal(expected + 1, f"the tail up to position {anchor[0]} was cut off")
    return expected


def _numbered(chunk: int = 20_000) -> Iterator[tuple]:
    columns = ", ".join(f"e.{column.strip()}" for column in _COLUMNS.split(","))
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT e.position, e.seal, p.salt, p.payload, {columns} FROM ledger_entry e"  # noqa: S608
                " LEFT JOIN ledger_private p ON p.entry_id = e.id"
                " WHERE e.position > %s ORDER BY e.position LIMIT %s",
                [last, chunk],
            )
            rows = cursor.fetchall()
        for position, seal, salt, payload, *entry in rows:
            yield position, seal, tuple(entry), (salt, payload) if salt is not None else None
        if len(rows) < chunk:
            return
        last = rows[-1][0]
