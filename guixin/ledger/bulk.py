"""Sets, not loops: many rows in one statement, through arrays that PostgreSQL unnests."""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection
from django.db.models import Model

ENOUGH_TO_COPY = 100  # rows from which COPY pays
_COPIED_AS = {"jsonb": "text"}


def insert_rows(
    table: str, columns: dict[str, str], rows: Sequence[Sequence], returning: str = "", on_conflict: str = ""
) -> list[tuple]:
    """INSERT all rows in one statement, in the given order.

    columns     name -> PostgreSQL type, in the order of the values; names come from code, never from input
    returning   columns to give back, one tuple a row in the same order
    """
    if not rows:
        return []
    if len(rows) >= ENOUGH_TO_COPY and returning in ("", "id") and not on_conflict:
        return _copy(table, columns, rows, with_ids=bool(returning))
    names = ", ".join(columns)
    arrays = ", ".join(f"%b::{kind}[]" for kind in columns.values())
    sql = f"INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays}) {on_conflict}"  # noqa: S608
    if returning:
        sql += f" RETURNING {returning}"
    return _execute(sql, rows, fetch=bool(returning))


def _copy(table: str, columns: dict[str, str], rows: Sequence[Sequence], *, with_ids: bool) -> list[tuple]:
    """COPY them in: a third of what arrays cost, on both sides. COPY gives nothing back, so ids are drawn before."""
    kinds, ids = [_COPIED_AS.get(kind, kind) for kind in columns.values()], []
    documents = [place for place, kind in enumerate(columns.values()) if kind == "jsonb"]
    names = ", ".join(["id", *columns] if with_ids else columns)
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        if with_ids:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, len(rows)],
            )
            ids = cursor.fetchall()
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(["bigint", *kinds] if with_ids else kinds)
            for at, values in enumerate(rows):
                row = list(ids[at]) if with_ids else []
                row += values
                for place in documents:
                    row[place + with_ids] = (
                        f"\x01{values[place]}"  # how jsonb travels: a version, then its text
                    )
                copy.write_row(row)
    return ids


def draw_ids(table: str, count: int) -> list[int]:
    """Ids for rows that are still to be inserted, so that other rows can name them before."""
    if not count:
        return []
    drawn = fetch_rows(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s::int)", [table, count]
    )
    return [pk for (pk,) in drawn]


def insert_models(objects: Sequence[Model]) -> None:
    """INSERT new objects of one model as `insert_rows` does; all of them have drawn ids, or all are given theirs."""
    if not objects:
        return
    meta, drawn = objects[0]._meta, objects[0].pk is not None
    fields = [field for field in meta.concrete_fields if drawn or not field.primary_key]
    columns = {str(field.column): str(field.db_type(connection)).partition("(")[0] for field in fields}
    rows = [[getattr(each, field.attname) for field in fields] for each in objects]
    ids = insert_rows(meta.db_table, columns, rows, returning="" if drawn else "id")
    for each, given in zip(objects, ids or [(each.pk,) for each in objects], strict=True):
        each.pk, each._state.adding, each._state.db = given[0], False, connection.alias


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


def fetch_rows(sql: str, parameters: Sequence | Mapping[str, Any]) -> list[tuple]:
    """Read many rows in binary, with times in UTC."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql, parameters, binary=True)
        return cursor.fetchall()


def _execute(sql: str, rows: Sequence[Sequence], *, fetch: bool) -> list[tuple]:
    """Send the arrays in binary, bound by the server: Django's own cursor would write each into the SQL text,
    which costs more than the inserts themselves."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql, [list(values) for values in zip(*rows, strict=True)])
        return cursor.fetchall() if fetch else []
