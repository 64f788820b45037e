"""Inputs for values a firm made up fields for: its attributes of customers, the questions of its forms. What is typed is
understood in one place (web/typed_values.py), by the verbs."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from guixin.web.typed_values import ValueKind

OFF = {"autocomplete": "off"}


def input_for(kind: str, choices: Sequence[tuple[str, str]] = (), *, nothing: str = "") -> forms.Widget:
    """The widget for a kind of value; `nothing` stands first where one is chosen."""
    if kind == ValueKind.CHOICE:
        return forms.Select(choices=[("", nothing), *choices])
    if kind == ValueKind.SEVERAL:
        return forms.CheckboxSelectMultiple(choices=choices)
    if kind == ValueKind.YES_NO:
        return forms.Select(choices=[("", nothing), ("yes", _("yes")), ("no", _("no"))])
    if kind == ValueKind.DATE:
        return forms.DateInput(attrs={"type": "date", **OFF})
    if kind == ValueKind.MOMENT:
        return forms.DateTimeInput(attrs={"type": "datetime-local", **OFF}, format="%Y-%m-%dT%H:%M")
    if kind == ValueKind.LONG_TEXT:
        return forms.Textarea(attrs={"rows": 3})
    inputmode = {"inputmode": "decimal"} if kind == ValueKind.NUMBER else {}
    return forms.TextInput(attrs={**OFF, **inputmode})


class AsTyped(forms.Field):
    """Hands on what was typed or chosen: the verb reads it, and its sentence stands at the field."""

    def __init__(self, **kwargs: Any):
        super().__init__(**{"required": False, **kwargs})

    def clean(self, value: Any) -> Any:
        if isinstance(value, list):
            return [str(each).replace("\x00", "") for each in value]
        return str(value or "").replace("\x00", "")
