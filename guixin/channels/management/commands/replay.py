"""`guixin replay FILE --mapping NAME`: what would this ladder have done last quarter?"""

import json as to_json
import sys
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guixin.channels.replaying import CannotReplay, replay
from guixin.channels.replaying.course import LadderTerms, Outcome
from guixin.channels.sheets import CannotBind, NoSuchMapping, NotASheet, load_mapping


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Run historic cases through the real engine under a virtual clock; the firm's records are not touched."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--mapping", required=True, help="a mapping's name, or the path of its file")
        parser.add_argument(
            "--until", required=True, help="the last moment, e.g. 2011-10-01, in the file's zone"
        )
        parser.add_argument(
            "--ladder", default="80%,0h,24h,72h", help="warning, then levels after the deadline"
        )
        parser.add_argument("--calendar", default="always", help="code of the calendar the clocks run by")
        parser.add_argument(
            "--workers", type=int, default=0, help="worker processes; 0: this one does it all"
        )
        parser.add_argument("--kill", type=int, default=0, help="SIGKILL workers this many times at random")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(
        self, *, file, mapping, until, ladder, calendar, workers, kill, seed, json: bool, **options
    ) -> None:
        if kill and not workers:
            raise CommandError("There are no workers to kill; add --workers 4.")
        try:
            columns = load_mapping(mapping)
            outcome = replay(
                file,
                columns,
                until=_moment(until, columns),
                terms=LadderTerms.parse(ladder),
                calendar=calendar,
                workers=workers,
                kills=kill,
                seed=seed,
                progress=self._progress,
            )
        except (CannotReplay, NoSuchMapping, NotASheet, CannotBind, OSError) as why:
            raise CommandError(str(why)) from why
        if json:
            self.stdout.write(to_json.dumps(outcome.as_json(), ensure_ascii=False))
        else:
            self._table(outcome)

    def _progress(self, now: datetime) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{now:%Y-%m-%d %H:%M} ", ending="")

    def _table(self, outcome: Outcome) -> None:
        numbers = outcome.as_json()
        departments = numbers.pop("by_department")
        for name, number in numbers.items():
            self.stdout.write(f"{name:20} {number}")
        columns = ["warnings", "breaches", *(f"level_{level}" for level in sorted(outcome.levels))]
        self.stdout.write("\n" + "".join(f"{name:>10}" for name in columns) + "  department")
        for name, found in sorted(departments.items(), key=lambda one: -one[1].get("breaches", 0)):
            self.stdout.write("".join(f"{found.get(key, 0):>10}" for key in columns) + f"  {name}")


def _moment(text: str, mapping) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise CannotReplay(f"“{text}” is not a date such as 2011-10-01.") from wrong
    return moment if moment.tzinfo else moment.replace(tzinfo=mapping.zone)
