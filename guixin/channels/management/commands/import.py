"""`guixin import cases|purchases FILE --mapping NAME`: take a file in, and say line by line what could not be."""

import json as to_json
import sys
import time

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guixin.channels.importing.running import CannotImport, outcomes, run_import
from guixin.channels.models import Import
from guixin.channels.sheets import NoSuchMapping, load_mapping, write_result


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Take in cases, the steps of past cases, or purchases from a CSV or Excel file. A rerun adds nothing twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["cases", "events", "purchases"])
        parser.add_argument("file")
        parser.add_argument("--mapping", required=True, help="a mapping's name, or the path of its file")
        parser.add_argument("--dry-run", action="store_true", help="do everything and take it back")
        parser.add_argument(
            "--result", metavar="FILE", help="write their file with 结果 and 错误原因 (.csv, .xlsx)"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, what, file, mapping, dry_run, result, json: bool, **options) -> None:
        started = time.monotonic()
        try:
            columns = load_mapping(mapping)
            if columns.what != what:
                raise CommandError(f"The mapping “{columns.name}” is for {columns.what}, not for {what}.")
            run = run_import(file, columns, dry_run=dry_run, progress=self._progress)
        except (CannotImport, NoSuchMapping) as why:
            raise CommandError(str(why)) from why
        if result:
            write_result(file, result, outcomes(run), otherwise=("已导入", ""), delimiter=columns.delimiter,
                         columns=columns.headings)  # fmt: skip
        self._report(run, time.monotonic() - started, as_json=json)

    def _progress(self, run: Import) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{run.line:,} lines, {run.landed:,} landed ", ending="")

    def _report(self, run: Import, seconds: float, *, as_json: bool) -> None:
        numbers = {
            "landed": run.landed,
            "already": run.already,
            "faults": run.faults,
            "rejected": run.rejected,
            **run.figures,
            "dry_run": run.dry_run,
            "seconds": round(seconds, 1),
        }
        if as_json:
            self.stdout.write(to_json.dumps(numbers, ensure_ascii=False))
            return
        for name, number in numbers.items():
            self.stdout.write(f"{name:16} {number}")
        for line, (outcome, reason) in list(outcomes(run).items())[:20]:
            self.stdout.write(f"  line {line}: {outcome}: {reason}")
        if run.faults + run.rejected > 20:
            self.stdout.write(f"  … and {run.faults + run.rejected - 20} more; --result FILE names them all")
