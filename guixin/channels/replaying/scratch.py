"""A database of its own for a replay, gone afterwards: the firm's records are never touched."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.core import serializers
from django.core.management import call_command
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

from guixin.organisation.models import Calendar, CalendarShift, HolidayDay, HolidayList, HolidayYear

CALENDARS = (HolidayList, HolidayYear, HolidayDay, Calendar, CalendarShift)


@contextmanager
def scratch_database(name: str) -> Iterator[str]:
    """Move this process to a fresh, migrated database with the firm's calendars. Gives its connection string.

    Only this process's connection moves; it comes back when the block ends, and the database is dropped.
    """
    calendars = [serializers.serialize("json", model.objects.all()) for model in CALENDARS]
    home = connection.settings_dict["NAME"]
    server = make_conninfo(**_connection_parameters())
    scratch = f"{name}_{os.getpid()}"
    identifier = sql.Identifier(scratch)
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(identifier))
    try:
        _move_to(scratch)
        call_command("migrate", verbosity=0)
        for model in calendars:
            for row in serializers.deserialize("json", model):
                row.save()
        yield make_conninfo(server, dbname=scratch)
    finally:
        _move_to(home)
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))


def _move_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _connection_parameters() -> dict:
    parameters = dict(connection.get_connection_params())
    for ours in ("cursor_factory", "context", "prepare_threshold", "server_side_binding"):
        parameters.pop(ours, None)
    return {key: value for key, value in parameters.items() if value not in (None, "")}
