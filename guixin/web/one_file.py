"""The style sheets of a page as one, and its scripts as one: they are written one a component, one a behaviour, and read
in one go.

Twenty small files are twenty questions before the first line is drawn, and again whenever a browser asks whether they
are still the same. Together they have an address that changes with their content, so that none is asked for twice.
No build: what a page lists is put together when it is first asked for, in the order it is listed, and compressed once.
"""

import gzip
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

A_YEAR = 365 * 24 * 3600
MOST = 40  # of a page; nobody lists more


@dataclass(frozen=True)
class OneFile:
    """Files of one sort behind one address; `each` is how one stands among the others."""

    path: str
    suffix: str
    media_type: str
    each: str = "%s"

    def address_of(self, names: tuple[str, ...]) -> str:
        """Where these are together; another address when one of them changed."""
        return f"{self.path}?{urlencode({'of': ' '.join(names), 'v': _kept(self, names).version})}"

    def answer(self, request: HttpRequest) -> HttpResponse:
        names = tuple(request.GET.get("of", "").split())
        if not names or len(set(names)) < len(names) or len(names) > MOST:
            raise Http404
        try:
            found = _kept(self, names)
        except (FileNotFoundError, SuspiciousFileOperation) as missing:
            raise Http404 from missing
        wants_it_small = "gzip" in request.headers.get("Accept-Encoding", "")
        answer = HttpResponse(
            found.compressed if wants_it_small else found.content, content_type=self.media_type
        )
        if wants_it_small:
            answer["Content-Encoding"] = "gzip"
        patch_vary_headers(answer, ("Accept-Encoding",))
        kept = f"max-age={A_YEAR}, immutable" if request.GET.get("v") == found.version else "no-cache"
        answer["Cache-Control"] = f"public, {kept}"
        return answer


SHEETS = OneFile("/styles.css", ".css", "text/css; charset=utf-8")
# A script is a module without imports. Its braces hide its names from the others, and what breaks it stops there.
SCRIPTS = OneFile(
    "/scripts.js", ".js", "text/javascript; charset=utf-8", "try {\n%s\n} catch (wrong) {\nreportError(wrong);\n}"
)  # fmt: skip


@dataclass(frozen=True)
class _Together:
    content: bytes
    compressed: bytes
    version: str


def _kept(kind: OneFile, names: tuple[str, ...]) -> _Together:
    return _read(kind, names) if settings.DEBUG else _remembered(kind, names)


@lru_cache(maxsize=64)
def _remembered(kind: OneFile, names: tuple[str, ...]) -> _Together:
    return _read(kind, names)


def _read(kind: OneFile, names: tuple[str, ...]) -> _Together:
    content = "\n".join(kind.each % _file(kind, name) for name in names).encode()
    return _Together(content, gzip.compress(content, mtime=0), sha256(content).hexdigest()[:12])


def _file(kind: OneFile, name: str) -> str:
    found = finders.find(name) if name.endswith(kind.suffix) else None
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_text(encoding="utf-8")
