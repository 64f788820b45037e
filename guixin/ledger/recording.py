"""Writing entries and letting the rest of the firm react, in one transaction."""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection

from guixin.ledger.bulk import insert_rows
from guixin.ledger.events import Event

Reaction = Callable[[list], None]
MAX_DEPTH = 8
MANY = 2_000  # entries written as rows, above which a reaction may be told once instead of one by one

_reactions: dict[type[Event], list[Reaction]] = {}
_instead: dict[Reaction, Callable[[datetime], None]] = {}
_depth: ContextVar[int] = ContextVar("reaction_depth", default=0)


class NotInTransaction(RuntimeError):
    """`record` was called outside a transaction, where the effect and its entry could part."""


class ReactionsInACircle(RuntimeError):
    """Reactions kept recording events that caused each other."""


def when(event: type[Event], then: Iterable[Reaction]) -> None:
    """Call each reaction, in this order, with the list of events of this class recorded together."""
    _reactions.setdefault(event, []).extend(then)


def when_many(reaction: Reaction, instead: Callable[[datetime], None]) -> None:
    """Of more than MANY entries written by `record_rows`, call `instead(happened_at)` once, and not `reaction`.

    For a reaction that asks for everything to be looked at again when it hears of so many anyway.
    """
    _instead[reaction] = instead


def reactions_to(event: type[Event]) -> tuple[Reaction, ...]:
    """What is wired to this event, in order."""
    return tuple(_reactions.get(event, ()))


def record(*events: Event) -> None:
    """Append entries for these events and run their reactions, inside the caller's transaction.

    The events of one class reach each reaction as one list, so that ten thousand breaches cost a few
    statements. If a reaction fails, nothing happened.
    """
    if not events:
        return
    if not connection.in_atomic_block:
        raise NotInTransaction("An entry is only recorded inside the transaction of its effect.")
    depth = _depth.get()
    if depth >= MAX_DEPTH:
        raise ReactionsInACircle(f"More than {MAX_DEPTH} levels of reactions, last {events[0].kind}.")
    _write(events)
    token = _depth.set(depth + 1)
    try:
        batches: dict[type[Event], list[Event]] = {}
        for event in events:
            batches.setdefault(type(event), []).append(event)
        for cls, batch in batches.items():
            for react in _reactions.get(cls, ()):
                react(batch)
    finally:
        _depth.reset(token)


_ENTRY = {
    "kind": "text",
    "happened_at": "timestamptz",
    "actor_id": "bigint",
    "about_kind": "text",
    "about_id": "bigint",
    "case_id": "bigint",
    "facts": "jsonb",
}
_INSERT_PERSONAL = """
    WITH entry AS (
        INSERT INTO ledger_entry (kind, happened_at, actor_id, about_kind, about_id, case_id, facts, commitment)
        VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, %s) RETURNING id)
    INSERT INTO ledger_private (entry_id, salt, payload) SELECT id, %s, %s::jsonb FROM entry
"""


def _write(events: Iterable[Event]) -> None:
    """One statement for a run of events without personal data, one for each with."""
    for has_personal, together in groupby(events, lambda event: bool(event.personal)):
        if not has_personal:
            insert_rows("ledger_entry", _ENTRY, [_columns(event) for event in together])
            continue
        with connection.cursor() as cursor:
            for event in together:
                salt, payload = secrets.token_bytes(16), canonical(event.personal)
                cursor.execute(_INSERT_PERSONAL, [*_columns(event), commitment(salt, payload), salt, payload])


def _columns(event: Event) -> tuple:
    facts = canonical(event.facts())
    return event.kind, event.happened_at, event.actor_id, *event.about, event.case_id, facts


# Made once: json.dumps would make an encoder for every call.
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def canonical(facts: dict) -> str:
    """The one spelling of a JSON object that is hashed: sorted keys, no blanks, UTF-8."""
    return _encode(facts)


def commitment(salt: bytes, payload: str) -> bytes:
    """Binds an entry to its personal part; once the salt is erased nobody can guess the part back."""
    return hashlib.sha256(salt + payload.encode()).digest()


def record_rows(
    event: type[Event], select: str, parameters: Sequence, *, happened_at: datetime, at_once: int = 10_000
) -> int:
    """Append an entry for each row of a query, as one statement, and run the reactions in batches.

    event      the class; without personal data, which needs a salt of its own for each entry
    select     (about_kind, about_id, facts as jsonb); written by code, never by people
    Returns how many. For what happens to a million at once: a million objects would be minutes.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction("An entry is only recorded inside the transaction of its effect.")
    depth = _depth.get()
    if depth >= MAX_DEPTH:
        raise ReactionsInACircle(f"More than {MAX_DEPTH} levels of reactions, last {event.kind}.")
    reactions = _reactions.get(event, ())
    with connection.cursor() as cursor:
        instead = _once_for_many(cursor, reactions, select, parameters)
        reactions = () if instead else reactions
        returning = " RETURNING about_kind, about_id, facts" if reactions else ""
        cursor.execute(
            "INSERT INTO ledger_entry (kind, happened_at, about_kind, about_id, facts)"  # noqa: S608
            " SELECT %s, %s, about_kind, about_id, facts"
            f" FROM ({select}) AS row (about_kind, about_id, facts){returning}",
            [event.kind, happened_at, *parameters],
        )
        written = cursor.rowcount
        token = _depth.set(depth + 1)
        try:
            while reactions and (rows := cursor.fetchmany(at_once)):
                batch: list[Event] = [
                    event(happened_at=happened_at, about=(kind, pk), **_read(facts))
                    for kind, pk, facts in rows
                ]
                for react in reactions:
                    react(batch)
            for tell in instead:
                tell(happened_at)
        finally:
            _depth.reset(token)
    return written


def _once_for_many(
    cursor: Any, reactions: Iterable[Reaction], select: str, parameters: Sequence
) -> list[Callable[[datetime], None]]:
    """What is called once in place of these reactions, if each of them has it and the rows are many."""
    if not reactions or not all(each in _instead for each in reactions):
        return []
    cursor.execute(f"SELECT count(*) FROM ({select}) AS row", parameters)  # noqa: S608
    return [_instead[each] for each in reactions] if cursor.fetchone()[0] > MANY else []


def _read(facts: str | dict) -> dict:
    return json.loads(facts) if isinstance(facts, str) else facts
