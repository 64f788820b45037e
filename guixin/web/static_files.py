"""Scripts, pictures and single sheets: an address that changes with their content, so that none is asked for twice."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware

from guixin.web.one_file import A_YEAR

VERSION = "v"  # in the query, as for the sheets


class VersionedFiles(StaticFilesStorage):
    """`{% static %}` with the version. No build: the files are read where they are written."""

    def url(self, name: str | None) -> str:
        return self._written(name) if settings.DEBUG else self._remembered(name)

    def _written(self, name: str | None) -> str:
        version = version_of(name or "")
        return f"{super().url(name)}?{VERSION}={version}" if version else super().url(name)

    _remembered = lru_cache(maxsize=1024)(_written)


class KeptForAYear(WhiteNoiseMiddleware):
    """What was asked for by its version never changes; whoever asks without one is told to ask again."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponseBase:
        answer = WhiteNoiseMiddleware.serve(static_file, request)
        asked = request.GET.get(VERSION)
        if asked and asked == version_of(request.path.removeprefix(settings.STATIC_URL)):
            answer["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
        return answer


def version_of(name: str) -> str:
    """Empty if there is no such file."""
    return _read(name) if settings.DEBUG else _remembered(name)


@lru_cache(maxsize=1024)
def _remembered(name: str) -> str:
    return _read(name)


def _read(name: str) -> str:
    found = finders.find(name) if name else None
    return sha256(Path(found).read_bytes()).hexdigest()[:12] if isinstance(found, str) else ""
