"""The fields a firm made up for its customers, on every form that has a place for them."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guixin.desks.forms.typed import input_for
from guixin.understand.describing import CannotDescribe, in_words, understood
from guixin.understand.models import Attribute, Customer

PREFIX = "attribute-"
TAKEN_AWAY = "-"


class AttributeField(forms.CharField):
    """Cleans to what was typed, once it is understood; a list and yes or no are chosen."""

    def __init__(self, attribute: Attribute, **kwargs: Any):
        self.attribute = attribute
        super().__init__(
            label=attribute.shown_name(get_language() or ""), required=False, max_length=500,
            widget=_widget(attribute), **kwargs,
        )  # fmt: skip

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if text == TAKEN_AWAY and self.attribute.personal:
            return text
        try:
            understood(self.attribute, text)
        except CannotDescribe as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return text


def _widget(attribute: Attribute) -> forms.Widget:
    return input_for(attribute.kind, [(each, each) for each in attribute.choices], nothing=_("Not known"))


def add_attributes(form: forms.Form, customer: Customer | None, kind: str) -> None:
    """One field for each attribute asked of such a customer. What is personal is not written into the page: left empty
    it stays as it is."""
    known = {row.attribute_id: row for row in customer.attribute_values.all()} if customer else {}
    for attribute in Attribute.objects.of(kind):
        field = AttributeField(attribute)
        row = known.get(attribute.pk)
        if row is not None and attribute.personal:
            field.help_text = _("Leave it empty to keep %(value)s; write “-” to take it away.") % {
                "value": in_words(row, masked=True)
            }
            field.widget = forms.TextInput(attrs={"autocomplete": "off"})
        elif row is not None:
            field.initial = (
                ("yes" if row.yes else "no") if row.yes is not None
                else row.day.isoformat() if row.day else in_words(row)
            )  # fmt: skip
        elif attribute.required:
            field.help_text = _("Must be known.")
        form.fields[f"{PREFIX}{attribute.code}"] = field


def attributes_said(form: forms.Form) -> dict[str, str]:
    """By code, for the verbs: a personal one that was left empty is not mentioned."""
    said = {}
    for name, field in form.fields.items():
        if isinstance(field, AttributeField):
            text = form.cleaned_data.get(name, "")
            if field.attribute.personal and not text:
                continue
            said[field.attribute.code] = "" if text == TAKEN_AWAY and field.attribute.personal else text
    return said
