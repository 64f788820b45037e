"""guixin demo [--seconds N] [--port 8000] [--no-browser] [--without-past] | --remove | --only-load [--days 90]"""

import os
import signal
import sys
import threading
import time
import webbrowser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from guixin.channels import demonstrating
from guixin.channels.demonstrating import CannotDemonstrate, Log, Processes, free_port
from guixin.ledger.clock import database_now


class Command(BaseCommand):
    help = "See it working: an invented firm, its pages, its worker, and a promise that climbs the ladder."
    requires_system_checks: list = []
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("--seconds", type=float, help="end by itself after so long")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-browser", action="store_true")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, help="of the log: zh-hans or en")
        parser.add_argument(
            "--remove", action="store_true", help="remove the demonstration's database and files"
        )
        parser.add_argument(
            "--without-past", action="store_true", help="today only, without the ninety days before"
        )
        parser.add_argument(
            "--only-load",
            action="store_true",
            help="tell the past into the database in use (after migrate), then end",
        )
        parser.add_argument("--days", type=int, default=90, help="how much of the past (with --only-load)")

    def handle(
        self, *, seconds, port, no_browser, language, remove, only_load, days, without_past, **options
    ):
        if only_load:
            return self.only_load(days, language)
        self.ended = threading.Event()
        for end in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(end, lambda number, frame: threading.Thread(target=self.ended.set).start())
        try:
            with translation.override(language):
                if remove:
                    gone = demonstrating.remove_database()
                    self.say(_("The demonstration is removed.") if gone else _("There is no demonstration."))
                else:
                    self.demonstrate(seconds, port, not no_browser, None if without_past else language)
        except CannotDemonstrate as wrong:
            raise CommandError(str(wrong)) from wrong

    def say(self, line: str = "") -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def only_load(self, days: int, language: str) -> None:
        os.nice(5)  # the pages and the worker come first
        try:
            with translation.override(language):
                demonstrating.load_history(days, self.say)
        except CannotDemonstrate as wrong:
            raise CommandError(str(wrong)) from wrong

    def demonstrate(
        self, seconds: float | None, port: int, with_browser: bool, tell_past_in: str | None
    ) -> None:
        began = time.monotonic()
        demonstrating.make_database()
        processes = Processes(free_port(port))
        try:
            processes.start_web()  # loads while the tables are made
            demonstrating.furnish()
            processes.start_worker()
            (_at, the_morning), *scenes = demonstrating.told("a_normal_tuesday").SCENES
            log = Log()
            the_morning(database_now())
            processes.wait_for_web()
            self.introduce(processes.address, time.monotonic() - began)
            if tell_past_in:
                processes.start_telling(tell_past_in)
            if with_browser and sys.stdout.isatty():
                webbrowser.open(f"{processes.address}/sign-in")
            until = time.monotonic() + seconds if seconds else float("inf")

            def ended() -> bool:
                if processes.dead():
                    raise CannotDemonstrate(_("A part of the demonstration ended; see above."))
                return self.ended.is_set() or time.monotonic() >= until

            demonstrating.play(scenes, log, ended=ended, say=self.say)
        finally:
            processes.stop()
        self.say(_("Ended. `guixin demo` begins a new day, `guixin demo --remove` removes its database."))

    def introduce(self, address: str, took: float) -> None:
        self.say(_("Jinlian Zippers is open (after %(seconds).1f s).") % {"seconds": took})
        watched = demonstrating.told("a_normal_tuesday").WATCHED
        # Not inside the braces of an f-string: what stands there is not found to be translated.
        sign_in, customers = _("Sign in as anybody with one click"), _("What the customer sees")
        self.say(f"  {sign_in:<36} {address}/sign-in")
        self.say(f"  {customers:<36} {demonstrating.tracking_link(watched, address)}")
        self.say(_("Nobody will look after the complaint about colours. Watch it climb; Ctrl-C ends."))
        self.say()
