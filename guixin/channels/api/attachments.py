"""Files of a case or a task: left with us, listed, handed out. The same verbs and the same caution as the pages."""

from datetime import datetime
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Form, Router
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api import answers
from guixin.channels.api.answers import PersonShown
from guixin.channels.api.door import Needs, by, now_of
from guixin.channels.api.finding import NotThere, case_called, task_called, task_to_handle
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Scopes
from guixin.serve import attaching
from guixin.serve.models import Attachment, Case, Message, Task
from guixin.web.downloads import download

router = Router(tags=["attachments"], auth=Needs(Scopes.CASES_READ))
writing = Needs(Scopes.CASES_WRITE)


class AttachmentShown(BaseModel):
    id: UUID
    name: str
    media_type: str = Field(description="Decided by us from the bytes; what is not known is octet-stream.")
    size: int
    sha256: str
    state: str
    reason: str = Field(description="Why it was not understood; empty otherwise.")
    width: int | None
    height: int | None
    from_customer: bool
    by: PersonShown | None
    at: datetime
    task_id: int | None
    message_id: int | None


def _shown(one: Attachment) -> dict:
    return {
        "id": one.pk,
        "name": one.name,
        "media_type": one.media_type,
        "size": one.size,
        "sha256": one.sha256,
        "state": one.state,
        "reason": str(one.get_doubt_display()) if one.doubt else "",
        "width": one.width,
        "height": one.height,
        "from_customer": one.from_customer,
        "by": answers.person(one.by),
        "at": one.at,
        "task_id": one.task_id,
        "message_id": one.message_id,
    }


def _listed(held) -> list[dict]:
    return [_shown(one) for one in held.select_related("by").order_by("at", "pk")]


def _add(
    request: HttpRequest, files: list[UploadedFile], message_id: int | None, case: Case, task: Task | None
) -> list[dict]:
    message = None
    if message_id is not None:
        message = Message.objects.filter(pk=message_id, case=case, by=by(request)).first()
        if message is None:
            raise NotThere(_("There is no message %s of yours here.") % message_id)
    kept = attaching.keep(files)
    made = attaching.attach(kept, case=case, task=task, message=message, by=by(request), now=now_of(request))
    return [_shown(one) for one in made]


@router.get("/cases/{number}/attachments", response=list[AttachmentShown], summary="The files of a case")
def of_case(request: HttpRequest, number: str):
    return _listed(case_called(request, number).attachments)


@router.post(
    "/cases/{number}/attachments", auth=writing, response={201: list[AttachmentShown]},
    summary="Add files to a case",
)  # fmt: skip
def add_to_case(
    request: HttpRequest, number: str, files: File[list[UploadedFile]], message_id: Form[int | None] = None
):
    """Photos are written anew without what a camera hides in them; everything else is kept as it came.
    With `message_id` they stand with a message the caller wrote on this case."""
    return Status(201, _add(request, files, message_id, case_called(request, number), None))


@router.get("/tasks/{int:task_id}/attachments", response=list[AttachmentShown], summary="The files of a task")
def of_task(request: HttpRequest, task_id: int):
    return _listed(task_called(request, task_id).attachments)


@router.post(
    "/tasks/{int:task_id}/attachments", auth=writing, response={201: list[AttachmentShown]},
    summary="Add files to a task",
)  # fmt: skip
def add_to_task(
    request: HttpRequest, task_id: int, files: File[list[UploadedFile]], message_id: Form[int | None] = None
):
    """As for a case."""
    task = task_to_handle(request, task_id)
    return Status(201, _add(request, files, message_id, task.case, task))


@router.get("/attachments/{uuid:attachment_id}", response=None, summary="The bytes of a file")
def content(request: HttpRequest, attachment_id: UUID) -> FileResponse:
    """Always a download, never of a type a browser would run."""
    held = get_visible_or_404(Attachment.objects, by(request), pk=attachment_id)
    try:
        return download(held.open(), held.media_type, held.name)
    except FileNotFoundError as gone:
        raise Http404 from gone
