"""Django's, but an empty database begins with the baseline."""

from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections

from guixin import baseline


class Command(Migrate):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--without-baseline", action="store_true", help="run every migration, also on an empty database"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["app_label"] and not options.pop("without_baseline", False):
            baseline.begin(connections[options["database"]])
        super().handle(*args, **options)
