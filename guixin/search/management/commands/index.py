"""`guixin index`: make the search anew from what there is."""

import time

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guixin.ledger.clock import database_now
from guixin.search.counting import count
from guixin.search.indexing import index_pending, rebuild
from guixin.search.kinds import all_kinds, kind_called


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Make the search anew: everything that can be found, or some kinds of it, and how common words are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kinds", nargs="*", metavar="kind", help="some of them; all unless given")
        parser.add_argument("--pending", action="store_true", help="only what waits to be read again")

    def handle(self, *, kinds: list[str], pending: bool, **options) -> None:
        started = time.monotonic()
        if unknown := [name for name in kinds if kind_called(name) is None]:
            known = ", ".join(kind.name for kind in all_kinds())
            raise CommandError(f"Nothing is called “{unknown[0]}”; there are: {known}.")
        if pending:
            taken = 0
            while batch := index_pending():
                taken += batch
            self.stdout.write(f"{'read again':12} {taken}")
        else:
            for name, found in rebuild(kinds).items():
                self.stdout.write(f"{name:12} {found}")
        count(database_now())
        self.stdout.write(f"{'seconds':12} {time.monotonic() - started:.1f}")
