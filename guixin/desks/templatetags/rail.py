"""The links of the rail, drawn by Python: every page has some thirty of them."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString

from guixin.web.templatetags.web import icon
from guixin.web.widgets import escaped

register = template.Library()


@register.simple_tag
def rail_links(links: Iterable[Any], here: str) -> SafeString:
    """links    each a `rendering.RailLink`
    here     the address of the page, or of the one it belongs to
    """
    return SafeString("\n".join(_link(each, here) for each in links))  # nosec B703  escaped below


def _link(link: Any, here: str) -> str:
    words, address = escaped(link.words), escaped(link.address)
    key = f' data-key="{escaped(link.key)}"' if link.key else ""
    current = ' aria-current="page"' if link.address == here else ""
    number = (
        f'<span class="rail-count" id="{link.count_id}">{escaped(link.number)}</span>'
        if link.number is not None
        else ""
    )
    return (
        f'<a class="rail-link" href="{address}" title="{words}"{key}{current}>{icon(link.icon)}<span>{words}</span>'
        f"{number}</a>"
    )
