"""Configuration kept in memory, and right in every process the moment another one changes it.

Each kind of configuration has a number in the database. Triggers move it on every change of its tables,
in the changing transaction, taking it from a sequence. Sequences never roll back, so a number seen inside a
transaction that came to nothing is never given to other content: what was computed there is simply never asked
for again. A reader asks for the number (one row by primary key) and recomputes only when it is a new one.

Rejected: a time to live (a transferred case would follow the old tree for a minute), and LISTEN/NOTIFY
(a lost connection is silent, and a rolled back test never notifies).
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import wraps

from django.db import connection
from django.db.migrations import RunSQL

from guixin.ledger.clock import moment_of_the_look

_ANSWERS_REMEMBERED = 50_000
_NUMBERS_REMEMBERED = 3  # the committed number, and those of transactions that are just changing it


def revision(name: str) -> int | None:
    """The number of one kind of configuration as this transaction sees it; None if nobody ever counted it."""
    return _numbers((name,))[0]


# What a look is made of, as columns: whoever reads something else at its beginning reads them besides.
LOOKED_AT = "guixin_now(), (SELECT json_object_agg(name, number) FROM organisation_revision)"


class _Look:
    """The numbers of every kind of configuration and the moment they were, asked for when the first is needed."""

    def __init__(self, found: tuple[datetime, dict[str, int] | None] | None = None):
        self._found = found

    def _ask(self) -> tuple[datetime, dict[str, int] | None]:
        if self._found is None:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {LOOKED_AT}")
                self._found = cursor.fetchone()
        return self._found

    def now(self) -> datetime:
        return self._ask()[0]

    def numbers(self) -> dict[str, int]:
        return self._ask()[1] or {}


_one_look: ContextVar[_Look | None] = ContextVar("one_look", default=None)


@contextmanager
def one_look(found: tuple[datetime, dict[str, int] | None] | None = None) -> Iterator[None]:
    """Inside the block all numbers and the time are asked for once: for a page that only reads, shown as of one moment.

    found   LOOKED_AT, if it has just been read with something else
    """
    look = _Look(found)
    token, moment = _one_look.set(look), moment_of_the_look.set(look.now)
    try:
        yield
    finally:
        moment_of_the_look.reset(moment)
        _one_look.reset(token)


def _numbers(names: tuple[str, ...]) -> tuple[int | None, ...]:
    look = _one_look.get()
    if look is None:
        return _asked(names)
    numbers = look.numbers()
    return tuple(numbers.get(name) for name in names)


def _asked(names: tuple[str, ...]) -> tuple[int | None, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, number FROM organisation_revision WHERE name = ANY(%s)", [list(names)])
        found = dict(cursor.fetchall())
    return tuple(found.get(name) for name in names)


def cached_until_changed(*names: str):
    """Remember what the function returns, by its arguments, until one of these kinds of configuration changes.

    The result is shared between threads: return something nobody will change.
    """

    def decorate(function):
        remembered: OrderedDict[tuple, dict] = OrderedDict()
        lock = threading.Lock()

        @wraps(function)
        def ask(*args):
            numbers = _numbers(names)
            if None in numbers:
                return function(*args)
            with lock:
                answers = remembered.get(numbers)
                if answers is None:
                    answers = remembered[numbers] = {}
                    while len(remembered) > _NUMBERS_REMEMBERED:
                        remembered.popitem(last=False)
            answer = answers.get(args, answers)  # the dictionary itself stands for "not yet asked"
            if answer is answers:
                # Computed after the number was read, so it is never older than the number says.
                answer = function(*args)
                if len(answers) >= _ANSWERS_REMEMBERED:
                    answers.clear()
                answers[args] = answer
            return answer

        return ask

    return decorate


def bump_on_change(table: str, name: str, *, columns: tuple[str, ...] = ()) -> RunSQL:
    """A migration operation: every statement that changes `table` gives the configuration `name` a new number.

    `columns` restricts which updates count, for tables that also hold things of the day (a person's last sign-in).
    The migration must depend on organisation 0002.
    """
    updates = f"UPDATE OF {', '.join(columns)}" if columns else "UPDATE"
    trigger = f"{table}_bumps_{name}"
    return RunSQL(
        sql=[
            f"CREATE TRIGGER {trigger} AFTER INSERT OR DELETE OR {updates} ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION guixin_bump_revision('{name}')",
            f"CREATE TRIGGER {trigger}_truncate AFTER TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION guixin_bump_revision('{name}')",
            (
                "INSERT INTO organisation_revision (name, number) "
                "VALUES (%s, nextval('organisation_revision_number')) ON CONFLICT (name) DO NOTHING",
                [name],
            ),
        ],
        reverse_sql=[
            f"DROP TRIGGER {trigger}_truncate ON {table}",
            f"DROP TRIGGER {trigger} ON {table}",
        ],
    )
