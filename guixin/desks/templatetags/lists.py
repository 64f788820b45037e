"""What the rows of lists show: the channel as a symbol, who else has the case before them."""

from functools import cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guixin.serve.models import Case
from guixin.web.templatetags.web import icon

register = template.Library()

_ICONS = {
    "phone": "phone", "web": "globe", "qr": "globe", "api": "plug", "file": "clip", "email": "mail",
    "chat": "message", "visit": "mine", "internal": "team", "other": "message",
}  # fmt: skip


@register.simple_tag
def channel(which: str) -> SafeString:
    return _channel(which, get_language() or "zh-hans")


@cache
def _channel(which: str, language: str) -> SafeString:
    """Drawn once for each language: a list shows it fifty times."""
    words = Case.Channel(which).label
    return format_html(
        '<span class="channel" title="{}">{}<span class="visually-hidden">{}</span></span>',
        words, icon(_ICONS[which]), words,
    )  # fmt: skip


@register.simple_tag
def at_work(watched: dict[int, str], case_id: int) -> SafeString | str:
    """An eye, with the names, where colleagues have the case before them."""
    if names := watched.get(case_id):
        return format_html(
            '<span class="watched" title="{}">{}<span class="visually-hidden">{}</span></span>',
            names, icon("eye"), _("Open before %s") % names,
        )  # fmt: skip
    return ""
