"""`guixin COMMAND`: one door to everything that is done from a shell.

Without DATABASE_URL the embedded PostgreSQL of GUIXIN_HOME is started, or joined, and brought up to date. With it,
that database is used as it is: on a shared server only `guixin migrate` changes tables.
"""

import os
import signal
import sys
import warnings
from contextlib import suppress

# Everything else gets a database: asking for one too many costs a second, one too few a traceback.
WITHOUT_DATABASE = {
    "help",
    "version",
    "check",
    "find_surges",
    "makemigrations",
    "squashmigrations",
    "sqlmigrate",
    "makemessages",
    "compilemessages",
    "collectstatic",
    "findstatic",
    "diffsettings",
    "startapp",
    "startproject",
}
WITHOUT_MIGRATING = {"migrate", "showmigrations", "demo"}  # the demo has a database of its own


def main() -> None:
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guixin.settings")
    command = arguments[0] if arguments else "help"
    asks_for_help = bool({"-h", "--help"} & set(arguments[1:]))
    if command in {"help", "-h", "--help"} and len(arguments) < 2:
        print(overview())
        return 0
    if command.startswith("-") or command in WITHOUT_DATABASE or asks_for_help:
        # makemigrations would like to compare with a database and warns that there is none.
        warnings.filterwarnings("ignore", "Got an error checking a consistent migration history")
        return run_django(arguments)
    if os.environ.get("DATABASE_URL"):
        return run_django(arguments)
    return run_with_embedded_database(arguments)


def run_with_embedded_database(arguments: list[str]) -> int:
    from guixin.embedded_database import Database, DatabaseUnavailable

    # Read again by guixin.settings, which must not be imported before DATABASE_URL is set.
    home = os.environ.get("GUIXIN_HOME") or os.path.join(os.path.dirname(__file__), os.pardir, "var")
    database = Database(home)
    try:
        os.environ["DATABASE_URL"] = database.start()
    except DatabaseUnavailable as problem:
        print(problem, file=sys.stderr)
        return 1
    for polite_kill in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(polite_kill, lambda number, frame: sys.exit(128 + number))  # so that we leave in order
    try:
        if arguments[0] not in WITHOUT_MIGRATING:
            bring_up_to_date()
        return run_django(arguments)
    finally:
        with suppress(Exception):  # settings that cannot be imported have no connections
            from django.db import connections

            connections.close_all()  # our own must not count as somebody else's
        database.leave()


def bring_up_to_date() -> None:
    """Apply missing migrations, one process at a time. Our database, so nobody else decides when."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    if not has_unapplied_migrations():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('guixin.migrate'))")
        try:
            if has_unapplied_migrations():
                call_command("migrate", verbosity=0)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('guixin.migrate'))")


def has_unapplied_migrations() -> bool:
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    return any(node not in loader.applied_migrations for node in loader.graph.nodes)


def run_django(arguments: list[str]) -> int:
    """Hand over to Django; a database that cannot be reached is told in a sentence."""
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db.utils import OperationalError, ProgrammingError

    try:
        execute_from_command_line(["guixin", *arguments])
    except OperationalError as problem:
        cause = problem.__cause__
        if getattr(cause, "sqlstate", None) is not None:
            raise  # the server answered; this is no connection problem
        print(f"{unreachable()}\n{str(cause).strip()}", file=sys.stderr)
        return 1
    except ProgrammingError:
        if not has_unapplied_migrations():
            raise
        print("The database lacks what this version needs. Run `bin/guixin migrate` first.", file=sys.stderr)
        return 1
    except ImproperlyConfigured as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def unreachable() -> str:
    """Where we looked, without the password that DATABASE_URL may hold."""
    from django.db import connection

    where = connection.settings_dict
    place = where["HOST"] or "the local socket"
    if where["PORT"]:
        place = f"{place}, port {where['PORT']}"
    return (
        f"The database {where['NAME']} on {place} cannot be reached. "
        "Start it, correct DATABASE_URL, or unset DATABASE_URL to use the embedded database."
    )


def overview() -> str:
    """Our commands first, one line each; Django's by name."""
    import django
    from django.core.management import get_commands, load_command_class

    django.setup()
    ours, others = [], []
    for name, application in sorted(get_commands().items()):
        if isinstance(application, str) and application.split(".")[0] == "guixin":
            purpose = (load_command_class(application, name).help or "").strip().split("\n")[0]
            ours.append(f"  {name:<20} {purpose}".rstrip())
        else:
            others.append(name)
    lines = ["guixin COMMAND [--help]", "", *(["Commands:", *ours, ""] if ours else [])]
    lines += ["Also, from Django (see `guixin help COMMAND`):", "  " + ", ".join(others)]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
