"""The style sheets of a page as one: they are written one a component, and read in one go.

Twenty small files are twenty questions before the first line is drawn, and again whenever a browser asks whether they
are still the same. Together they have an address that changes with their content, so that none is asked for twice.
No build: what a page lists is put together when it is first asked for, in the order it is listed.
"""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest, HttpResponse

A_YEAR = 365 * 24 * 3600
MOST = 40  # of a page; nobody lists more


def address_of(names: tuple[str, ...]) -> str:
    """Where these sheets are together; another address when one of them changed."""
    return f"/styles.css?{urlencode({'of': ' '.join(names), 'v': _version(_together(names))})}"


def together(request: HttpRequest) -> HttpResponse:
    names = tuple(request.GET.get("of", "").split())
    if not names or len(set(names)) < len(names) or len(names) > MOST:
        raise Http404
    try:
        sheets = _together(names)
    except (FileNotFoundError, SuspiciousFileOperation) as missing:
        raise Http404 from missing
    answer = HttpResponse(sheets, content_type="text/css; charset=utf-8")
    kept = f"max-age={A_YEAR}, immutable" if request.GET.get("v") == _version(sheets) else "no-cache"
    answer["Cache-Control"] = f"public, {kept}"
    return answer


def _version(sheets: str) -> str:
    return sha256(sheets.encode()).hexdigest()[:12]


def _together(names: tuple[str, ...]) -> str:
    return _read(names) if settings.DEBUG else _remembered(names)


@lru_cache(maxsize=64)
def _remembered(names: tuple[str, ...]) -> str:
    return _read(names)


def _read(names: tuple[str, ...]) -> str:
    return "\n".join(_sheet(name) for name in names)


def _sheet(name: str) -> str:
    found = finders.find(name) if name.endswith(".css") else None
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_text(encoding="utf-8")
