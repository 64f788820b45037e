"""`{% load i18n %}`, with `{% translate "…" %}` said once for each language: a page has a hundred of them, and Django
looks each up anew. Settings put this in the place of Django's library."""

from django import template
from django.template.base import Parser, Token
from django.templatetags import i18n
from django.utils.translation import get_language

register = template.Library()
register.tags |= i18n.register.tags
register.filters |= i18n.register.filters


class _Said(template.Node):
    """Words that nothing on the page changes."""

    child_nodelists = ()

    def __init__(self, words: i18n.TranslateNode):
        self._words = words
        self._said: dict[str | None, str] = {}

    def render(self, context: template.Context) -> str:
        language = get_language()
        said = self._said.get(language)
        if said is None:
            said = self._said[language] = self._words.render(context)
        return said


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> template.Node:
    node = i18n.do_translate(parser, token)
    said = node.filter_expression
    is_constant = getattr(said.var, "literal", None) is not None and not said.filters
    return node if node.asvar or node.message_context or not is_constant else _Said(node)
