"""A skill and who has it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, line
from guixin.organisation.models import Person


class SkillForm(ActForm):
    """`noun` is the skill, or none for a new one."""

    name = line(_("Called"), required=True)
    name_en = line(_("English name"))
    people = forms.ModelMultipleChoiceField(
        label=_("Experts"),
        queryset=Person.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    retired = forms.BooleanField(label=_("No longer asked for"), required=False)

    def prepare(self) -> None:
        self.fields["people"].queryset = Person.objects.active().order_by("name_pinyin")  # type: ignore[attr-defined]
        if self.noun is None:
            del self.fields["retired"]
            return
        self.initial = {
            "name": self.noun.name,
            "name_en": self.noun.name_en,
            "people": list(self.noun.people.values_list("pk", flat=True)),
            "retired": self.noun.retired_at is not None,
        }
