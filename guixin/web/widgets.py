"""The fields of forms, drawn by Python. Django draws every input with three templates, every option of a list with
two more: on a page with forms that is most of its cost. What comes out is the same."""

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import format_html, format_html_join
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
    return format_html(
        "<input{}>", _said({"type": widget["type"], "name": widget["name"]} | had | widget["attrs"])
    )


def _textarea(widget: dict[str, Any]) -> SafeString:
    # The line break is not part of the text: browsers leave out the first one.
    said = _said({"name": widget["name"]} | widget["attrs"])
    return format_html("<textarea{}>\n{}</textarea>", said, widget["value"] or "")


def _select(widget: dict[str, Any]) -> SafeString:
    groups = format_html_join("", "{}", ((_group(name, some),) for name, some, _at in widget["optgroups"]))
    return format_html("<select{}>{}</select>", _said({"name": widget["name"]} | widget["attrs"]), groups)


def _group(name: Any, options: list[dict[str, Any]]) -> SafeString:
    drawn = format_html_join(
        "", "<option{}>{}</option>",
        ((_said({"value": str(each["value"])} | each["attrs"]), each["label"]) for each in options),
    )  # fmt: skip
    return format_html('<optgroup label="{}">{}</optgroup>', name, drawn) if name else drawn


def _said(attributes: dict[str, Any]) -> SafeString:
    """In their order, as Django's templates write them: True stands alone, False not at all."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value),)
            for name, value in attributes.items()
            if value is not False
        ),
    )


_DRAWN = {
    **{f"django/forms/widgets/{kind}.html": _input for kind in INPUTS},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
}
