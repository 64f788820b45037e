"""What an article looks like: Markdown in, harmless HTML out. One parser, one sanitiser, for every page that shows one.

Text is kept as it was written and made harmless each time it is shown, so a better sanitiser also cures old articles.
A picture or a file of the article is named `attached:<id>`; every page says where its readers fetch these.
"""

import re
from functools import cache
from uuid import UUID

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

ATTACHED = "attached:"
TAGS = {
    "a", "b", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5",
    "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "s", "strike", "strong", "sub", "sup", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"}, "img": {"alt", "src", "title"}, "ol": {"start"}, "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}  # fmt: skip
SCHEMES = {"http", "https", "mailto", "tel", ATTACHED.rstrip(":")}
# Their words are no words of the text.
NOT_WORDS = {"script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math"}
_HEADING = re.compile(r"(</?h)([1-6])(?=[ >])")


@cache
def _parser() -> MarkdownIt:
    # `breaks`: who writes Chinese presses Enter for a new line and means it. HTML is let through to the sanitiser.
    return MarkdownIt("commonmark", {"html": True, "breaks": True}).enable(["table", "strikethrough"])


def rendered(markdown: str, *, files_at: str = "/handbook/files/", top: int = 3) -> SafeString:
    """Harmless HTML. `files_at` begins the addresses of attached files; headings begin below the page's, at `top`."""
    html = clean(_parser().render(markdown or ""), files_at=files_at)
    return SafeString(_headings_below(html, top))  # nosec B703  nothing but what `clean` let through


def clean(html: str, *, files_at: str = ATTACHED) -> str:
    """Only tags and attributes that are listed above; no scripts, no styles, no pictures from elsewhere."""

    def kept(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "src":
            pk = attached_id(value)
            return _address(files_at, pk, "/preview") if pk else None
        if attribute == "href" and value.startswith(ATTACHED):
            pk = attached_id(value)
            return _address(files_at, pk) if pk else None
        return value

    return nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, attribute_filter=kept,
        clean_content_tags=NOT_WORDS, link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"table": {"tabindex": "0"}} if files_at != ATTACHED else {},
    )  # fmt: skip


def attached_id(address: str) -> UUID | None:
    """The file an address in a text names, if it names one."""
    if not address.startswith(ATTACHED):
        return None
    try:
        return UUID(address[len(ATTACHED) :])
    except ValueError:
        return None


def _address(files_at: str, pk: UUID, version: str = "") -> str:
    return f"{ATTACHED}{pk}" if files_at == ATTACHED else f"{files_at}{pk}{version}"


def _headings_below(html: str, top: int) -> str:
    """The largest heading of the text becomes `top`, the next one below it, so that no level is left out."""
    levels = sorted({int(level) for _start, level in _HEADING.findall(html)})
    shown = {level: min(top + order, 6) for order, level in enumerate(levels)}
    return _HEADING.sub(lambda found: f"{found[1]}{shown[int(found[2])]}", html)
