"""HTML of a mail: as words for the case, and cleaned for a look at it in a sandbox. Never trusted, never in a page of
ours: cleaned by nh3, shown in a sandboxed frame, under a policy of its own. Each of the three alone stops a script."""

import re
from html import unescape
from html.parser import HTMLParser

import nh3
from django.utils.safestring import SafeString

LONGEST = 400_000  # characters that are looked at
# A browser's way of reading tags takes the square of their depth: 300,000 open <div> would keep a worker for minutes.
DEEPEST = 1_000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NO_DEPTH = frozenset(
    ("br", "img", "hr", "meta", "link", "input", "col", "p", "li", "td", "th", "tr", "dt", "dd", "option")
)
_ANY_TAG = re.compile(r"<[^<>]*>")
_BREAKS = {"br", "p", "div", "tr", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "pre", "hr"}  # fmt: skip
_SHOWN = (nh3.ALLOWED_TAGS | {"font", "center", "u", "s", "small", "big", "img"}) - {
    "form",
    "input",
    "button",
    "svg",
    "math",
}
_ATTRIBUTES = {
    "*": {"dir", "lang", "title", "align", "valign", "width", "height", "bgcolor", "color"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "table": {"border", "cellpadding", "cellspacing"},
    "font": {"face", "size"},
}
_DROPPED = {
    "script",
    "style",
    "head",
    "title",
    "noscript",
    "template",
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
}


def as_words(html: str) -> str:
    """The text, a line for each block. Cleaned first, so that the reader of tags meets only tidy ones."""
    html = html[:LONGEST]
    if is_too_deep(html):
        return " ".join(unescape(_ANY_TAG.sub(" ", html)).split())
    clean = nh3.clean(html, tags=_BREAKS, attributes={}, clean_content_tags=_DROPPED, link_rel=None)
    reader = _Words()
    reader.feed(clean)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.pieces).splitlines()]
    return "\n".join(_one_blank(lines)).strip()


def cleaned(html: str, *, images: bool = False) -> SafeString:
    """What may stand in the sandboxed frame; pictures from elsewhere only when somebody asked for them."""
    if is_too_deep(html[:LONGEST]):
        return SafeString("")
    attributes = _ATTRIBUTES | ({"img": {"src", "alt"}} if images else {"img": {"alt"}})
    clean = nh3.clean(
        html[:LONGEST],
        tags=_SHOWN - {"a"},  # a link in a mail nobody has checked is shown as its words
        attributes=attributes,
        clean_content_tags=_DROPPED,
        url_schemes={"http", "https"},
        link_rel=None,
    )
    return SafeString(clean)  # nosec B703  cleaned just now, and shown only in the sandboxed frame


def is_too_deep(html: str) -> bool:
    """Whether more tags stand open at once than in any letter somebody wrote."""
    depth = 0
    for closing, name in _TAG.findall(html):
        if name.lower() not in _NO_DEPTH:
            depth = max(depth + (-1 if closing else 1), 0)
            if depth > DEEPEST:
                return True
    return False


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BREAKS and tag != "br":
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data.replace("\n", " "))


def _one_blank(lines: list[str]) -> list[str]:
    return [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
