"""Everything held about one customer, as one file to be given to them (PIPL 45: access, copy, transfer).

A zip with data.json for programs, data.xlsx for people (a sheet a table) and the files themselves. That it was made, by
whom, why, and the checksum of what was handed out stand in the ledger.
"""

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from guixin import __version__
from guixin.ledger import record
from guixin.organisation.models import Department, Person
from guixin.understand.data_held import CUSTOMER, LEDGER, File, Held, Part, held_about, may_hand_out
from guixin.understand.events import CustomerDataHandedOut
from guixin.understand.models import Customer
from guixin.understand.models.customer import SHORTEST_REASON
from guixin.web.refusals import Refused

LARGEST = 2 * 1024**3  # bytes of files in one zip; what is beyond is listed with its name
XLSX_ROWS, XLSX_CELL = 1_048_576, 32_767


class CannotHandOut(Refused):
    """The data is not handed out, and why."""

    about_input = True


def hand_out(customer: Customer, *, by: Person, reason: str, now: datetime) -> IO[bytes]:
    """The zip, at its beginning; whoever gets it closes it. Refused without a reason, and to who may not."""
    if not may_hand_out(by):
        raise PermissionDenied(_("Only the coordinator, or who sees everything, hands out all that is held."))
    reason = " ".join((reason or "").split())
    if len(reason) < SHORTEST_REASON:
        raise CannotHandOut(_("Say why you need it, in at least four characters."))
    held = held_about(customer)
    made = tempfile.TemporaryFile()  # noqa: SIM115  handed out, and closed by who sends it
    try:
        rows, files = _write(made, customer, held, reason, now)
        made.seek(0)
        checksum = hashlib.file_digest(made, "sha256").hexdigest()
        made.seek(0)
        with transaction.atomic():
            record(
                CustomerDataHandedOut(
                    happened_at=now, actor_id=by.pk, about=("customer", customer.pk), reason=reason[:500],
                    rows=rows, files=files, sha256=checksum,
                )
            )  # fmt: skip
    except BaseException:
        made.close()
        raise
    return made


def file_name(customer: Customer, now: datetime) -> str:
    """Without the name of the customer: this lies in folders of downloads."""
    return f"customer-{customer.pk}-{timezone.localtime(now):%Y%m%d-%H%M}.zip"


def _write(made: IO[bytes], customer: Customer, held: Held, reason: str, now: datetime) -> tuple[int, int]:
    rows = 0
    with (
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive,
        tempfile.NamedTemporaryFile(suffix=".xlsx") as book,
    ):
        files = [_added(archive, file, left) for file, left in _while_it_fits(held.files)]
        about = {
            "customer": customer.pk,
            "made_at": now.isoformat(),
            "reason": reason,
            "made_by": f"Guixin {__version__}",
            "files": files,
        }
        with archive.open("data.json", "w", force_zip64=True) as out, _Book(book.name) as sheets:
            out.write(json.dumps({"about": about}, ensure_ascii=False)[:-1].encode())
            for part in held.parts:
                rows += _write_part(part, out, sheets)
            out.write(b"\n}\n")
        archive.write(book.name, "data.xlsx")
    return rows, sum(1 for each in files if each["is_here"])


def _while_it_fits(files: list[File]) -> Iterator[tuple[File, bool]]:
    size = 0
    for each in files:
        fits = size + each.size <= LARGEST
        size += each.size if fits else 0
        yield each, fits


def _added(archive: zipfile.ZipFile, file: File, fits: bool) -> dict[str, Any]:
    """The file goes into the archive; one that is gone or too much is listed all the same, so that it can be asked for."""
    name = f"files/{file.name}"
    is_here = False
    if fits:
        try:
            with file.open() as content, archive.open(name, "w", force_zip64=True) as out:
                shutil.copyfileobj(content, out)
            is_here = True
        except FileNotFoundError:
            pass
    return {"name": name, "size": file.size, "is_here": is_here}


def _write_part(part: Part, out: IO[bytes], sheets: "_Book") -> int:
    out.write(f',\n"{part.name}": ['.encode())
    written = 0
    for row in part.rows():
        out.write(b",\n" if written else b"\n")
        out.write(json.dumps(row, ensure_ascii=False, default=_plain).encode())
        sheets.write(part, row)
        written += 1
    out.write(b"]")
    return written


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


class _Book:
    """A workbook that is never held in memory; a sheet is begun with its first row, in the reader's words."""

    def __init__(self, path: str):
        import xlsxwriter

        as_text = dict.fromkeys(("strings_to_formulas", "strings_to_numbers", "strings_to_urls"), False)
        self._book = xlsxwriter.Workbook(path, {"constant_memory": True, **as_text})
        self._bold = self._book.add_format({"bold": True})
        self._sheets: dict[str, tuple[Any, list[int]]] = {}
        self._departments = {each.pk: each.name for each in Department.objects.all()}

    def __enter__(self) -> "_Book":
        return self

    def __exit__(self, *wrong: object) -> None:
        if not self._sheets:
            self._book.add_worksheet()
        self._book.close()

    def write(self, part: Part, row: dict[str, Any]) -> None:
        sheet, at = self._sheets.get(part.name) or self._begun(part, row)
        if at[0] >= XLSX_ROWS:
            return  # what is beyond stands in data.json
        for column, (name, value) in enumerate(row.items()):
            if words := self._in_words(part.table, name, value):
                sheet.write_string(at[0], column, words[:XLSX_CELL])
        at[0] += 1

    def _begun(self, part: Part, row: dict[str, Any]) -> tuple[Any, list[int]]:
        sheet = self._book.add_worksheet(_title(part.name))
        for column, name in enumerate(row):
            sheet.write_string(0, column, str(COLUMNS.get(name, name)), self._bold)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(row), 22)
        self._sheets[part.name] = sheet, [1]
        return self._sheets[part.name]

    def _in_words(self, table: type[Model] | None, name: str, value: Any) -> str:
        if value is None or value == "":
            return ""
        if isinstance(value, datetime):
            return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
        if isinstance(value, dict | list):
            return json.dumps(value, ensure_ascii=False, default=_plain)
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        field = (
            next((each for each in table._meta.concrete_fields if each.attname == name), None)
            if table
            else None
        )
        if field is not None and field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if field is not None and field.related_model is Department:
            return self._departments.get(value, str(value))
        return str(value)


def _title(name: str) -> str:
    """What a sheet is called: at most 31 letters, as Excel wants it."""
    words = str(SHEETS.get(name) or name.rpartition(".")[2])
    return words[:31]


# What people call the tables and columns; what is missing here is called as in data.json.
SHEETS: dict[str, Promise] = {
    CUSTOMER: gettext_lazy("Customer"),
    LEDGER: gettext_lazy("Ledger"),
    "understand.identity": gettext_lazy("Phones and addresses"),
    "understand.merge": gettext_lazy("Merges"),
    "serve.case": gettext_lazy("Cases"),
    "serve.goodwill": gettext_lazy("Goodwill"),
    "organisation.use": gettext_lazy("Authority used"),
    "promise.authorityrequest": gettext_lazy("Authority asked for"),
    "promise.authorityword": gettext_lazy("Words about authority"),
    "understand.purchase": gettext_lazy("Purchases"),
    "understand.membership": gettext_lazy("Segments"),
    "understand.customerworth": gettext_lazy("Worth"),
    "serve.caselink": gettext_lazy("Linked cases"),
    "serve.task": gettext_lazy("Tasks"),
    "serve.transfer": gettext_lazy("Tasks passed on"),
    "serve.routing": gettext_lazy("Routing"),
    "serve.message": gettext_lazy("What was said"),
    "serve.heldreply": gettext_lazy("Replies on their way"),
    "serve.draft": gettext_lazy("Drafts"),
    "serve.draftfile": gettext_lazy("Files of drafts"),
    "serve.attachment": gettext_lazy("Files"),
    "serve.closing": gettext_lazy("Closings"),
    "serve.reopening": gettext_lazy("Reopenings"),
    "serve.followup": gettext_lazy("Follow-ups"),
    "serve.bulkitem": gettext_lazy("Many changed at once"),
    "promise.clock": gettext_lazy("Promises"),
    "promise.escalation": gettext_lazy("Escalations"),
    "promise.extension": gettext_lazy("Extensions"),
    "promise.pause": gettext_lazy("Pauses"),
    "channels.notice": gettext_lazy("Notices to our people"),
}
COLUMNS: dict[str, Promise] = {
    "id": gettext_lazy("No."),
    "name": gettext_lazy("Name"),
    "kind": gettext_lazy("Kind"),
    "grade": gettext_lazy("Grade"),
    "language": gettext_lazy("Language"),
    "organisation": gettext_lazy("Works at"),
    "market": gettext_lazy("Market"),
    "prefers": gettext_lazy("Likes to be reached by"),
    "raw": gettext_lazy("As it was said"),
    "normal": gettext_lazy("As we search it"),
    "last4": gettext_lazy("Last four digits"),
    "number": gettext_lazy("Number"),
    "state": gettext_lazy("State"),
    "subject": gettext_lazy("Subject"),
    "story": gettext_lazy("What happened"),
    "category": gettext_lazy("Category"),
    "product": gettext_lazy("Product"),
    "severity": gettext_lazy("Severity"),
    "channel": gettext_lazy("Channel"),
    "department_id": gettext_lazy("Department"),
    "owner_id": gettext_lazy("Owner (our number)"),
    "by_id": gettext_lazy("By (our number)"),
    "actor_id": gettext_lazy("By (our number)"),
    "case_id": gettext_lazy("Case"),
    "customer_id": gettext_lazy("Customer"),
    "task_id": gettext_lazy("Task"),
    "message_id": gettext_lazy("Message"),
    "body": gettext_lazy("Words"),
    "at": gettext_lazy("When"),
    "happened_at": gettext_lazy("When"),
    "created_at": gettext_lazy("When"),
    "opened_at": gettext_lazy("Opened"),
    "answered_at": gettext_lazy("Customer told"),
    "closed_at": gettext_lazy("Closed"),
    "due_at": gettext_lazy("Due"),
    "started_at": gettext_lazy("Started"),
    "instruction": gettext_lazy("What is asked"),
    "result": gettext_lazy("Result"),
    "reason": gettext_lazy("Reason"),
    "summary": gettext_lazy("Summary"),
    "outcome": gettext_lazy("Outcome"),
    "comment": gettext_lazy("Comment"),
    "original_name": gettext_lazy("File name"),
    "size": gettext_lazy("Size in bytes"),
    "from_customer": gettext_lazy("From the customer"),
    "sentence": gettext_lazy("What happened"),
    "facts": gettext_lazy("Facts"),
    "personal": gettext_lazy("Personal part"),
    "level": gettext_lazy("Level"),
    "measure": gettext_lazy("Promise"),
}
