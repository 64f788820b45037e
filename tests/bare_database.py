"""A database with every migration and nothing else, which whoever tests copies instead of migrating.

It stays on the server under the digest of the migrations. What a migration calls outside its file is not in the digest;
bin/test is safe from that, since its server is new each time.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "guixin_bare_"
KEPT = 8  # of other branches and of yesterday


def server_of(settings: dict) -> str:
    """The PostgreSQL the tests run on, as a connection string to its maintenance database."""
    known = {
        "host": settings["HOST"],
        "port": settings["PORT"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
    }
    given = conninfo_to_dict(os.environ.get("DATABASE_URL", ""))
    return make_conninfo(
        **{**given, **{key: value for key, value in known.items() if value}, "dbname": "postgres"}
    )


def bare_database(server: str) -> str:
    """Its name. Of several processes that ask at once, one makes it and the others wait."""
    name = PREFIX + _digest()
    # A lock is held in one database: whoever came with the name of another would not wait.
    with psycopg.connect(server, dbname="postgres", autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(hashtext(%s))", [PREFIX])
        there = [row[0] for row in admin.execute(_THERE, [PREFIX])]
        if name not in there:
            _make(admin, server, name)
            for old in there[KEPT:]:
                admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))
    return name


_THERE = r"""
    SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND datname !~ 'unfinished$' ORDER BY oid DESC
"""


def _make(admin: psycopg.Connection, server: str, name: str) -> None:
    """Under another name until it is whole: whoever is killed on the way leaves nothing that looks like it."""
    unfinished = sql.Identifier(f"{PREFIX}unfinished")
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(unfinished))
    admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(unfinished))
    done = subprocess.run(
        [sys.executable, "-m", "guixin", "migrate", "--verbosity", "0"],
        env=os.environ | {"DATABASE_URL": make_conninfo(server, dbname=f"{PREFIX}unfinished")},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(unfinished, sql.Identifier(name)))


def _digest() -> str:
    written = hashlib.sha256()
    for each in sorted((ROOT / "guixin").glob("**/migrations/*.py")):
        written.update(each.relative_to(ROOT).as_posix().encode() + each.read_bytes())
    return written.hexdigest()[:16]
