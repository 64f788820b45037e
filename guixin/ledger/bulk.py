"""Sets, not loops: many rows in one statement, through arrays that PostgreSQL unnests."""

from collections.abc import Sequence

import psycopg
from django.db import connection


def insert_rows(
    table: str, columns: dict[str, str], rows: Sequence[Sequence], returning: str = "", on_conflict: str = ""
) -> list[tuple]:
    """INSERT all rows in one statement, in the given order.

    columns     name -> PostgreSQL type, in the order of the values; names come from code, never from input
    returning   columns to give back, one tuple a row in the same order
    """
    if not rows:
        return []
    names = ", ".join(columns)
    arrays = ", ".join(f"%b::{kind}[]" for kind in columns.values())
    sql = f"INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays}) {on_conflict}"  # noqa: S608
    if returning:
        sql += f" RETURNING {returning}"
    return _execute(sql, rows, fetch=bool(returning))


def update_rows(
    table: str, key: str, columns: dict[str, str], rows: Sequence[Sequence], only_if: str = ""
) -> list[int]:
    """UPDATE each row to its own values in one statement. Returns the keys that were updated.

    rows        (key, value, value …) in the order of `columns`; columns named `seen_…` are not written but
                may stand in `only_if`, as in "t.next_at = v.seen_next_at"
    """
    if not rows:
        return []
    names = ", ".join(columns)
    arrays = ", ".join(f"%b::{kind}[]" for kind in columns.values())
    assignments = ", ".join(f"{name} = v.{name}" for name in columns if not name.startswith("seen_"))
    where = f" AND {only_if}" if only_if else ""
    sql = (
        f"UPDATE {table} t SET {assignments} FROM unnest(%b::bigint[], {arrays}) AS v ({key}, {names})"  # noqa: S608
        f" WHERE t.{key} = v.{key}{where} RETURNING t.{key}"
    )
    return [row[0] for row in _execute(sql, rows, fetch=True)]


def fetch_rows(sql: str, parameters: Sequence) -> list[tuple]:
    """Read many rows in binary, with times in UTC."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql, parameters, binary=True)  # type: ignore[arg-type]
        return cursor.fetchall()


def _execute(sql: str, rows: Sequence[Sequence], *, fetch: bool) -> list[tuple]:
    """Send the arrays in binary, bound by the server: Django's own cursor would write each into the SQL text,
    which costs more than the inserts themselves."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql, [list(values) for values in zip(*rows, strict=True)])  # type: ignore[arg-type]
        return cursor.fetchall() if fetch else []
