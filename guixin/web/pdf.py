"""The one place that makes a PDF. Nothing is ever fetched: no address, no file, no data: not by an image, a style
sheet, a font, an attachment or a drawing, whoever wrote the text that asks for it.

WeasyPrint needs Pango and a Chinese font on the machine; `ailment` says in a sentence which of them is missing.
"""

import logging
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

from django.utils.translation import gettext as _

from guixin.web.refusals import Refused

if TYPE_CHECKING:
    from weasyprint import Document

CHINESE = "投诉處理单"


class CannotPrint(Refused):
    """This machine lacks what a PDF needs, and what that is."""


def render(html: str, css: str) -> bytes:
    """The PDF of a whole page. `html` is escaped text in our own markup; `css` is ours. Raises CannotPrint."""
    if missing := ailment():
        raise CannotPrint(missing)
    return _document(html, css).write_pdf()


def _document(html: str, css: str) -> "Document":
    from weasyprint import CSS, HTML
    from weasyprint.logger import LOGGER

    if not any(isinstance(each, _Lacking) for each in LOGGER.handlers):
        LOGGER.setLevel(logging.CRITICAL)  # it would write each address that was refused into our log
    nothing = _nothing_fetched()
    sheet = CSS(string=css, url_fetcher=nothing, base_url=None)
    return HTML(string=html, url_fetcher=nothing, base_url=None).render(stylesheets=[sheet])


@cache
def _nothing_fetched() -> Any:
    """A fetcher that refuses. WeasyPrint 70 wants an object of its class; a plain function crashes it."""
    from weasyprint.urls import URLFetcher

    class NothingFetched(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> NoReturn:
            raise ValueError("Nothing is fetched for a PDF.")

        def open(self, *args: Any, **kwargs: Any) -> NoReturn:
            raise ValueError("Nothing is opened for a PDF.")

    return NothingFetched(allowed_protocols=())


def ailment() -> str:
    """Why no PDF can be made on this machine, or "". Looked at once a process."""
    return {
        "": "",
        "pango": _(
            "Pango is not installed on this machine, so nothing can be printed. On Debian or Ubuntu: "
            "sudo apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        ),
        "chinese": _(
            "There is no Chinese font on this machine, so nothing can be printed. On Debian or Ubuntu: "
            "sudo apt install fonts-noto-cjk"
        ),
    }[_missing()]


@cache
def _missing() -> str:
    try:
        import weasyprint  # noqa: F401  loads Pango
    except (OSError, ImportError):
        return "pango"
    return "chinese" if _lacks_chinese() else ""


class _Lacking(logging.Handler):
    """WeasyPrint says of each character that no font has that it draws an empty box, and only in its log."""

    def __init__(self) -> None:
        super().__init__()
        self.heard = False

    def emit(self, record: logging.LogRecord) -> None:
        self.heard |= ".notdef" in str(record.msg)


def _lacks_chinese() -> bool:
    log, ear = logging.getLogger("weasyprint"), _Lacking()
    level, passes_on = log.level, log.propagate
    log.addHandler(ear)
    log.setLevel(logging.WARNING)
    log.propagate = False
    try:
        _document(CHINESE, "").write_pdf()
    finally:
        log.removeHandler(ear)
        log.setLevel(level)
        log.propagate = passes_on
    return ear.heard
