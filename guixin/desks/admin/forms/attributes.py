"""What is asked of customers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guixin.desks.forms.base import ActForm, line, text
from guixin.understand.models import Attribute, Customer


class AttributeForm(ActForm):
    """`noun` is the attribute, or none for a new one; its kind and code are chosen once."""

    name = line(pgettext_lazy("of a thing", "Name"), required=True)
    name_en = line(_("English name"))
    kind = forms.ChoiceField(label=_("What stands there"), choices=Attribute.Kind.choices)
    choices = text(_("Words to choose from"), rows=4, help_text=_("For a list: one on each line."))
    asked_of = forms.ChoiceField(
        label=_("Asked of"), choices=[("", _("People and companies")), *Customer.Kind.choices], required=False
    )
    required = forms.BooleanField(label=_("Must be known"), required=False)
    personal = forms.BooleanField(label=_("Personal: masked until somebody says why"), required=False)
    place = forms.IntegerField(label=_("Place in the form"), required=False, min_value=0, max_value=32_000)

    def prepare(self) -> None:
        if self.noun is None:
            return
        del self.fields["kind"]
        if self.noun.kind != Attribute.Kind.CHOICE:
            del self.fields["choices"]
        self.initial = {name: getattr(self.noun, name) for name in self.fields}
        self.initial["choices"] = "\n".join(self.noun.choices)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "choices" in said:
            said["choices"] = said["choices"].splitlines()
        if said.get("place") is None:
            said.pop("place", None)
        return said
