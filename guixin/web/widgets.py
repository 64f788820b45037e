"""The fields of forms, drawn by Python. Django draws every input with three templates, every option of a list with
two more: on a page with forms that is most of its cost. What comes out is the same."""

from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString

INPUTS = (
    "text", "number", "email", "url", "password", "hidden", "date", "datetime", "time", "checkbox", "file", "search",
)  # fmt: skip


class Widgets(DjangoTemplates):
    """The renderer of all forms; what it does not know goes the usual way."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        draw = _DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)


def _input(widget: dict[str, Any]) -> SafeString:
    had = {} if widget["value"] is None else {"value": str(widget["value"])}
    said = attributes({"type": widget["type"], "name": widget["name"]} | had | widget["attrs"])
    return SafeString(f"<input{said}>")  # nosec B703  of escaped parts, as all below


def _textarea(widget: dict[str, Any]) -> SafeString:
    # The line break is not part of the text: browsers leave out the first one.
    said = attributes({"name": widget["name"]} | widget["attrs"])
    return SafeString(f"<textarea{said}>\n{escaped(widget['value'] or '')}</textarea>")  # nosec B703


def _select(widget: dict[str, Any]) -> SafeString:
    groups = "".join(_group(name, some) for name, some, _at in widget["optgroups"])
    said = attributes({"name": widget["name"]} | widget["attrs"])
    return SafeString(f"<select{said}>{groups}</select>")  # nosec B703


def _group(name: Any, options: list[dict[str, Any]]) -> str:
    drawn = "".join(
        f"<option{attributes({'value': str(each['value'])} | each['attrs'])}>{escaped(each['label'])}</option>"
        for each in options
    )
    return f'<optgroup label="{escaped(name)}">{drawn}</optgroup>' if name else drawn


def attributes(said: dict[str, Any]) -> str:
    """In their order, as Django's templates write them: True stands alone, False not at all. Every value is escaped
    here, and the names are those of our code: through `format_html` this was half of what a form cost."""
    return "".join(
        f" {name}" if value is True else f' {name}="{escaped(value)}"'
        for name, value in said.items()
        if value is not False
    )


def escaped(words: Any) -> str:
    """As Django's `conditional_escape`, which is written for every kind of words there may be and costs more than it
    does."""
    said = words if isinstance(words, str) else str(words)
    return said if isinstance(said, SafeString) else escape(said)


_DRAWN = {
    **{f"django/forms/widgets/{kind}.html": _input for kind in INPUTS},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
}
