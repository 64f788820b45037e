"""The fields of forms, drawn by Python. Django draws every input with three templates, every option of a list with
two more: on a page with forms that is most of its cost. What comes out is the same."""

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape, format_html
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
    groups = SafeString(  # nosec B703  each is escaped where it is made
        "".join(_group(name, some) for name, some, _at in widget["optgroups"])
    )
    return format_html("<select{}>{}</select>", _said({"name": widget["name"]} | widget["attrs"]), groups)


def _group(name: Any, options: list[dict[str, Any]]) -> SafeString:
    drawn = "".join(
        f"<option{_said({'value': str(each['value'])} | each['attrs'])}>{conditional_escape(each['label'])}</option>"
        for each in options
    )
    options_drawn = SafeString(drawn)  # nosec B703  values and labels are escaped above
    if not name:
        return options_drawn
    return format_html('<optgroup label="{}">{}</optgroup>', name, options_drawn)


def _said(attributes: dict[str, Any]) -> SafeString:
    """In their order, as Django's templates write them: True stands alone, False not at all. Every value is escaped
    here, and the names are those of our code: through `format_html` this was half of what a form cost."""
    return SafeString(  # nosec B703  escaped value by value
        "".join(
            f" {name}" if value is True else f' {name}="{conditional_escape(value)}"'
            for name, value in attributes.items()
            if value is not False
        )
    )


_DRAWN = {
    **{f"django/forms/widgets/{kind}.html": _input for kind in INPUTS},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
}
