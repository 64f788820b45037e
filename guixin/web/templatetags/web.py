"""Tags every page may use: moments, deadlines, icons, and the address with one parameter changed."""

import json
import re
from functools import cache, lru_cache

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from guixin.web import deadlines, moments, one_file, toasts

register = template.Library()


@cache
def icon(name: str) -> SafeString:
    """A symbol of icons.svg; always beside words, so screen readers skip it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("web/icons.svg"),
        name,
    )


@register.tag("icon")
def _icon_tag(parser, token) -> template.Node:
    """{% icon "late" %}: drawn when the template is read, where its name stands there."""
    _tag, name = token.split_contents()
    expression = parser.compile_filter(name)
    if isinstance(expression.var, str):
        return template.base.TextNode(icon(expression.var))
    return _Icon(expression)


class _Icon(template.Node):
    child_nodelists = ()

    def __init__(self, name):
        self.name = name

    def render(self, context) -> str:
        return icon(self.name.resolve(context))


@register.simple_tag
def pill(shown: deadlines.Pill) -> SafeString:
    """A deadline: icon, words, and the due instant with the exact time on hover."""
    due = f' <span class="pill-due" title="{shown.exact}">{escape(shown.due)}</span>' if shown.due else ""
    return SafeString(  # nosec B703  words are escaped, the rest is ours
        f'<span class="pill pill-{shown.look}">{icon(shown.icon)}<span>{escape(shown.words)}</span>{due}</span>'
    )


@register.simple_tag
def deadline(due_at, now, **facts) -> SafeString:
    return pill(deadlines.pill(due_at, now, **facts))


@register.simple_tag
def moment(at, now) -> SafeString:
    """<time> with the day as people say it and the exact instant on hover."""
    if at is None:
        return SafeString()
    return _time(at, moments.due_instant(at, now))


@register.simple_tag
def moment_words(at, now) -> str:
    """The same without a tag, for an attribute."""
    return moments.due_instant(at, now)


@register.simple_tag
def age(since, now) -> SafeString:
    return _time(since, moments.age(since, now))


def _time(at, words: str) -> SafeString:
    """A list draws fifty of these and fifty pills: the words are escaped, of digits there is nothing to escape."""
    return SafeString(  # nosec B703  as said above
        f'<time datetime="{at.isoformat()}" title="{moments.exact(at)}">{escape(words)}</time>'
    )


@register.simple_tag(takes_context=True)
def address_with(context, **changes) -> str:
    """The page's own address with these parameters changed; an empty value removes one."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in ("", None):
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}"


@register.filter
def as_json(value) -> str:
    """For a data attribute; the template escapes it."""
    return json.dumps(value, ensure_ascii=False)


register.filter("span_words", moments.span)


@register.tag
def onesheet(parser, token) -> "OneOf":
    """{% onesheet %}<link …><link …>{% endonesheet %}: the listed sheets behind one link; see web/one_file.py."""
    return OneOf(
        _inside(parser, "endonesheet"), one_file.SHEETS, r'<link[^>]* href="([^"?]+\.css)[^>]*>',
        '<link rel="stylesheet" href="{}">',
    )  # fmt: skip


@register.tag
def onescript(parser, token) -> "OneOf":
    """The same for scripts. What else is listed with them stays."""
    return OneOf(
        _inside(parser, "endonescript"), one_file.SCRIPTS, r'<script[^>]* src="([^"?]+\.js)[^>]*></script>',
        '<script type="module" src="{}"></script>',
    )  # fmt: skip


def _inside(parser, end: str) -> template.NodeList:
    inside = parser.parse((end,))
    parser.delete_first_token()
    return inside


class OneOf(template.Node):
    def __init__(self, nodelist, kind: one_file.OneFile, listed: str, written: str):
        self.nodelist, self.kind, self.listed, self.written = nodelist, kind, re.compile(listed), written

    def render(self, context) -> str:
        inside = self.nodelist.render(context)
        return self._written(inside) if settings.DEBUG else self._remembered(inside)

    def _written(self, inside: str) -> str:
        listed = self.listed.findall(inside)
        if not listed:
            return inside
        names = tuple(dict.fromkeys(each.removeprefix(settings.STATIC_URL) for each in listed))
        return self.listed.sub("", inside).strip() + format_html(self.written, self.kind.address_of(names))

    # The words beside them are in few languages, and the lists are few.
    _remembered = lru_cache(maxsize=256)(_written)


register.filter(toasts.undo_address)
