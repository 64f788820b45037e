"""Everything of one kind as a file."""

from typing import Literal

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja import Router
from ninja.errors import HttpError
from pydantic import Field

from guixin.channels.api.answers import Input, Word
from guixin.channels.api.door import Needs, by, now_of
from guixin.channels.api.waves import called
from guixin.channels.exporting import writing
from guixin.organisation.models import Scopes
from guixin.web.downloads import download

router = Router(tags=["exports"])
FILES = {
    "responses": {
        200: {
            "content": {
                media: {"schema": {"type": "string", "format": "binary"}}
                for media in writing.MEDIA_TYPES.values()
            }
        }
    }
}


class ExportGiven(Input):
    """`in_full` shows customers unmasked; it needs a reason of four characters or more."""

    noun: Literal[
        "cases", "tasks", "follow-ups", "call-backs", "customers", "purchases", "contacts", "needs", "knowledge",
        "articles", "problems",
        "segments", "memberships", "standards", "opinion-points",
    ]  # fmt: skip
    form: Literal["xlsx", "csv"] = "xlsx"
    in_full: bool = False
    reason: Word = Field("", description="Why; it stands in the ledger.")


@router.post(
    "/exports", auth=Needs(Scopes.CUSTOMERS_REVEAL), summary="Everything of one kind as a file",
    openapi_extra=FILES,
)  # fmt: skip
def export(request: HttpRequest, given: ExportGiven):
    """For the coordinator and who sees everything; masked unless for a reason, and told to the ledger."""
    now = now_of(request)
    try:
        made = writing.export(
            given.noun, given.form, in_full=given.in_full, reason=given.reason, by=by(request), now=now
        )
    except PermissionDenied as why:
        raise HttpError(403, str(why)) from why
    return download(made, writing.MEDIA_TYPES[given.form], writing.file_name(given.noun, given.form, now))


class ResponsesExportGiven(Input):
    """`in_full` shows customers and words unmasked; it needs a reason of four characters or more."""

    form: Literal["xlsx", "csv"] = "xlsx"
    in_full: bool = False
    reason: Word = Field("", description="Why; it stands in the ledger.")


@router.post(
    "/waves/{code}/export", auth=Needs(Scopes.CUSTOMERS_REVEAL), summary="The responses of a wave as a file", openapi_extra=FILES
)  # fmt: skip
def export_responses(request: HttpRequest, code: str, given: ResponsesExportGiven):
    """For whoever changes the wave, the coordinator and who sees everything. Of an anonymous wave: how often each answer was given."""
    wave, now = called(request, code), now_of(request)
    try:
        made = writing.export_responses(
            wave, given.form, in_full=given.in_full, reason=given.reason, by=by(request), now=now
        )
    except PermissionDenied as why:
        raise HttpError(403, str(why)) from why
    return download(made, writing.MEDIA_TYPES[given.form], writing.file_name(wave.code, given.form, now))
