"""`python -m guixin.embedded_database [--temporary] -- COMMAND`: a command with a database beneath it."""

import argparse
import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from guixin.embedded_database import FORGETFUL, Database, DatabaseUnavailable

PREFIX = "guixin-temporary-"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m guixin.embedded_database", description=__doc__)
    parser.add_argument("--temporary", action="store_true", help="an empty database, deleted afterwards")
    parser.add_argument("--durable", action="store_true", help="with --temporary: leave fsync on")
    parser.add_argument("--stop", action="store_true", help="stop the server of GUIXIN_HOME")
    parser.add_argument("command", nargs="*", metavar="COMMAND")
    given = parser.parse_args()
    home = Path(os.environ.get("GUIXIN_HOME", Path(__file__).resolve().parents[2] / "var"))
    try:
        if given.stop:
            if home.exists():
                Database(home).stop()
            return 0
        if not given.command:
            parser.error("a COMMAND is needed after --")
        if given.temporary:
            return with_temporary_database(given.command, durable=given.durable)
        database = Database(home)
        database.start()
        return run(given.command, database.client_environment())
    except DatabaseUnavailable as problem:
        print(problem, file=sys.stderr)
        return 1


def with_temporary_database(command: list[str], *, durable: bool = False) -> int:
    """GUIXIN_HOME is the temporary folder too, so that tests never touch anybody's files."""
    remove_leftovers()
    home = Path(tempfile.mkdtemp(prefix=PREFIX))
    home.chmod(0o711)  # the server's account passes through when we are root
    database = Database(home, settings={} if durable else FORGETFUL)
    try:
        database.start()
        return run(command, database.client_environment() | {"GUIXIN_HOME": str(home)})
    finally:
        database.delete()


def remove_leftovers() -> None:
    """Delete what a killed run left: the kernel has let go of its share of the server."""
    for home in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        users = home / "postgresql.users"
        try:
            if home.stat().st_uid != os.geteuid() or time.time() - users.stat().st_mtime < 60:
                continue
            with users.open() as shared:
                fcntl.flock(shared, fcntl.LOCK_EX | fcntl.LOCK_NB)
                Database(home).delete()
        except OSError:  # in use, or gone meanwhile
            continue


def run(command: list[str], environment: dict[str, str]) -> int:
    """The exit code of the command. Ctrl-C reaches it through the terminal, a polite kill through us."""
    # A handler and not SIG_IGN, which the command would inherit.
    signal.signal(signal.SIGINT, lambda number, frame: None)
    child = subprocess.Popen(command, env=os.environ | environment)  # noqa: S603
    for sign in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, lambda number, frame: child.send_signal(number))
    code = child.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
