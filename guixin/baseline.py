"""The tables as they were after some migration, in one file: where an empty database begins.

Seventy migrations take half a minute, since Django draws every model again after each; what they make is written in a
second. Migrations newer than the file run on top, so it need not follow each of them and no two branches disagree about
it. Why not squashed: docs/developers/decisions/0020-where-an-empty-database-begins.md.

    python -m guixin.baseline    writes the file anew, from the migrations alone, on the server of DATABASE_URL
"""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

FILE = Path(__file__).with_name("baseline.sql")
MADE_OF = "-- Written by `python -m guixin.baseline`; the migrations it is made of:"
# What the dump says of its own session, or some older PostgreSQL does not know; and what `migrate` fills by itself.
SESSION = re.compile(r"(SET |\\|SELECT pg_catalog\.set_config|COMMENT ON EXTENSION|--|$)")
FILLED_AFTERWARDS = ("django_content_type*", "auth_permission*")  # with their sequences


def digest(baseline: str) -> str:
    """Of the migrations a baseline was made of, as they are written now."""
    made_of = re.findall(r"django_migrations VALUES \(\d+, '(\w+)', '(\w+)'", baseline)
    files = [FILE.parent / app / "migrations" / f"{name}.py" for app, name in made_of]
    written = b"".join(file.read_bytes() for file in files if file.exists())  # the others are Django's
    return hashlib.sha256(written).hexdigest()


def begin(connection) -> bool:
    """Fill a database that has no tables. False, and nothing done, if it has some.

    connection  Django's, to a PostgreSQL
    """
    if connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        (path,) = cursor.fetchone()
        # Without parameters psycopg sends it as it is: many statements, and % means nothing.
        cursor.execute("SET check_function_bodies = off; SET search_path = ''")
        cursor.execute(FILE.read_text(encoding="utf-8"))
        cursor.execute(f"SET search_path = {path}; SET check_function_bodies = on")
    return True


def of(database: str) -> str:
    """The tables of a database, and the rows its migrations put there, as statements that make them again."""
    from guixin.embedded_database.folder import package

    dump = [
        str(package() / "pginstall" / "bin" / "pg_dump"), "--dbname", database, "--no-owner", "--no-privileges", "--inserts",
        *(f"--exclude-table-data={table}" for table in FILLED_AFTERWARDS),
    ]  # fmt: skip
    written = subprocess.run(dump, check=True, capture_output=True, text=True).stdout  # noqa: S603  ours
    body, lines = False, []
    for line in written.splitlines():
        # Inside a function every line counts.
        if body or not SESSION.match(line):
            lines.append(line)
        if line.count("$$") % 2:
            body = not body
    return "\n".join(lines) + "\n"


def from_migrations(server: str, name: str) -> str:
    """What the migrations alone make in a fresh database of that name, which is dropped again."""
    url = make_conninfo(server, dbname=name)
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(drop)
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
        )
        try:
            command = [sys.executable, "-m", "guixin", "migrate", "--verbosity", "0", "--without-baseline"]
            subprocess.run(command, check=True, env=os.environ | {"DATABASE_URL": url})  # noqa: S603  ours
            return of(url)
        finally:
            admin.execute(drop)


def write(server: str) -> None:
    made = from_migrations(server, "guixin_baseline")
    FILE.write_text(f"{MADE_OF} {digest(made)}\n{made}", encoding="utf-8")


if __name__ == "__main__":
    write(os.environ["DATABASE_URL"])
