"""The course of an import: chunk by chunk, each in one transaction with its progress."""

import gc
import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Protocol, cast

from django.db import transaction
from django.utils.translation import gettext as _

from guixin.channels.models import Import, ImportedLine
from guixin.channels.sheets import BadRow, CannotBind, Fault, Mapping, NotASheet, Sheet, open_sheet
from guixin.ledger.bulk import insert_rows
from guixin.ledger.clock import database_now
from guixin.organisation.first_firm import ensure_first_firm
from guixin.organisation.models import Person
from guixin.web.refusals import Refused

CHUNK = 5000  # rows a transaction: large enough for sets to pay, small enough for progress to move


class CannotImport(Exception):
    """The file as a whole cannot be taken in, and why."""


@dataclass(frozen=True)
class Remark:
    """What is wrong with a line, whether it landed all the same or not."""

    line: int
    reason: str
    sentence: str
    landed: bool = False
    raw: str = ""


@dataclass
class Settled:
    """What became of one chunk."""

    landed: int = 0
    already: int = 0
    aside: int = 0  # put aside to land at the end of the file
    remarks: list[Remark] = field(default_factory=list)


class Importer(Protocol):
    """What a kind of file needs: settle good rows, and tell its own figures at the end."""

    def settle(self, rows: list[tuple[int, dict]]) -> Settled: ...

    def figures(self) -> dict: ...


class LandsAtTheEnd(Importer, Protocol):
    """A kind of file whose rows are put aside as they are read, and land together in one transaction."""

    chunk: int

    def is_complete(self, aside: int) -> bool: ...

    def land(self) -> Settled: ...

    def forget(self) -> None: ...


def run_import(
    path: Path | str,
    mapping: Mapping,
    *,
    by: Person | None = None,
    dry_run: bool = False,
    run: Import | None = None,
    progress: Callable[[Import], None] | None = None,
) -> Import:
    """Take the file in. Good rows land, every bad one is kept by line and reason, nothing lands twice.

    A dry run does everything and takes it back. `run` is a waiting import made by page or API. Raises CannotImport if
    the file cannot be read at all.
    """
    path = Path(path)
    now = database_now()
    ensure_first_firm(now)
    run = run or Import(
        what=mapping.what, file_name=path.name, mapping=mapping.name, made_at=now, by=by, dry_run=dry_run
    )
    run.state, run.sha256 = Import.State.RUNNING, _digest(path)
    run.save()
    try:
        sheet = open_sheet(path, delimiter=mapping.delimiter, headings=mapping.headings)
        importer = importer_for(mapping, run)
        read = mapping.bind(sheet.columns)
        with _no_search_for_circles():
            if hasattr(importer, "lands_at_the_end"):
                _put_aside_and_land(run, sheet, read, cast(LandsAtTheEnd, importer), progress)
            else:
                _take_in(run, sheet, read, importer, progress)
    except (NotASheet, CannotBind, Refused, OSError) as why:  # also half-way: a gzip that was cut off, say
        run.state, run.problem, run.ended_at = Import.State.FAILED, str(why), now
        run.save(update_fields=["state", "problem", "ended_at"])
        raise CannotImport(str(why)) from why
    run.state, run.ended_at = Import.State.DONE, database_now()
    run.figures = importer.figures()
    run.save(update_fields=["state", "ended_at", "figures"])
    return run


def _take_in(
    run: Import, sheet: Sheet, read: Callable, importer: Importer, progress: Callable[[Import], None] | None
) -> None:
    size = getattr(importer, "chunk", CHUNK)
    chunks = ((chunk, *_read(chunk, read)) for chunk in _chunks(sheet.rows(start_line=run.line), size))
    for chunk, good, remarks in _one_ahead(chunks):
        with transaction.atomic():
            with transaction.atomic():
                settled = importer.settle(good)
                if run.dry_run:
                    transaction.set_rollback(True)
            settled.remarks += remarks
            _count(run, settled, chunk[-1].line)
        if progress:
            progress(run)


def _put_aside_and_land(
    run: Import,
    sheet: Sheet,
    read: Callable,
    importer: LandsAtTheEnd,
    progress: Callable[[Import], None] | None,
) -> None:
    """Read on from where an interrupted run stopped, if what it had put aside is still there; then land it all."""
    if run.line and not importer.is_complete(run.figures.get("aside", 0)):
        _start_over(run)
        importer.forget()
    chunks = (
        (chunk, *_read(chunk, read)) for chunk in _chunks(sheet.rows(start_line=run.line), importer.chunk)
    )
    for chunk, good, remarks in _one_ahead(chunks):
        with transaction.atomic():
            settled = importer.settle(good)
            settled.remarks += remarks
            run.figures = {"aside": run.figures.get("aside", 0) + settled.aside}
            _count(run, settled, chunk[-1].line)
        if progress:
            progress(run)
    with transaction.atomic():
        with transaction.atomic():
            settled = importer.land()
            if run.dry_run:
                transaction.set_rollback(True)
        run.state, run.figures = Import.State.DONE, importer.figures()
        run.save(update_fields=["state"])
        _count(run, settled, run.line)
        if run.dry_run:
            importer.forget()


def _start_over(run: Import) -> None:
    ImportedLine.objects.filter(run=run).delete()
    run.line, run.landed, run.already, run.rejected, run.faults, run.figures = 0, 0, 0, 0, 0, {}


def importer_for(mapping: Mapping, run: Import) -> Importer:
    from guixin.channels.importing.answers import AnswerRows
    from guixin.channels.importing.cases import CaseRows
    from guixin.channels.importing.customers import CustomerRows
    from guixin.channels.importing.prices import PriceRows
    from guixin.channels.importing.purchases import PurchaseRows
    from guixin.channels.importing.steps import StepRows

    if mapping.what == "events":
        return StepRows(mapping)
    if mapping.what == "customers":
        return CustomerRows(mapping)
    if mapping.what == "purchases":
        return PurchaseRows(mapping, run, by=run.by)
    if mapping.what == "answers":
        return AnswerRows(mapping, by=run.by)
    if mapping.what == "prices":
        return PriceRows(mapping, by=run.by)
    if mapping.what == "cases":
        return CaseRows(mapping, by=run.by)
    raise CannotImport(_("“%s” cannot be imported.") % mapping.what)


@contextmanager
def _no_search_for_circles() -> Iterator[None]:
    """Rows hold no circles and go when their chunk does; to look for circles among all their cells took a third of the time that
    reading them did. Whatever else this process does meanwhile is looked through afterwards."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _chunks(rows: Iterator, size: int = CHUNK) -> Iterator[list]:
    while chunk := list(islice(rows, size)):
        yield chunk


def _one_ahead(chunks: Iterator[tuple]) -> Iterator[tuple]:
    """Read the next chunk of the file in a thread while the database takes this one in."""

    def read_on() -> Future:
        language = copy_context()  # what is wrong with a row is said in the caller's language
        return reader.submit(lambda: language.run(lambda: next(chunks, None)))

    with ThreadPoolExecutor(1) as reader:
        coming = read_on()
        while chunk := coming.result():
            coming = read_on()
            yield chunk


def _read(chunk: list, read: Callable) -> tuple[list[tuple[int, dict]], list[Remark]]:
    good, remarks = [], []
    for row in chunk:
        if isinstance(row, BadRow):
            remarks.append(Remark(row.line, row.reason, row.sentence, raw=row.raw))
            continue
        fields = read(row.values)
        if isinstance(fields, Fault):
            sentence = f"{fields.field}: {fields.reason}"
            remarks.append(Remark(row.line, f"bad_{fields.field}", sentence, raw="\t".join(row.values)))
        else:
            good.append((row.line, fields))
    return good, remarks


def _count(run: Import, settled: Settled, line: int) -> None:
    """Numbers and remarks, in the transaction of the rows they count."""
    rejected = [remark for remark in settled.remarks if not remark.landed]
    run.line = line
    run.landed += settled.landed
    run.already += settled.already
    run.rejected += len(rejected)
    run.faults += len(settled.remarks) - len(rejected)
    insert_rows(
        "channels_importedline",
        {"run_id": "bigint", "line": "bigint", "landed": "boolean", "reason": "text", "sentence": "text",
         "raw": "text"},
        [(run.pk, r.line, r.landed, r.reason, r.sentence, r.raw.replace("\0", "\ufffd")) for r in settled.remarks],
        on_conflict="ON CONFLICT (run_id, line) DO NOTHING",
    )  # fmt: skip
    run.save(update_fields=["line", "landed", "already", "rejected", "faults", "figures"])


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as why:
        raise CannotImport(_("The file cannot be opened: %s.") % why.strerror) from why


def outcomes(run: Import) -> dict[int, tuple[str, str]]:
    """Line -> (result, reason) for the lines that deserve a word in the result file; all others landed."""
    return {
        remark.line: (_("landed, please check") if remark.landed else _("rejected"), remark.sentence)
        for remark in ImportedLine.objects.filter(run=run)
    }
