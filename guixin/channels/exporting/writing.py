"""The file of an export: Excel or CSV, row by row; that it left the house, with how many rows, stands in the ledger."""

import csv
import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import IO, ClassVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guixin.channels.exporting import responses
from guixin.channels.exporting.nouns import NOUNS, Reader, written
from guixin.channels.sheets.guarding import EXPORTED, inert
from guixin.ledger import Event, record
from guixin.listen import building
from guixin.listen.models import Wave
from guixin.organisation.models import Person
from guixin.understand.data_held import may_hand_out
from guixin.understand.models.customer import SHORTEST_REASON
from guixin.web.refusals import Refused

XLSX_ROWS, XLSX_CELL = 1_048_576, 32_767
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


class CannotExport(Refused):
    """There is no such file, or not like this."""

    about_input = True


@dataclass(frozen=True, kw_only=True)
class DataExported(Event):
    """Somebody took everything of one kind out of the house as a file: masked, or in full for a reason."""

    kind: ClassVar[str] = "channels.data_exported"
    sentence: ClassVar[str] = gettext_noop("Exported: %(noun)s, %(rows)s rows")
    noun: str
    rows: int
    form: str
    in_full: bool


def export(
    name: str, form: str, *, by: Person, now: datetime, in_full: bool = False, reason: str = ""
) -> IO[bytes]:
    """The file at its beginning; whoever gets it closes it. `in_full` needs a reason; PermissionDenied to who may not."""
    if not may_hand_out(by):
        raise PermissionDenied(_("Only the coordinator, or who sees everything, exports."))
    noun = NOUNS.get(name)
    if noun is None or form not in MEDIA_TYPES:
        raise CannotExport(_("There is no such export."))
    in_full = in_full and noun.about_customers
    return _made(
        name, form, lambda: written(noun, by, in_full=in_full), by=by, now=now, in_full=in_full, reason=reason
    )


def may_export(wave: Wave, person: Person) -> bool:
    """Whoever exports anything, and whoever changes the wave."""
    return may_hand_out(person) or building.may_edit(wave, person)


def export_responses(
    wave: Wave, form: str, *, by: Person, now: datetime, in_full: bool = False, reason: str = ""
) -> IO[bytes]:
    """What was answered in one wave; in full only for whoever exports anything. Of an anonymous wave nothing could be shown in full."""
    if not may_export(wave, by):
        raise PermissionDenied(
            _("Only its owner, the coordinator, or who sees everything, exports responses.")
        )
    if in_full and not may_hand_out(by):
        raise PermissionDenied(_("Only the coordinator, or who sees everything, exports in full."))
    if form not in MEDIA_TYPES:
        raise CannotExport(_("There is no such export."))
    in_full = in_full and not wave.is_anonymous
    return _made(
        f"responses {wave.code}", form, lambda: responses.written(wave, Reader(by, in_full)), by=by, now=now,
        in_full=in_full, reason=reason,
    )  # fmt: skip


def _made(
    name: str, form: str, read: Callable[[], responses.Written], *, by: Person, now: datetime, in_full: bool, reason: str
) -> IO[bytes]:  # fmt: skip
    reason = " ".join(reason.split())
    if in_full and len(reason) < SHORTEST_REASON:
        raise CannotExport(_("Say why you need it, in at least four characters."))
    made = tempfile.TemporaryFile()  # noqa: SIM115  handed out, and closed by who sends it
    try:
        # One look at the database for the whole file, and its entry in the same transaction.
        with transaction.atomic():
            headings, rows = read()
            number = (_xlsx if form == "xlsx" else _csv)(made, headings, rows)
            record(
                DataExported(
                    happened_at=now, actor_id=by.pk, about=("export", 0), noun=name, rows=number, form=form,
                    in_full=in_full, personal={"reason": reason[:500]} if reason else {},
                )
            )  # fmt: skip
    except BaseException:
        made.close()
        raise
    made.seek(0)
    return made


def file_name(name: str, form: str, now: datetime) -> str:
    return f"{name}-{timezone.localtime(now):%Y%m%d-%H%M}.{form}"


def _csv(out: IO[bytes], headings: list[str], rows) -> int:
    """With a byte order mark, so that Excel reads UTF-8; what a program might run has an apostrophe before it, and the
    last heading says so to whoever reads it back."""
    number = 0
    lines = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
    writer = csv.writer(lines)
    writer.writerow([*(inert(each) for each in headings), EXPORTED])
    for row in rows:
        writer.writerow([*(inert(each) for each in row), ""])
        number += 1
    lines.flush()
    lines.detach()
    return number


def _xlsx(out: IO[bytes], headings: list[str], rows) -> int:
    """Every cell is text: nothing runs, no digit is lost."""
    import xlsxwriter

    as_text = dict.fromkeys(("strings_to_formulas", "strings_to_numbers", "strings_to_urls"), False)
    book = xlsxwriter.Workbook(out, {"constant_memory": True, **as_text})
    number = 0
    try:
        sheet, cell = book.add_worksheet(), book.add_format({"num_format": "@"})
        for column, words in enumerate(headings):
            sheet.write_string(0, column, words, cell)
        for number, row in enumerate(rows, 1):
            if number >= XLSX_ROWS:
                raise CannotExport(_("Excel holds 1,048,576 rows at most; ask for CSV."))
            for column, value in enumerate(row):
                if value:
                    sheet.write_string(number, column, value[:XLSX_CELL], cell)
    finally:
        book.close()
    return number
