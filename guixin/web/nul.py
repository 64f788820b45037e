"""A character 0 in an address is nobody's typing, and no text of the database can hold one."""

from collections.abc import Callable
from urllib.parse import unquote

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

NUL = "\x00"


class NoNul:
    """Middleware: refused with 400 before any page could ask the database for it. The API refuses it in its own words,
    and the fields of forms do too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = request.path_info + unquote(request.META.get("QUERY_STRING", ""))
        if NUL in address and not address.startswith("/api/"):
            raise BadRequest("An address cannot hold the character 0.")
        return self.get_response(request)
