"""The database's clock is the only clock: pages, API and work ask here and pass `now` on to the verbs."""

from datetime import datetime

from django.db import connection, transaction


def database_now() -> datetime:
    """This instant by the database, UTC; in a replay, the virtual clock."""
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
