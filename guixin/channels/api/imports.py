"""Files of cases: left with us, taken in by a worker, looked after line by line."""

from datetime import datetime
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import File, Form, Router
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import BaseModel

from guixin.channels.api.door import Needs, by, found, now_of
from guixin.channels.importing.jobs import receive, stored_file
from guixin.channels.importing.running import outcomes
from guixin.channels.models import Import, ImportedLine
from guixin.channels.sheets import write_result
from guixin.organisation.models import Scopes

router = Router(tags=["imports"], auth=Needs(Scopes.IMPORTS, administrators=True))
LINES = 500


class ImportShown(BaseModel):
    id: int
    what: str
    file_name: str
    mapping: str
    state: str
    problem: str
    dry_run: bool
    made_at: datetime
    ended_at: datetime | None
    line: int
    landed: int
    already: int
    faults: int
    rejected: int
    figures: dict[str, Any]


class LineShown(BaseModel):
    line: int
    landed: bool
    reason: str
    sentence: str
    raw: str


class LinesShown(BaseModel):
    lines: list[LineShown]
    after: int | None


def _shown(run: Import) -> ImportShown:
    return ImportShown(**{name: getattr(run, name) for name in ImportShown.model_fields})


def _run(pk: int) -> Import:
    return found(Import.objects.filter(pk=pk).first())


@router.post("", response={202: ImportShown}, summary="Leave a file to be taken in")
def leave_file(
    request: HttpRequest,
    response: HttpResponse,
    file: File[UploadedFile],
    mapping: Form[str],
    dry_run: Form[bool] = False,
):
    """The file is kept as it came before it is read; a worker takes it in. Rows already there are not added
    again, so sending the same file twice does no harm."""
    assert file.file is not None  # Django gives every upload its file
    run = receive(file.file, file.name or "", mapping, by=by(request), now=now_of(request), dry_run=dry_run)
    response["Location"] = f"/api/imports/{run.pk}"
    return Status(202, _shown(run))


@router.get("", response=list[ImportShown], summary="The latest imports")
def imports(request: HttpRequest):
    return [_shown(run) for run in Import.objects.order_by("-pk")[:50]]


@router.get("/{int:import_id}", response=ImportShown, summary="How far an import got")
def one_import(request: HttpRequest, import_id: int):
    return _shown(_run(import_id))


@router.get("/{int:import_id}/lines", response=LinesShown, summary="The lines that need somebody's eye")
def doubtful_lines(request: HttpRequest, import_id: int, after: int = 0):
    """Rejected lines, and lines that landed with a fault, with their reasons, in order."""
    rows = list(
        ImportedLine.objects.filter(run=_run(import_id), line__gt=after).order_by("line")[: LINES + 1]
    )
    shown = [
        LineShown(line=r.line, landed=r.landed, reason=r.reason, sentence=r.sentence, raw=r.raw)
        for r in rows[:LINES]
    ]
    return LinesShown(lines=shown, after=shown[-1].line if len(rows) > LINES else None)


@router.get("/{int:import_id}/result", response=None, summary="Their file, with the outcome beside each row")
def result_file(request: HttpRequest, import_id: int):
    """A CSV with two columns more: the outcome, and the reason of what was rejected."""
    run = _run(import_id)
    source = stored_file(run)
    found((run.stored_as and run.state == Import.State.DONE and source.exists()) or None)
    out = source.with_name(f"{source.name}.result.csv")
    write_result(source, out, outcomes(run), otherwise=("已导入", ""))
    return FileResponse(out.open("rb"), as_attachment=True, filename=f"result-{run.pk}.csv")
