"""The demonstration: an invented firm in a database of its own, its pages, its worker, and its ledger as it grows."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from types import ModuleType

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import sql
from psycopg.conninfo import make_conninfo

from guixin.ledger.clock import database_now
from guixin.ledger.models import Entry
from guixin.ledger.wording import in_words
from guixin.organisation import firm
from guixin.organisation.models import Department, Post
from guixin.serve.models import Case

DATABASE = "guixin_demo"
FOLDER = Path(__file__).resolve().parents[2] / "demo"
STOPPED_WITHIN = 10  # seconds
QUIET = ("promise.standard_published", "promise.clock_stopped", "promise.clock_handed_over")


class CannotDemonstrate(Exception):
    """The demonstration cannot begin, and why."""


# -- its database ------------------------------------------------------------------------------------------------


def remove_database() -> bool:
    """Drop the demonstration's database and its files. Returns whether there was one."""
    try:
        with psycopg.connect(_server(), autocommit=True) as server:
            there = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(DATABASE)))
    except psycopg.errors.ObjectInUse as wrong:
        raise CannotDemonstrate(_("A demonstration is running already; end it first with Ctrl-C.")) from wrong
    shutil.rmtree(_home(), ignore_errors=True)
    return bool(there)


def make_database() -> None:
    """A fresh one, and from here on this process and its children live in it."""
    remove_database()
    try:
        with psycopg.connect(_server(), autocommit=True) as server:
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(
                    sql.Identifier(DATABASE)
                )
            )
    except psycopg.errors.InsufficientPrivilege as wrong:
        raise CannotDemonstrate(
            _(
                "This account may not create the database %(name)s. Unset DATABASE_URL to use the embedded one."
            )
            % {"name": DATABASE}
        ) from wrong
    os.environ["DATABASE_URL"] = make_conninfo(_server(), dbname=DATABASE)
    os.environ["GUIXIN_HOME"], os.environ["GUIXIN_SECRET_KEY"] = str(_home()), settings.SECRET_KEY
    connection.close()
    connection.settings_dict["NAME"] = DATABASE


def _home() -> Path:
    """What is attached in the demonstration lies apart from anything real, and goes with it."""
    return settings.HOME / "demonstration"


def _server() -> str:
    return os.environ.get("DATABASE_URL", "postgresql:///postgres")


def furnish() -> None:
    """The tables, and the firm of demo/firm.toml as it began three months ago."""
    call_command("migrate", verbosity=0, skip_checks=True)
    history = told("history")
    began = database_now() - timedelta(days=history.WHOLE + 1)
    firm.load(FOLDER / "firm.toml", now=began)
    history.furnish(began)


def load_history(days: int, say: Callable[[str], None]) -> int:
    """Into the database we are in, after its tables are made: the firm, if it has none, and its last `days`.

    Returns how many cases. The pages may be open and a worker at work meanwhile.
    """
    history, now, shown = told("history"), database_now(), 0
    if not Department.objects.exists():
        firm.load(FOLDER / "firm.toml", now=now - timedelta(days=history.WHOLE + 1))

    def said(done: int, of: int) -> None:
        nonlocal shown
        part = 10 * done // max(of, 1)
        if part > shown:
            shown = part
            say(_("  The past: %(done)s of %(all)s cases are told.") % {"done": done, "all": of})

    try:
        return history.load(now=now, days=days, said=said)
    except (history.AlreadyThere, KeyError) as wrong:
        raise CannotDemonstrate(
            _("The history is told only to the firm of demo/firm.toml, and only once: %s") % wrong
        ) from wrong


def told(scenario: str) -> ModuleType:
    """A module of the folder demo, which is no part of the package."""
    if str(FOLDER.parent) not in sys.path:
        sys.path.append(str(FOLDER.parent))
    return import_module(f"demo.{scenario}")


# -- its processes -----------------------------------------------------------------------------------------------


def free_port(wanted: int) -> int:
    """The wanted port, or the next one that nobody listens on."""
    for port in range(wanted, wanted + 50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise CannotDemonstrate(_("No free port from %(port)d on.") % {"port": wanted})


class Processes:
    """The web server, the worker and the teller of the past, all ended with us."""

    def __init__(self, port: int):
        self.address = f"http://localhost:{port}"
        self.environment = os.environ | {
            "GUIXIN_DEMO": "1",
            "GUIXIN_BASE_URL": self.address,
            "GUIXIN_HOSTS": "localhost,127.0.0.1",
        }
        self.port = port
        self.running: list[subprocess.Popen] = []
        self.telling: subprocess.Popen | None = None  # ends by itself

    def start_web(self) -> None:
        command = ["-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(self.port)]
        command += ["--no-ws", "--log-level", "error", "guixin.asgi:application"]
        self.running.append(self._started(command))

    def start_worker(self) -> None:
        self.running.append(self._started(["-m", "guixin", "worker"]))

    def start_telling(self, language: str) -> None:
        """The ninety days before today, while the pages are open already. It says how far it is."""
        command = ["-m", "guixin", "demo", "--only-load", "--language", language]
        self.telling = self._started(command, says=None)

    def _started(self, arguments: list[str], says: int | None = subprocess.DEVNULL) -> subprocess.Popen:
        return subprocess.Popen(  # noqa: S603  our own interpreter with arguments from this file
            [sys.executable, *arguments],
            env=self.environment,
            cwd=FOLDER.parent,
            stdout=says,
            start_new_session=True,  # Ctrl-C is ours to pass on, once
        )

    def wait_for_web(self, patience: float = 120) -> None:
        give_up = time.monotonic() + patience
        while time.monotonic() < give_up:
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", self.port)):
                    return
            if self.dead():
                break
            time.sleep(0.05)
        raise CannotDemonstrate(_("The web server did not start; see above."))

    def dead(self) -> bool:
        return any(process.poll() is not None for process in self.running)

    def stop(self) -> None:
        ours = [*self.running, *([self.telling] if self.telling else [])]
        for process in ours:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in ours:
            try:
                process.wait(STOPPED_WITHIN)
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


# -- what one sees -----------------------------------------------------------------------------------------------


class Log:
    """The ledger as it grows, one line an event of today; the past is told beside."""

    def __init__(self):
        self.position = 0
        self.since = database_now() - timedelta(minutes=5)
        self.people = {
            post.person_id: f"{post.position.department.name}·{post.position.title} {post.person.name}"
            for post in Post.objects.filter(is_main=True).select_related("position__department", "person")
        }
        self.departments = dict(Department.objects.values_list("pk", "name"))

    def new_lines(self) -> Iterator[str]:
        """What was numbered since the last time."""
        numbered = list(Entry.objects.after(self.position)[:5000])
        entries = [entry for entry in numbered if entry.happened_at >= self.since]
        cases = Case.objects.filter(pk__in={entry.case_id for entry in entries}).in_bulk()
        self.position = numbered[-1].position if numbered else self.position
        for entry in entries:
            if entry.case_id in cases and entry.kind not in QUIET and not self._is_news(entry):
                yield self._line(entry, cases[entry.case_id])

    def _is_news(self, entry: Entry) -> bool:
        return entry.facts.get("message_kind") == "news" and entry.actor_id is None

    def _line(self, entry: Entry, case: Case) -> str:
        facts = entry.facts
        told = self.people.get(facts.get("to_person_id")) or self.people.get(facts.get("coordinator_id"))
        told = told or self.people.get(facts.get("authority_id"))
        place = self.departments.get(facts.get("department_id"))
        if not told and entry.about_kind == "task":
            told = place
        acted = self.people.get(entry.actor_id or 0)
        parts = [
            f"{timezone.localtime(entry.recorded_at):%H:%M:%S}",
            f"{_mark(entry):<3}",
            case.number,
            case.subject,
            "|",
            in_words(entry.kind, facts),
            f"→ {told}" if told else "",
            f"({acted})" if acted else "",
        ]
        return " ".join(part for part in parts if part)


def _mark(entry: Entry) -> str:
    """What should catch the eye: a warning, a breach, each level up."""
    level = entry.facts.get("level")
    if entry.kind == "promise.clock_warned":
        return "!"
    if level and entry.kind in ("promise.clock_breached", "promise.clock_escalated", "serve.case_escalated"):
        return "▲" * min(level, 3)
    return "·"


def play(scenes: list, log: Log, *, ended: Callable[[], bool], say: Callable[[str], None]) -> None:
    """Let the scenes happen at their times and print the ledger meanwhile, until `ended`."""
    began, waiting = time.monotonic(), list(scenes)
    while not ended():
        if waiting and time.monotonic() - began >= waiting[0][0]:
            _after, scene = waiting.pop(0)
            try:
                scene(database_now())
            except Exception as why:  # somebody in the browser was first, which is what it is there for
                say(f"         ({scene.__name__.replace('_', ' ')}: {why})")
        for line in log.new_lines():
            say(line)
        time.sleep(0.2)


def tracking_link(subject: str, address: str) -> str:
    link = Case.objects.get(subject=subject).tracking_link()
    return link.replace(settings.BASE_URL, address, 1)
