"""The database's clock is the only clock: pages, API and work ask here and pass `now` on to the verbs."""

from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime

from django.db import connection, transaction

# While a page is only looked at: how it learns the one moment it shows (organisation/revisions.py, `one_look`).
moment_of_the_look: ContextVar[Callable[[], datetime] | None] = ContextVar("moment_of_the_look", default=None)


def database_now() -> datetime:
    """This instant by the database, UTC; in a replay, the virtual clock."""
    if looked_at := moment_of_the_look.get():
        return looked_at()
    with connection.cursor() as cursor:
        cursor.execute("SELECT guixin_now()")
        return cursor.fetchone()[0]


def set_virtual_clock(at: datetime | None) -> None:
    """Let this database live at another time (replays, demonstrations); None returns to the real clock.

    In one transaction: a worker that looked between the two statements would see the real time and break
    every promise of the past.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_virtualclock")
        if at is not None:
            cursor.execute("INSERT INTO ledger_virtualclock (at) VALUES (%s)", [at])
