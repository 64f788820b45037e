"""Contacts with a customer and what they want: few fields, the usual already chosen."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, PersonField, line, text
from guixin.desks.forms.customer import hour
from guixin.understand import knowing, needing
from guixin.understand.models import Contact, ContactKind, ContactPerson, ContactPlan, Customer, Need


def day(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day."), "invalid": _("Give a day such as 2026-03-06.")},
        **kwargs,
    )


class _WithWhom(ActForm):
    """Of a company, the person it was with is one of its contact people."""

    def offer_people(self, company: Customer) -> None:
        if company.kind != Customer.Kind.COMPANY:
            del self.fields["person"]
            return
        known = ContactPerson.objects.filter(company=company, left_at=None).select_related("person")[:50]
        shown = [
            (
                str(each.person_id),
                " · ".join(filter(None, (f"#{each.person_id}", each.position, each.roles_in_words()))),
            )
            for each in known
        ]
        if not shown:
            del self.fields["person"]
            return
        self.fields["person"].choices = [("", _("Nobody in particular")), *shown]  # type: ignore[attr-defined]

    def clean_person(self) -> Customer | None:
        pk = self.cleaned_data.get("person")
        return Customer.objects.get(pk=pk) if pk else None


class MadeForm(_WithWhom):
    """A contact that took place. Kind and outcome stand on the usual; the rest is one or two lines."""

    kind = forms.ChoiceField(label=_("What it was"), choices=ContactKind.choices)
    person = forms.ChoiceField(label=_("With whom"), required=False)
    outcome = forms.ChoiceField(label=_("How it went"), choices=Contact.Outcome.choices)
    notes = text(_("What was said"), rows=3)
    next_step = line(_("Next step"))
    next_on = day(_("On which day"), required=False)
    theme = line(_("A need they have, in a few words"), max_length=needing.LONGEST_THEME)
    known = line(_("Something worth knowing, in one line"), max_length=knowing.LONGEST_TITLE)

    def prepare(self) -> None:
        self.offer_people(self.noun)


class MakingForm(ActForm):
    """A planned contact took place."""

    outcome = forms.ChoiceField(label=_("How it went"), choices=Contact.Outcome.choices)
    notes = text(_("What was said"), rows=3)
    next_step = line(_("Next step"))
    next_on = day(_("On which day"), required=False)
    theme = line(_("A need they have, in a few words"), max_length=needing.LONGEST_THEME)
    known = line(_("Something worth knowing, in one line"), max_length=knowing.LONGEST_TITLE)


class PlannedForm(_WithWhom):
    kind = forms.ChoiceField(label=_("What it is"), choices=ContactKind.choices)
    subject = line(_("What about"))
    person = forms.ChoiceField(label=_("With whom"), required=False)
    on = day(_("On which day"))
    at = hour(_("At what time"))
    owner = PersonField(label=_("By whom"), required=False, help_text=_("Left open: by you."))

    def prepare(self) -> None:
        self.offer_people(self.noun)


class MovingForm(ActForm):
    on = day(_("On which day"))
    at = hour(_("At what time"))
    owner = PersonField(label=_("By whom"), required=False, help_text=_("Left open: as before."))

    def prepare(self) -> None:
        self.fields["on"].initial = self.noun.planned_on


class CancellingForm(ActForm):
    reason = line(_("Why it will not take place"))


class SeriesForm(ActForm):
    """`noun` is the customer, or the series that is changed."""

    kind = forms.ChoiceField(label=_("What it is"), choices=ContactKind.choices)
    subject = line(_("What about"))
    every = forms.IntegerField(label=_("Every"), min_value=1, max_value=999, initial=2)
    unit = forms.ChoiceField(
        label=_("days, weeks or months"), choices=ContactPlan.Unit.choices, initial=ContactPlan.Unit.MONTHS
    )
    first_on = day(_("From which day"), help_text=_("On a holiday: the next working day."))
    until_on = day(_("Until"), required=False)
    at = hour(_("At what time"))
    owner = PersonField(label=_("By whom"), required=False, help_text=_("Left open: by you."))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def prepare(self) -> None:
        if isinstance(self.noun, ContactPlan):
            names = ("kind", "subject", "every", "unit", "first_on", "until_on", "at", "version")
            self.initial = {name: getattr(self.noun, name) for name in names} | {"owner": self.noun.owner_id}


class NeedForm(ActForm):
    """`noun` is the customer, or the contact it came from; then the source is known."""

    theme = line(
        _("What they need, in a few words"),
        max_length=needing.LONGEST_THEME,
        help_text=_("The same words for all who want the same; rolled up by them."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "themes"}),
    )
    kind = forms.ChoiceField(label=_("Need or expectation"), choices=Need.Kind.choices)
    weight = forms.TypedChoiceField(
        label=_("How much it weighs"), choices=Need.Weight.choices, coerce=int, initial=Need.Weight.IMPORTANT
    )
    expected = line(_("Level expected"), help_text=_("As they would measure it: within two hours."))
    words = text(_("In their words"), rows=3)
    source = forms.ChoiceField(
        label=_("Where it comes from"), choices=Need.Source.choices, initial=Need.Source.OBSERVATION
    )
    case = line(_("Number of the case it came from"), widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def prepare(self) -> None:
        if isinstance(self.noun, Contact):
            del self.fields["source"], self.fields["case"]
            self.fields["words"].initial = self.noun.notes
