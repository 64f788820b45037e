"""`guixin grade`: grade every customer by what they bought, now."""

import json as to_json
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from guixin.ledger.clock import database_now
from guixin.understand.grading import grade_everybody


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Grade every customer by what they bought. A worker does it by itself in each new period of the rules."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--as-of", metavar="DAY", help="the last day observed (default: that of the last purchase)"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, as_of: str | None, json: bool, **options) -> None:
        started, end = time.monotonic(), None
        if as_of:
            try:
                end = datetime.fromisoformat(as_of).replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
            except ValueError as wrong:
                raise CommandError(f"“{as_of}” is no day; write 2026-03-06.") from wrong
            end += timedelta(days=1) - timedelta(microseconds=1)
        grading = grade_everybody(now=database_now(), as_of=end)
        numbers = {
            "customers": grading.customers,
            "changed": grading.changed,
            "letters": grading.letters,
            "as_of": grading.as_of.isoformat(),
            "cut_points": grading.cut_points,
            "model": grading.model,
            "left_out": grading.left_out,
            "seconds": round(time.monotonic() - started, 1),
        }
        if json:
            self.stdout.write(to_json.dumps(numbers, ensure_ascii=False))
            return
        for name, number in numbers.items():
            self.stdout.write(f"{name:12} {number}")
