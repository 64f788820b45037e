"""`guixin find_surges FILE --mapping NAME`: which alarms would this quarter have raised, and at what hour?"""

import json as to_json
from datetime import timedelta
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guixin.channels.sheets import CannotBind, NoSuchMapping, NotASheet, load_mapping
from guixin.channels.surges_of_files import find_surges


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Try the surge alarm on a file of past cases; nothing is written."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--mapping", required=True, help="a mapping's name, or the path of its file")
        parser.add_argument("--every", type=int, default=60, help="minutes between two looks; 60")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, file, mapping, every, json: bool, **options) -> None:
        if not 1 <= every <= 1440:
            raise CommandError("Look every 1 to 1440 minutes.")
        try:
            columns = load_mapping(mapping)
            if columns.what != "cases":
                raise CommandError(f"This mapping is for {columns.what}, not for cases.")
            found = find_surges(Path(file), columns, every=timedelta(minutes=every))
        except (NoSuchMapping, NotASheet, CannotBind, OSError) as why:
            raise CommandError(str(why)) from why
        if json:
            self.stdout.write(to_json.dumps(found.as_json(), ensure_ascii=False))
            return
        self.stdout.write(f"{found.rows} rows, {found.days} days, {found.days_judged} of them judged")
        for each in found.alarms:
            said = f"{each.raised_at:%Y-%m-%d %H:%M}  {each.observed} for {each.expected:.1f} (from {each.limit} on)"
            self.stdout.write(
                f"{said}  {each.cell[0]} {each.cell[1]}  until {each.last_day}, {each.cases} cases"
            )
