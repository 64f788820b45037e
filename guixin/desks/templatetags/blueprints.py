"""What the drawing of a blueprint needs in its template: plain numbers, lines of words, and how a moment is kept."""

from datetime import timedelta

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guixin.desks.blueprint_picture import folded
from guixin.promise.performance import Performance
from guixin.web.moments import span

register = template.Library()


@register.filter
def plain(number: float) -> str:
    """As SVG reads it, whatever the language of the page."""
    return f"{number:g}"


@register.filter
def add_to(number: float, more: str | int) -> str:
    return f"{number + float(more):g}"


@register.filter
def in_lines(words: object) -> list[str]:
    """The name of a lane, broken where the room beside it ends."""
    said = str(words)
    return said.split(" ") if said.isascii() else folded(said)


@register.simple_tag
def performance_words(shown: Performance) -> str:
    """“96 % · 3 h · 5 open”; without enough that ended, how few there are."""
    parts = []
    if shown.share.is_enough:
        parts.append(f"{shown.share.percent_kept}%")
        if shown.median is not None:
            parts.append(str(span(shown.median)))
    else:
        parts.append(ngettext("%(n)s ended", "%(n)s ended", shown.share.ended) % {"n": shown.share.ended})
    if shown.broken:
        parts.append(_("%(n)s late") % {"n": shown.broken})
    elif shown.running:
        parts.append(_("%(n)s open") % {"n": shown.running})
    return " · ".join(parts)


@register.simple_tag
def length_of(length: timedelta) -> str:
    return str(span(length))
