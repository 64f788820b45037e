"""guixin doctor [--json]: exit code 1 when something is red."""

import json
import sys

from django.core.management.base import BaseCommand

from guixin.channels.health import RED, report

MARKS = {"green": "ok", "yellow": "look", "red": "ILL"}


class Command(BaseCommand):
    help = "Say whether everything is running: deadlines, workers, post, ledger, calendars."
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="the report for a program")

    def handle(self, *, json: bool, **options):
        found = report()
        self.stdout.write(_as_json(found) if json else _as_lines(found))
        if found["colour"] == RED:
            sys.exit(1)


def _as_json(found: dict) -> str:
    return json.dumps(found, ensure_ascii=False)


def _as_lines(found: dict) -> str:
    return "\n".join(
        f"{MARKS[each['colour']]:<5} {each['name']:<28} {each['figure']}  {each['sentence']}".rstrip()
        for each in found["findings"]
    )
