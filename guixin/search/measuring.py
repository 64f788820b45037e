"""How good the search is on questions whose answer is known, and whether it finds every text with a word in it.

The passages are indexed as documents are, in tables that only this transaction sees and that vanish with it, and asked as
people ask, so that what is measured is what they get.
"""

import csv
import gzip
import json
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, TextIO

from django.db import connection, transaction

from guixin.ledger.clock import database_now
from guixin.search import asking, counting, indexing, kinds
from guixin.search.models import CommonTerm, Counted, Document, Pending

KIND = "measured"
TEXTS = ("text", "body", "review", "passage", "content")
TITLES = ("title", "subject", "name")
KEYS = ("doc_id", "id", "key", "pid")


class CannotMeasure(ValueError):
    """A file is not what it should be."""


@dataclass(frozen=True)
class Figures:
    """recall@k: the share of questions whose passage is among the first k; mrr: the mean of one over its place, up to 10."""

    questions: int
    passages: int
    recall_1: float
    recall_5: float
    recall_10: float
    mrr_10: float
    median_ms: float
    slowest_ms: float


def measure(
    questions: Sequence[tuple[str, str]], passages: Sequence[tuple[str, str, str]], *, by_suggesting: bool = False
) -> Figures:  # fmt: skip
    """questions: (what is asked, key of the right passage); passages: (key, title, text)."""
    places, taken = [], []
    with _indexed(passages) as keys:
        for text, right in questions:
            started = time.perf_counter()
            ask = asking.suggest if by_suggesting else asking.search
            found = ask(text, None, kinds=[KIND], at_most=10)
            taken.append(1000 * (time.perf_counter() - started))
            answers = [keys[each.key] for each in found]
            places.append(answers.index(right) + 1 if right in answers else 0)
    return Figures(
        questions=len(questions), passages=len(passages), recall_1=_within(places, 1), recall_5=_within(places, 5),
        recall_10=_within(places, 10), mrr_10=sum(1 / place for place in places if place) / len(places),
        median_ms=median(taken), slowest_ms=max(taken),
    )  # fmt: skip


def count_containing(words: Iterable[str], texts: Sequence[str]) -> dict[str, tuple[int, int]]:
    """For each word: (texts the search finds, texts that contain it to the letter)."""
    with _indexed([(str(at), "", text) for at, text in enumerate(texts)]):
        return {
            word: (asking.containing(KIND, word).count(), sum(word in text for text in texts))
            for word in words
        }


def _within(places: Sequence[int], at_most: int) -> float:
    return sum(0 < place <= at_most for place in places) / len(places)


@contextmanager
def _indexed(passages: Sequence[tuple[str, str, str]]) -> Iterator[list[str]]:
    """The passages in tables of their own, which hide the real ones; gives their keys by the ids they have there."""
    now, names = database_now(), [key for key, _title, _text in passages]

    def texts(keys: Collection[int]) -> Iterator[kinds.Text]:
        for at in keys:
            _key, title, body = passages[at]
            yield kinds.Text(key=at, title=title, body=body, changed_at=now, is_public=True)

    kinds.register(
        kinds.Kind(
            name=KIND, words="", page="", icon="", rows=Pending, texts=texts, visible_to=lambda person: None
        )
    )
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in (Document, CommonTerm, Counted):
                name = table._meta.db_table
                cursor.execute(f"CREATE TEMP TABLE {name} (LIKE {name} INCLUDING ALL)")
            for first in range(0, len(passages), 500):
                indexing.index(KIND, range(first, min(first + 500, len(passages))))
            cursor.execute("ANALYZE search_document")
            counting.count(now)
            yield names
            transaction.set_rollback(True)
    finally:
        kinds.forget(KIND)


def read_passages(path: Path) -> list[tuple[str, str, str]]:
    """JSON lines or CSV, gzipped or not, with a key, a text and perhaps a title under their usual names."""
    return [
        (str(_named(row, KEYS, str(at))), str(_named(row, TITLES, "")), str(_named(row, TEXTS)))
        for at, row in enumerate(_rows(path))
    ]


def read_questions(path: Path) -> list[tuple[str, str]]:
    return [(str(_named(row, ("query", "question"))), str(_named(row, KEYS))) for row in _rows(path)]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with _opened(path) as file:
        if ".json" in path.name:
            yield from (json.loads(line) for line in file if line.strip())
        else:
            yield from csv.DictReader(file)


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def _named(row: dict[str, Any], names: Sequence[str], otherwise: str | None = None) -> Any:
    for name in names:
        if name in row:
            return row[name] or ""
    if otherwise is None:
        raise CannotMeasure(f"A line has none of: {', '.join(names)}; it has: {', '.join(map(str, row))}.")
    return otherwise
