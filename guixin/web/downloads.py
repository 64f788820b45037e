"""Files from outside, handed out so that a browser neither runs nor draws them, whatever they hold."""

from typing import IO, Any

from django.http import FileResponse


def download(content: IO[Any], media_type: str, name: str) -> FileResponse:
    """A file to be saved to disk; Django writes its name as RFC 5987 says. `media_type` is ours, not the sender's."""
    return _guarded(FileResponse(content, as_attachment=True, filename=name, content_type=media_type))


def small_picture(content: IO[Any], name: str) -> FileResponse:
    """A picture that we wrote ourselves, which may stand in a page."""
    return _guarded(FileResponse(content, filename=name, content_type="image/jpeg"))


def _guarded(answer: FileResponse) -> FileResponse:
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer
