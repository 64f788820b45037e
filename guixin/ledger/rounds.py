"""Questions that go on together: whatever each of them wants to know next goes to the database in one statement.

A question is a generator. It asks with `rows = yield from ask(sql, values)`, or of a query set, whose objects it gets, and
goes on with `yield from` another. `together(…)` lets several of them go on side by side, `answer(…)` drives one to its end.
"""

from collections.abc import Generator, Sequence
from typing import Any, TypeVar

from django.db.models import QuerySet

from guixin.ledger.bulk import fetch_rows
from guixin.ledger.reading import Statement, as_array, read_at_once

T = TypeVar("T")
Asked = Statement | QuerySet
Asking = Generator[list[Asked], list[list[Any]], T]


def ask(what: str | QuerySet, values: Sequence = ()) -> Asking[list[Any]]:
    """The rows of a statement, or the objects of a query set."""
    (rows,) = yield [what if isinstance(what, QuerySet) else (what, list(values))]
    return rows


def together(*askings: Asking[Any]) -> Asking[list[Any]]:
    """What each of them comes to, in their order."""
    answers: list[Any] = [None] * len(askings)
    found: dict[int, list[list[Any]] | None] = dict.fromkeys(range(len(askings)))
    while True:
        going: dict[int, list[Asked]] = {}
        for place, rows in found.items():
            try:
                going[place] = next(askings[place]) if rows is None else askings[place].send(rows)
            except StopIteration as end:
                answers[place] = end.value
        if not going:
            return answers
        came = iter((yield [each for asked in going.values() for each in asked]))
        found = {place: [next(came) for _each in asked] for place, asked in going.items()}


def answer(asking: Asking[T]) -> T:
    """What it comes to, at one statement a round."""
    try:
        asked = next(asking)
        while True:
            asked = asking.send(_found(asked))
    except StopIteration as end:
        return end.value


def _found(asked: list[Asked]) -> list[list[Any]]:
    distinct: list[Asked] = []
    for each in asked:
        if each not in distinct:
            distinct.append(each)
    statements = [each for each in distinct if not isinstance(each, QuerySet)]
    rows = _rows_of(statements) if len(statements) == len(distinct) else read_at_once(*distinct)
    return [rows[distinct.index(each)] for each in asked]


def _rows_of(statements: list[Statement]) -> list[list[Any]]:
    """Bound by the server, which plans what comes again and again but once."""
    if len(statements) == 1:
        return [fetch_rows(*statements[0])]
    sql = f"SELECT {', '.join(as_array(sql) for sql, _values in statements)}"
    (found,) = fetch_rows(sql, [value for _sql, values in statements for value in values])
    return list(found)
