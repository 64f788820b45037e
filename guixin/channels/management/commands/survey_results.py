"""`guixin survey_results WAVE`: what a wave found, counted anew; or what a file would say, of which nothing is kept."""

import json as to_json
import tomllib
from collections import Counter
from itertools import islice
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from guixin.channels.importing import other_surveys
from guixin.channels.sheets import BadRow, Sheet, open_sheet
from guixin.ledger.clock import database_now
from guixin.listen import building, taking_in, waves
from guixin.listen import themes as grouping
from guixin.listen.comparing import is_noise
from guixin.listen.counting import figures
from guixin.listen.models import Response, Wave
from guixin.listen.results import Results
from guixin.organisation.models import Person
from guixin.web.intervals import wilson
from guixin.web.refusals import Refused


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Print what a survey wave found: means, reliability, perceived less expected, index and drivers, with intervals."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("wave", metavar="WAVE", nargs="?", help="the code of the wave, as in its address")
        parser.add_argument("--file", help="a CSV or Excel file instead, of which nothing is kept")
        parser.add_argument(
            "--asks",
            metavar="CODE",
            help="what it answers: a questionnaire of the library or in force here, or a TOML file that says it",
        )
        parser.add_argument(
            "--sketch",
            action="store_true",
            help="print such a TOML file, guessed from the columns of the file",
        )
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
        sketch: bool,
        json: bool,
        **options,
    ) -> None:
        if not file:
            if not wave or asks or themes or sketch:
                raise CommandError("Give a wave, or --file with --asks, --sketch or --themes.")
            self._tell(wave, json)
            return
        try:
            sheet = open_sheet(file)
            if sketch:
                self.stdout.write(other_surveys.sketch(sheet))
            elif themes:
                self._group(sheet, themes, json)
            elif not asks or wave:
                raise CommandError("Give a wave, or --file with --asks, --sketch or --themes.")
            else:
                with transaction.atomic():
                    self._tell(self._wave_of(sheet, asks, missing), json)
                    transaction.set_rollback(True)
        except (OSError, UnicodeError, tomllib.TOMLDecodeError, Refused) as why:
            raise CommandError(str(why)) from why

    def _group(self, sheet: Sheet, column: str, json: bool) -> None:
        """What the words in one column are about; no database is touched."""
        if column not in sheet.columns:
            raise CommandError(f"The file has no column “{column}”. It has: {', '.join(sheet.columns)}.")
        at = sheet.columns.index(column)
        rows = [row for row in sheet.rows() if not isinstance(row, BadRow)]
        said = [words for row in rows if (words := row.values[at].strip())]
        if len(said) < grouping.LEAST:
            raise CommandError(f"{len(said)} answers: from {grouping.LEAST} on there are themes.")
        found = grouping.group(said)
        sizes = Counter([*found.place, *(at for also in found.also for at, _much in also)])
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

    def _wave_of(self, sheet: Sheet, asks: str, missing: list[str]) -> str:
        """A wave as if the file had been left on its page; taken back with the transaction."""
        survey, now, code = other_surveys.survey_of(asks), database_now(), f"file-{uuid4().hex[:12]}"
        bound = other_surveys.bind(survey, sheet.columns)
        if bound.unasked:
            self.stderr.write(f"columns that answer no question: {', '.join(bound.unasked)}")
        if bound.unanswered:
            self.stderr.write(f"questions without a column: {', '.join(bound.unanswered)}")
        owner = Person.objects.create(login=code, name="file")
        asked = building.add(code=code, name="file", owner=owner, by=None, now=now)
        building.keep_draft(asked, survey.asks, by=None, now=now)
        building.publish(asked, by=None, now=now)
        wave = waves.open_wave(
            asked, name="file", code=code, owner=owner, missing_codes=[*survey.missing, *missing], by=None, now=now
        )  # fmt: skip
        rows = other_surveys.rows_of(survey, bound, sheet)
        while some := list(islice(rows, taking_in.AT_ONCE)):
            given = [each for each in some if not isinstance(each, BadRow)]
            done = taking_in.take_in(wave, given, source=Response.Source.FILE, by=None, now=now)
            for bad in (each for each in some if isinstance(each, BadRow)):
                self.stderr.write(f"line {bad.line}: {bad.sentence}")
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


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _of(told: list[float] | tuple[float, ...] | None) -> str:
    if not told:
        return "–"
    return f"{told[0]:.4f} [{told[1]:.4f}, {told[2]:.4f}]"
