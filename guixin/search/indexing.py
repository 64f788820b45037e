"""Keeping what is found in step with what there is.

One act on one thing indexes it in its own transaction (`index`, called by a verb or from `reactions.py`), so that it is
found at once. What changes thousands notes them (`note`), and a worker reads them again (`index_pending`). Both lock
the document before they read the row it is made from: whoever comes second has seen what the first one wrote.
"""

from collections.abc import Collection, Iterable
from itertools import groupby

from django.db import connection, transaction

from guixin.ledger.bulk import fetch_rows, insert_rows
from guixin.organisation.pinyin import spell
from guixin.search.folding import plain
from guixin.search.kinds import Kind, Text, all_kinds, kind_called
from guixin.search.models import Document, Pending
from guixin.search.terms import document_terms, name_terms

AT_ONCE = 200  # documents a worker holds locked
LONGEST_SPELLING = 200
_FEEDING = 0x5EA2C4  # one worker feeds at a time


@transaction.atomic(savepoint=False)
def index(kind: str, keys: Collection[int]) -> int:
    """Read these rows again, whatever became of them; what is there no more is found no more. Returns how many are."""
    of = kind_called(kind)
    if of is None or not keys:
        return 0
    known = Document.objects.filter(kind=kind, key__in=keys).order_by("pk").select_for_update()
    there = set(known.values_list("key", flat=True))
    texts = list(of.texts(keys))
    _write(of, texts)
    if gone := there - {text.key for text in texts}:
        Document.objects.filter(kind=kind, key__in=gone).delete()
    return len(texts)


def note(kind: str, keys: Iterable[int]) -> None:
    """These were changed together with many others: a worker reads them again soon."""
    insert_rows("search_pending", {"kind": "text", "key": "bigint"}, [(kind, key) for key in keys])


@transaction.atomic(savepoint=False)
def index_pending(at_most: int = AT_ONCE) -> int:
    """A worker's batch. Returns how many notes were taken; 0 also while another worker is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_FEEDING])
        if not cursor.fetchone()[0]:
            return 0
    taken = list(Pending.objects.order_by("pk").values_list("pk", "kind", "key")[:at_most])
    Pending.objects.filter(pk__in=[pk for pk, _kind, _key in taken]).delete()
    noted = sorted({(kind, key) for _pk, kind, key in taken})
    for kind, pairs in groupby(noted, key=lambda pair: pair[0]):
        index(kind, [key for _kind, key in pairs])
    return len(taken)


def rebuild(kinds: Iterable[str] = ()) -> dict[str, int]:
    """Everything from zero, in stretches of their own transactions; how many of each kind are found."""
    wanted = set(kinds)
    found = {}
    for kind in all_kinds():
        if wanted and kind.name not in wanted:
            continue
        found[kind.name] = sum(index(kind.name, keys) for keys in kind.stretches())
        _forget_lost(kind)
    return found


def _forget_lost(kind: Kind) -> None:
    """Documents whose row is gone without anybody saying so."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM search_document d WHERE d.kind = %s AND NOT EXISTS"  # noqa: S608  a table of ours
            f" (SELECT 1 FROM {kind.rows._meta.db_table} r WHERE r.id = d.key)",
            [kind.name],
        )


def _write(kind: Kind, texts: list[Text]) -> None:
    if texts:
        values = [_row(kind, text) for text in texts]
        columns = [list(column) for column in zip(*values, strict=True)]
        fetch_rows(_UPSERT, columns)


def _row(kind: Kind, text: Text) -> tuple:
    title, body = plain(text.title), plain(text.body)
    if kind.is_names:
        spelling, terms = "", name_terms(text.title, text.body)
    else:
        sound = spell(text.title[:LONGEST_SPELLING])
        names = {*text.names, *({sound.initials, sound.full} if len(text.title) <= 12 else ())}
        spelling, terms = sound.full, document_terms(text.title, text.body, names)
    return (
        kind.name, text.key, text.ref or str(text.key), text.language, text.title, title, body, spelling,
        _length(title) + _length(body), text.is_public, text.is_offered, max(-0.5, min(0.5, text.worth)),
        text.changed_at, "\x1f".join(terms),
    )  # fmt: skip


def _length(text: str) -> int:
    """Characters of Chinese and words of anything else, as `plain` writes them."""
    return sum(1 if each.isascii() else len(each) for each in text.split())


_UPSERT = """
    INSERT INTO search_document (kind, key, ref, language, title, title_plain, body_plain, spelling, length, is_public,
        is_offered, worth, changed_at, terms)
    SELECT kind, key, ref, language, title, title_plain, body_plain, spelling, length, is_public, is_offered, worth,
        changed_at, array_to_tsvector(array_remove(string_to_array(terms, E'\\x1f'), ''))
    FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
        %s::integer[], %s::boolean[], %s::boolean[], %s::double precision[], %s::timestamptz[], %s::text[])
        AS t (kind, key, ref, language, title, title_plain, body_plain, spelling, length, is_public, is_offered, worth,
        changed_at, terms)
    ON CONFLICT (kind, key) DO UPDATE SET ref = excluded.ref, language = excluded.language, title = excluded.title,
        title_plain = excluded.title_plain, body_plain = excluded.body_plain, spelling = excluded.spelling,
        length = excluded.length, is_public = excluded.is_public, is_offered = excluded.is_offered,
        worth = excluded.worth, changed_at = excluded.changed_at, terms = excluded.terms
    RETURNING id
"""
