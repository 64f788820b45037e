"""A wave, the links to it, and the values of a file that mean "no answer"."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, PersonField, line, text
from guixin.desks.forms.price import day
from guixin.listen.building import LONGEST_NAME
from guixin.listen.models import Questionnaire
from guixin.listen.waves import AT_ONCE, Invited
from guixin.organisation.models import Person
from guixin.serve.models import Case
from guixin.understand.models import Customer


class WaveForm(ActForm):
    """`noun`: the wave, or none for a new one. `person` decides which questionnaires are offered."""

    questionnaire = forms.ChoiceField(label=_("Questionnaire"))
    name = line(_("Name of the wave"), required=True, max_length=LONGEST_NAME)
    name_en = line(_("English name"), max_length=LONGEST_NAME)
    owner = PersonField(label=_("Who answers for it"))
    ends_on = day(_("Last day"), help_text=_("Blank: until somebody closes it."))
    missing_codes = line(
        _("Values that mean “no answer” in files"), help_text=_("As they are written there, such as -99; several apart by blanks.")
    )  # fmt: skip
    is_anonymous = forms.BooleanField(
        label=_("Anonymous: no answer leads to a person. This stays."), required=False
    )

    is_of_our_people = forms.BooleanField(
        label=_("Our own people answer it, as they think customers would. This stays."), required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, person: Person, **kwargs: Any):
        self.person = person
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        if self.noun is not None:
            del self.fields["questionnaire"], self.fields["is_anonymous"], self.fields["is_of_our_people"]
            self.initial = {name: getattr(self.noun, name) for name in self.fields}
            self.initial |= {"owner": self.noun.owner_id, "missing_codes": " ".join(self.noun.missing_codes)}
            return
        asked = Questionnaire.objects.visible_to(self.person).filter(
            withdrawn_at=None, versions__withdrawn_at=None, versions__isnull=False
        )
        offered = asked.distinct().order_by("name").values_list("code", "name")
        self.fields["questionnaire"].choices = [("", gettext("choose")), *offered]  # type: ignore[attr-defined]
        self.initial = {"owner": self.person.pk}

    def clean_questionnaire(self) -> Questionnaire:
        return Questionnaire.objects.get(code=self.cleaned_data["questionnaire"])

    def clean_missing_codes(self) -> list[str]:
        return self.cleaned_data["missing_codes"].split()


class LinksForm(forms.Form):
    """Whom links are for. What this person may not see is not there."""

    whom = text(
        _("Whom they are for"), rows=4,
        help_text=_("Numbers of cases (2026-000012) or of customers (#12), one on each line."),
    )  # fmt: skip
    number = forms.IntegerField(
        label=_("Or so many without a name"), required=False, min_value=1, max_value=AT_ONCE
    )
    until = day(_("Last day of the links"))

    def __init__(self, *args: Any, person: Person, **kwargs: Any):
        self.person = person
        super().__init__(*args, **{"label_suffix": "", "auto_id": "links-%s", **kwargs})

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        named = [each for written in said.get("whom", "").splitlines() if (each := written.strip())]
        if bool(named) == bool(said.get("number")):
            raise forms.ValidationError(gettext("Say whom the links are for, or how many you need."))
        said["invited"], unknown = invited_by(named, self.person)
        said["invited"] = said["invited"] or [Invited()] * (said.get("number") or 0)
        if unknown:
            raise forms.ValidationError(gettext("There is no case or customer “%s”.") % unknown)
        return said


def invited_by(named: list[str], person: Person) -> tuple[list[Invited], str]:
    """In their order, with the first that is neither a case nor a customer this person sees."""
    cases = Case.objects.visible_to(person).select_related("customer")
    by_number = {each.number: each for each in cases.filter(number__in=named)}
    ids = [int(each[1:]) for each in named if re.fullmatch(r"#\d{1,18}", each, re.ASCII)]
    customers = Customer.objects.visible_to(person).filter(merged_into=None).in_bulk(ids)
    invited = []
    for each in named:
        if each in by_number:
            invited.append(Invited(by_number[each].customer, by_number[each]))
        elif each[1:].isdecimal() and each[0] == "#" and int(each[1:19]) in customers:
            invited.append(Invited(customers[int(each[1:19])]))
        else:
            return invited, each
    return invited, ""
