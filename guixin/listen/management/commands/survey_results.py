"""`guixin survey_results WAVE`: what a wave found, counted anew; or what a file would say, of which nothing is kept."""

import csv
import gzip
import json as to_json
from collections import Counter
from typing import Any, TextIO
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from guixin.ledger.clock import database_now
from guixin.listen import building, taking_in, waves
from guixin.listen import themes as grouping
from guixin.listen.comparing import is_noise
from guixin.listen.counting import figures
from guixin.listen.models import Response, Wave
from guixin.listen.results import Results
from guixin.listen.taking_in import Given
from guixin.organisation.models import Person
from guixin.web.intervals import wilson
from guixin.web.refusals import Refused


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Print what a survey wave found: means, reliability, perceived less expected, index and drivers, with intervals."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("wave", metavar="WAVE", nargs="?", help="the code of the wave, as in its address")
        parser.add_argument("--file", help="a CSV file instead, whose headings are the codes of questions")
        parser.add_argument("--asks", metavar="CODE", help="which questionnaire of the library it answers")
        parser.add_argument(
            "--missing", action="append", default=[], help="a value of the file that means no answer"
        )
        parser.add_argument(
            "--themes", metavar="COLUMN", help="group the open answers in this column of the file by theme"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(
        self,
        *,
        wave: str | None,
        file: str | None,
        asks: str | None,
        missing: list[str],
        themes: str | None,
        json: bool,
        **options,
    ) -> None:
        if file and themes:
            self._group(file, themes, json)
            return
        if bool(wave) == bool(file and asks):
            raise CommandError("Give a wave, or --file with --asks or --themes.")
        if wave:
            self._tell(wave, json)
            return
        with transaction.atomic():
            try:
                self._tell(self._wave_of(str(file), str(asks), missing), json)
            except (OSError, UnicodeError, csv.Error, Refused) as why:
                raise CommandError(str(why)) from why
            transaction.set_rollback(True)

    def _group(self, file: str, column: str, json: bool) -> None:
        """What the words in one column are about; no database is touched."""
        try:
            with _opened(file) as opened:
                rows = csv.DictReader(opened)
                if column not in (rows.fieldnames or ()):
                    raise CommandError(f"The file has no column “{column}”.")
                said = [words for row in rows if (words := (row[column] or "").strip())]
        except (OSError, UnicodeError, csv.Error) as why:
            raise CommandError(str(why)) from why
        if len(said) < grouping.LEAST:
            raise CommandError(f"{len(said)} answers: from {grouping.LEAST} on there are themes.")
        found = grouping.group(said)
        sizes = Counter(found.place)
        told: list[dict[str, Any]] = [
            {"answers": sizes[at], "words": each.words, "typical": "" if each.typical is None else said[each.typical]}
            for at, each in enumerate(found.themes)
        ]  # fmt: skip
        told.sort(key=lambda each: -each["answers"])
        if json:
            whole = {
                "answers": len(said),
                "agreement": found.agreement,
                "themes": told,
                "others": sizes[grouping.OTHER],
            }
            self.stdout.write(to_json.dumps(whole, ensure_ascii=False))
            return
        self.stdout.write(f"{len(said)} answers, {sizes[grouping.OTHER]} in no theme")
        if found.agreement is not None:
            self.stdout.write(
                f"two halves put {100 * found.agreement:.0f} of 100 answers into the same theme"
            )
        for each in told:
            low, high = (100 * limit for limit in wilson(each["answers"], len(said)))
            share = 100 * each["answers"] / len(said)
            self.stdout.write(
                f"{each['answers']:6}  {share:.1f} % [{low:.1f}, {high:.1f}]  {' · '.join(each['words'])}"
            )
            self.stdout.write(f"        {' '.join(each['typical'].split())[:100]}")

    def _wave_of(self, file: str, asks: str, missing: list[str]) -> str:
        """A wave as if the file had been left on its page; taken back with the transaction."""
        now, code = database_now(), f"file-{uuid4().hex[:12]}"
        owner = Person.objects.create(login=code, name="file")
        asked = building.add(code=code, name="file", owner=owner, begin_from=asks, by=None, now=now)
        building.publish(asked, by=None, now=now)
        wave = waves.open_wave(
            asked, name="file", code=code, owner=owner, missing_codes=missing, by=None, now=now
        )  # fmt: skip
        with _opened(file) as opened:
            rows = [
                Given(line, {(name or "").strip().lower(): said or "" for name, said in row.items() if name})
                for line, row in enumerate(csv.DictReader(opened), start=2)
            ]
        done = taking_in.take_in(wave, rows, source=Response.Source.FILE, by=None, now=now)
        for doubt in done.doubts:
            self.stderr.write(f"line {doubt.line}: {doubt.sentence}")
        return code

    def _tell(self, wave: str, json: bool) -> None:
        asked = Wave.objects.filter(code=wave).select_related("version").first()
        if asked is None:
            raise CommandError(f"There is no wave “{wave}”.")
        told = figures(asked)
        if json:
            self.stdout.write(to_json.dumps(told, ensure_ascii=False))
            return
        self.stdout.write(f"{told['responses']} responses")
        if told["rate"]:
            self.stdout.write(f"response rate {_of(told['rate'])} of {told['links']} links")
        for code, each in told["questions"].items():
            self.stdout.write(
                f"{code:20} n {each['n']:6}  mean {_of(each.get('mean'))}  read {_of(each.get('read'))}"
            )
        for name, each in told.get("dimensions", {}).items():
            self.stdout.write(f"{name}: n {each['n']}, mean {_of(each['mean'])}, alpha {_of(each['alpha'])}")
        for name, each in told.get("gaps", {}).items():
            split = "not enough data"
            if each["split"]:
                split = "dissatisfied {}, satisfied {}, delighted {}".format(*each["split"])
            words = f"perceived less expected {_of(each['mean'])}, {split}"
            self.stdout.write(
                f"{name or 'all together'}: {words}, reliability {_number(each['reliability'])}"
            )
        model = told.get("model") or {}
        for name, each in model.get("index", {}).items():
            self.stdout.write(f"index {name}: {_of(each)}")
        for a, b, *each in model.get("paths", []):
            self.stdout.write(f"path {a} > {b}: {_of(each)}")
        for name, drivers in model.get("drivers", {}).items():
            self.stdout.write(f"drivers of {name}, R² {model['explained'][name]:.4f}")
            for each, share in drivers.items():
                self.stdout.write(f"    {each}: {_of(share)}")
        plank = told.get("plank") or {}
        for each in plank.get("points", []):
            self.stdout.write(
                f"matters {each['code']:20} {_of(each['importance'])}, done {_of(each['performance'])},"
                f" weighted gap {_of(each['weighted'])}, worst in {each['worst']:.3f}"
            )
        if plank:
            self.stdout.write(Results(asked, asked.version.sheet, told).plank_words("zh-hans"))
        for code, each in told.get("change", {}).get("questions", {}).items():
            words = "inside the noise" if is_noise(each) else "changed"
            since = told["change"]["since"]
            self.stdout.write(
                f"since {since} {code}: {_of(each['change'])}, p {each['adjusted']:.4f}: {words}"
            )
        for words in Results(asked, asked.version.sheet, told).missing():
            self.stdout.write(words)


def _opened(file: str) -> TextIO:
    if file.endswith(".gz"):
        return gzip.open(file, "rt", encoding="utf-8-sig", newline="")
    return open(file, encoding="utf-8-sig", newline="")


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _of(told: list[float] | tuple[float, ...] | None) -> str:
    if not told:
        return "–"
    return f"{told[0]:.4f} [{told[1]:.4f}, {told[2]:.4f}]"
