"""The ground a reliability script stands on: a fresh database with the small firm in it, gone afterwards.

    with ground("r9") as url:
        from guixin.serve.models import Case     # Django is set up only in here
        ...

On the server of DATABASE_URL if that is set, else on an embedded server of its own. Processes the script starts
find the same database through DATABASE_URL. GUIXIN_KEEP_GROUND=1 leaves the database for a look.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tests.bare_database import bare_database


@contextmanager
def ground(name: str, *, furnished: bool = True) -> Iterator[str]:
    """The URL of a fresh, migrated database; `furnished` puts the firm, its standards, rules and terms in."""
    server = os.environ.get("DATABASE_URL")
    if server:
        with fresh_database(server, f"guixin_{name}_{os.getpid()}") as url, in_environment(url):
            yield prepared(url, furnished)
    else:
        with _embedded_server(name) as url, in_environment(url):
            yield prepared(url, furnished)


@contextmanager
def fresh_database(server: str, database: str) -> Iterator[str]:
    """A database of this name on that server with every migration and nothing else, dropped afterwards."""
    name = sql.Identifier(database)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        bare = sql.Identifier(bare_database(server))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'").format(name, bare))
    try:
        yield make_conninfo(server, dbname=database)
    finally:
        _let_go()
        if not os.environ.get("GUIXIN_KEEP_GROUND"):
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


@contextmanager
def _embedded_server(name: str) -> Iterator[str]:
    from guixin.embedded_database import Database

    home = Path(tempfile.mkdtemp(prefix=f"guixin-{name}-"))
    home.chmod(0o711)  # the server's account passes through when we are root
    database = Database(home)
    try:
        yield database.start()
    finally:
        _let_go()
        if not os.environ.get("GUIXIN_KEEP_GROUND"):
            database.delete()


@contextmanager
def in_environment(url: str) -> Iterator[None]:
    before = os.environ.get("DATABASE_URL")
    os.environ["DATABASE_URL"] = url
    try:
        yield
    finally:
        if before is None:
            del os.environ["DATABASE_URL"]
        else:
            os.environ["DATABASE_URL"] = before


def prepared(url: str, furnished: bool) -> str:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guixin.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    if furnished:
        from guixin.serve.tests import make

        make.standards(), make.rules(), make.terms()
    return url


def _let_go() -> None:
    """Close what this process still holds open."""
    from django.db import connections

    with suppress(Exception):  # nothing was opened yet, or the server is gone already
        connections.close_all()
