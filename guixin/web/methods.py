"""An address that only takes what is sent, opened like a page; or the other way round."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

LOOKS = ("GET", "HEAD")


class RefusedInWords:
    """Middleware: Django's own 405 is a blank page. The API says it as a problem (`channels/api/problems.py`), and of an
    answer to htmx the sentence is shown at the form (`unanswered-request.js`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if not isinstance(answer, HttpResponseNotAllowed) or request.path.startswith("/api/"):
            return answer
        page = render(request, "405.html", {"was_looked_at": request.method in LOOKS}, status=405)
        page["Allow"] = answer["Allow"]
        return page
