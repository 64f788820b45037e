"""Files left with us by page or API: kept as they came, taken in by a worker, resumed if it dies."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guixin.channels.importing.columns import guess, remembered, signature, table, what_it_holds
from guixin.channels.importing.running import CannotImport, outcomes, run_import
from guixin.channels.models import Import
from guixin.channels.sheets import Mapping, NoSuchMapping, load_mapping, open_sheet, write_result
from guixin.channels.sheets.mapping import mapping_from
from guixin.organisation.models import Person
from guixin.web.refusals import Refused

LOCK = 0x696D706F  # class of the advisory locks; the second number is the import's


def receive(
    file: IO[bytes], name: str, mapping_name: str, *, by: Person | None, now: datetime, dry_run: bool = False
) -> Import:
    """Keep the file as it came and let a worker take it in. Raises NoSuchMapping before anything is kept."""
    mapping = load_mapping(Path(mapping_name).name)  # a name, never a path from outside
    return Import.objects.create(
        what=mapping.what, file_name=Path(name).name[:200], stored_as=keep(file), mapping=mapping.name, by=by,
        dry_run=dry_run, made_at=now, state=Import.State.WAITING,
    )  # fmt: skip


def keep(file: IO[bytes]) -> str:
    """Write the file down as it came, piece by piece. The stored name is ours; the name somebody gave is data only."""
    stored_as = f"imports/{uuid.uuid4()}"
    place = settings.MEDIA_ROOT / stored_as
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as copy:
        shutil.copyfileobj(file, copy)
    return stored_as


def leave(
    file: IO[bytes], name: str, what: str, *, by: Person, now: datetime, history: bool = False,
    repeats: Import | None = None, source: str = "",
) -> Import:  # fmt: skip
    """Keep a file whose columns somebody still has to match; one that repairs another is read like that one.

    what     "cases", "customers", "purchases", "prices", "answers", or "" to tell it from the headings
    source   what “already there” is asked of, where a page knows it: the code of a price study or of a survey wave
    repeats  the import whose bad rows it repairs: it is read like that one, at once

    Raises NotASheet or CannotBind, and then nothing is kept.
    """
    run = Import(
        file_name=Path(name).name[:200], stored_as=keep(file), by=by, made_at=now, state=Import.State.LEFT,
        repeats=repeats,
    )  # fmt: skip
    try:
        headings = open_sheet(stored_file(run)).columns
        run.what = what = what or what_it_holds(headings)
        run.mapping = source or SOURCES[what]
        run.headings = signature(headings)
        before = repeats or remembered(what, headings)
        chosen = chosen_columns(before) if before else guess(what, headings, run.mapping)
        run.columns = table(
            what, chosen, history=is_history(before) if before else history, source=run.mapping
        )
        if repeats:
            mapping_of(run).bind(headings)
            run.mapping, run.state = repeats.mapping, Import.State.WAITING
    except Refused:
        stored_file(run).unlink(missing_ok=True)
        raise
    run.save(force_insert=True)
    return run


SOURCES = {
    "cases": "file",
    "customers": "customers",
    "purchases": "purchases",
    "prices": "",  # no study is meant until somebody says which
    "answers": "",  # nor wave
}  # what "already there" is asked of, unless a page says otherwise


def chosen_columns(run: Import) -> dict[str, str]:
    columns = run.columns or {}
    return {name: rule["column"] for name, rule in columns.get("columns", {}).items()}


def is_history(run: Import) -> bool:
    return bool((run.columns or {}).get("history"))


def start(run: Import, *, dry_run: bool) -> None:
    """Let a worker take it in, or only try it."""
    Import.objects.filter(pk=run.pk, state=Import.State.LEFT).update(
        state=Import.State.WAITING, dry_run=dry_run, columns=run.columns, mapping=run.mapping
    )


def run_again(run: Import, *, by: Person, now: datetime) -> Import:
    """The same file once more, for good: after a try, or when what was wrong with our lists is repaired."""
    return Import.objects.create(
        what=run.what, file_name=run.file_name, stored_as=run.stored_as, mapping=run.mapping, columns=run.columns,
        headings=run.headings, by=by, made_at=now, state=Import.State.WAITING, repeats=run,
    )  # fmt: skip


def result_file(run: Import) -> Path:
    """Their file with the outcome of each row, in the reader's language; a workbook stays a workbook."""
    source = stored_file(run)
    with source.open("rb") as head:
        suffix = ".xlsx" if head.read(2) == b"PK" else ".csv"
    out = source.with_name(f"{source.name}.{run.pk}.result{suffix}")
    done = _("would be imported") if run.dry_run else _("imported")
    headings = (pgettext("of an import", "Result"), pgettext("of an import", "Reason"))
    mapping = mapping_of(run)
    write_result(source, out, outcomes(run), otherwise=(done, ""), headings=headings, delimiter=mapping.delimiter,
                 columns=mapping.headings)  # fmt: skip
    return out


def mapping_of(run: Import) -> Mapping:
    """Chosen on a page and kept with the import, or one of the files."""
    return mapping_from(run.columns, run.mapping) if run.columns else load_mapping(run.mapping)


def stored_file(run: Import) -> Path:
    return settings.MEDIA_ROOT / run.stored_as


def run_next_import(now: datetime) -> bool:
    """Take in the oldest waiting file, or go on with one whose worker died. False if there is none."""
    unfinished = Import.objects.exclude(stored_as="").filter(
        state__in=[Import.State.WAITING, Import.State.RUNNING]
    )
    for pk in unfinished.order_by("pk").values_list("pk", flat=True)[:20]:
        with _held(pk) as ours:
            if not ours:
                continue
            run = unfinished.filter(pk=pk).first()
            if run is None:
                continue
            try:
                mapping = mapping_of(run)
                with translation.override(run.by.language if run.by else None):
                    run_import(stored_file(run), mapping, by=run.by, dry_run=run.dry_run, run=run)
            except (CannotImport, NoSuchMapping) as why:
                run.state, run.problem, run.ended_at = Import.State.FAILED, str(why), now
                run.save(update_fields=["state", "problem", "ended_at"])
            return True
    return False


@contextmanager
def _held(pk: int) -> Iterator[bool]:
    """A lock that dies with its worker, so that an import is never stuck and never run twice at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, pk])
        ours = cursor.fetchone()[0]
    try:
        yield ours
    finally:
        if ours and connection.connection and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, pk])
