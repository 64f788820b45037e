"""Answers in words go out compressed; pictures and files are small already and keep their length.

What a page keeps secret cannot be guessed from its compressed length: Django writes another mask over each CSRF token
and adds a random number of bytes, and our cookies are not sent with what another site asks for.
"""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

WORDS = ("text/", "application/json", "application/javascript", "image/svg+xml")


class CompressedWords(GZipMiddleware):
    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "")
        if (
            not kind.startswith(WORDS)
            or kind.startswith("text/event-stream")
            or request.path.startswith("/api/")
        ):
            return response  # programs that want less than what is there ask for less
        return super().process_response(request, response)
