"""A whole house for the browser: a database of its own, the web server and a worker; with the demonstration's firm or empty."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tests.bare_database import bare_database

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180  # seconds until the server answers; a machine may have much else to do
# Runs in the house for as long as it stands, since Django takes seconds to start: each line a program, each answer a line.
_WITHIN = """
import contextlib, io, json, sys, traceback
for line in sys.stdin:
    said, wrong = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(said):
            exec(json.loads(line), {})
    except BaseException:
        wrong = traceback.format_exc()
    print(json.dumps([said.getvalue(), wrong]), flush=True)
"""


@dataclass
class House:
    """`address` of the pages. `run` does something in it as a program. `world`: what leads to its things, once furnished."""

    address: str
    environment: dict[str, str]
    running: list[subprocess.Popen] = field(default_factory=list)
    within: subprocess.Popen | None = None
    world: dict = field(default_factory=dict)

    def run(self, code: str) -> str:
        """Run Python inside the house, with Django set up; returns what it printed."""
        within = self.within or self._move_in()
        assert within.stdin
        assert within.stdout
        within.stdin.write(json.dumps(code) + "\n")
        within.stdin.flush()
        said, wrong = json.loads(within.stdout.readline())
        assert not wrong, wrong
        return said.strip()

    def _move_in(self) -> subprocess.Popen:
        self.within = subprocess.Popen(
            [sys.executable, "-m", "guixin", "shell", "--no-imports", "--command", _WITHIN],
            env=self.environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.running.append(self.within)
        return self.within

    def run_alone(self, code: str) -> str:
        """The same in a process of its own, for what patches Python or turns the clock."""
        command = [sys.executable, "-m", "guixin", "shell", "--no-imports", "--command", code]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def command(self, *arguments: str, reads: str = "") -> None:
        """A command of ours; `reads` what stands on its standard input."""
        done = subprocess.run(
            [sys.executable, "-m", "guixin", *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            input=reads,
        )
        assert done.returncode == 0, done.stderr

    def open(self) -> None:
        """The web server and a worker begin. What must not be taken up by the worker meanwhile is done before."""
        port = self.address.rpartition(":")[2]
        self.start(
            "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", port, "--no-ws", "--log-level", "error",
            "guixin.asgi:application",
        )  # fmt: skip
        self.start("guixin", "worker")
        _wait_for(self.address)

    def start(self, *arguments: str) -> None:
        self.running.append(
            subprocess.Popen(
                [sys.executable, "-m", *arguments], env=self.environment, cwd=ROOT, stdout=subprocess.DEVNULL
            )
        )


@contextmanager
def house(
    server: str, name: str, files: Path, *, firm: str = "demo/firm.toml", is_open: bool = True
) -> Iterator[House]:
    """`server`: a PostgreSQL to make the database `name` in; `files`: where uploads go; no `firm`: as freshly installed.

    is_open    with the web server and a worker; a closed one has only its database, and who runs code within, until it `open`s
    """
    _create(server, name, of=bare_database(server))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://localhost:{port}"
    environment = os.environ | {
        "DATABASE_URL": make_conninfo(server, dbname=name),
        "GUIXIN_HOME": str(files),
        "GUIXIN_BASE_URL": address,
        "GUIXIN_HOSTS": "localhost,127.0.0.1",
        "GUIXIN_DEMO": "1" if firm else "0",
        "DJANGO_SETTINGS_MODULE": "guixin.settings",
    }
    made = House(address, environment)
    try:
        if firm:
            made.command("firm", "load", firm)
        if is_open:
            made.open()
        yield made
    finally:
        for process in made.running:
            process.terminate()
        for process in made.running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
        _drop(server, name)


def _create(server: str, name: str, *, of: str) -> None:
    _drop(server, name)
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'").format(
                sql.Identifier(name), sql.Identifier(of)
            )
        )


def _drop(server: str, name: str) -> None:
    with suppress(psycopg.OperationalError), psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _wait_for(address: str) -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        with suppress(httpx.HTTPError):
            if httpx.get(f"{address}/healthz", timeout=30).status_code in (200, 503):
                return
        time.sleep(0.1)
    raise AssertionError("The web server did not start.")
