"""How large one request may be, its files included: Django's own limits leave files out."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import bad_request

MEGABYTE = 1024 * 1024
LARGEST = 220 * MEGABYTE  # ten files of twenty, and the words


class AtMost(FileUploadHandler):
    """The first of the upload handlers: refuses before a byte is read. What has no length is not read at all."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, *_more: Any, **__: Any
    ) -> None:
        if content_length > LARGEST:
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django calls all that cannot be read 400; what is too large gets its own sentence."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", {"megabytes": LARGEST // MEGABYTE}, status=413)
    return bad_request(request, exception)
