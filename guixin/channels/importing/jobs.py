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

from guixin.channels.importing.running import CannotImport, run_import
from guixin.channels.models import Import
from guixin.channels.sheets import Mapping, NoSuchMapping, load_mapping
from guixin.channels.sheets.mapping import mapping_from
from guixin.organisation.models import Person

LOCK = 0x696D706F  # class of the advisory locks; the second number is the import's


def receive(
    file: IO[bytes], name: str, mapping_name: str, *, by: Person | None, now: datetime, dry_run: bool = False
) -> Import:
    """Keep the file as it came and let a worker take it in. Raises NoSuchMapping before anything is kept.

    The stored name is ours; the name somebody gave is data only.
    """
    mapping = load_mapping(Path(mapping_name).name)  # a name, never a path from outside
    stored_as = f"imports/{uuid.uuid4()}"
    place = settings.MEDIA_ROOT / stored_as
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as copy:
        shutil.copyfileobj(file, copy)
    return Import.objects.create(
        what=mapping.what, file_name=Path(name).name[:200], stored_as=stored_as, mapping=mapping.name, by=by,
        dry_run=dry_run, made_at=now, state=Import.State.WAITING,
    )  # fmt: skip


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
