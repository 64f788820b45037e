"""The record of a customer: edited, added to, merged, taken apart."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guixin.desks.forms.attributes import add_attributes, attributes_said
from guixin.desks.forms.base import ActForm, LanguageField, PersonField, line, text
from guixin.understand.changing import ChangedMeanwhile
from guixin.understand.finding import find_customers
from guixin.understand.following import parts_of
from guixin.understand.identities import IdentityKind
from guixin.understand.masking import mask, mask_name
from guixin.understand.models import Customer, Identity, Role

HOURS = ("reach_from", "reach_to")


def hour(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


def company_called(words: str) -> int | None:
    """The number of the only company these words find."""
    if not words.strip():
        return None
    found = [
        each.customer.pk for each in find_customers(words) if each.customer.kind == Customer.Kind.COMPANY
    ]
    if len(found) != 1:
        raise forms.ValidationError(
            _("Several companies are called like this; write more of the name.")
            if found
            else _("There is no such company.")
        )
    return found[0]


class NewCustomerForm(ActForm):
    """A customer without a case. What the firm asks of a person or a company follows the choice made first."""

    kind = forms.ChoiceField(label=_("Customer is a"), choices=Customer.Kind.choices)
    name = line(_("Name"), required=True, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    phone = line(_("Phone"), widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}))
    email = line(_("E-mail"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    organisation = line(_("Works at"), help_text=_("In a few words, as they said it."))
    company = line(_("Company on record"), help_text=_("The name of a company that is a customer itself."))
    market = forms.ChoiceField(
        label=_("Market"), choices=[("", _("Not known")), *Customer.Market.choices], required=False
    )
    prefers = forms.ChoiceField(
        label=_("Likes to be reached by"),
        choices=[("", _("Not known")), *Customer.Prefers.choices],
        required=False,
    )
    language = LanguageField()
    owner = PersonField(label=_("Looked after by"), required=False)

    def prepare(self) -> None:
        kind = (self.data or self.initial).get("kind")
        add_attributes(self, None, kind if kind in Customer.Kind.values else Customer.Kind.PERSON)
        self.fields["owner"].required = False
        if kind == Customer.Kind.COMPANY:
            self.fields["name"].label = pgettext_lazy("of a thing", "Name")

    def clean_company(self) -> int | None:
        return company_called(self.cleaned_data["company"])

    def clean(self) -> dict[str, Any]:
        return (super().clean() or {}) | {"attributes": attributes_said(self)}

    @property
    def identities(self) -> list[tuple[str, str]]:
        return [(kind, self.cleaned_data[kind]) for kind in ("phone", "email") if self.cleaned_data.get(kind)]


class EditCustomerForm(ActForm):
    """Carries the version it was read at. A person's name is not written into the page; an empty field keeps it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = line(_("Name"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    kind = forms.ChoiceField(label=_("Customer is a"), choices=Customer.Kind.choices)
    organisation = line(_("Works at"), help_text=_("In a few words, as they said it."))
    company = line(_("Company on record"), help_text=_("The name of a company that is a customer itself."))
    market = forms.ChoiceField(
        label=_("Market"), choices=[("", _("Not known")), *Customer.Market.choices], required=False
    )
    prefers = forms.ChoiceField(
        label=_("Likes to be reached by"),
        choices=[("", _("Not known")), *Customer.Prefers.choices],
        required=False,
    )
    reach_from = hour(_("Reach them from"))
    reach_to = hour(_("until"))
    topics = line(_("Topics they care about"))
    language = LanguageField()
    owner = PersonField(label=_("Looked after by"), required=False)

    data: QueryDict

    def prepare(self) -> None:
        customer: Customer = self.noun
        add_attributes(self, customer, customer.kind)
        for name in ("version", "kind", "organisation", "market", "prefers", "language", "topics", *HOURS):
            self.fields[name].initial = getattr(customer, name)
        self.fields["owner"].initial = customer.owner_id
        self.fields["company"].initial = customer.works_at.name if customer.works_at else ""
        if customer.kind == Customer.Kind.COMPANY:
            self.fields["name"].initial = customer.name
        else:
            self.fields["name"].help_text = _("Leave it empty to keep %(name)s.") % {
                "name": mask_name(customer.name) or "–"
            }

    def clean_company(self) -> int | None:
        return company_called(self.cleaned_data["company"])

    def clean(self) -> dict[str, Any]:
        return (super().clean() or {}) | {"attributes": attributes_said(self)}

    def refused(self, offer: Any, refusal: Exception) -> None:
        """Somebody was quicker: both sides are shown, and saving again is a decision made with both in view."""
        if not isinstance(refusal, ChangedMeanwhile):
            return
        labels = {"works_at_id": "company", "owner_id": "owner"}
        offer.conflict = [
            {
                "label": self.fields[labels.get(name, name)].label,
                "yours": self._in_words(name, refusal.yours[name]),
                "theirs": self._in_words(name, refusal.theirs[name]),
            }
            for name in refusal.yours
        ]
        changed = self.data.copy()
        changed["version"] = str(refusal.customer.version)
        self.data = changed

    def _in_words(self, name: str, value: Any) -> str:
        if name == "works_at_id":
            return str(Customer.objects.filter(pk=value).values_list("name", flat=True).first() or "–")
        if name == "name" and self.noun.kind == Customer.Kind.PERSON:
            return mask_name(value)
        choices = getattr(self.fields[name.removesuffix("_id")], "choices", None)
        return str(dict(choices).get(str(value), value) if choices else value) or "–"


class IdentityForm(ActForm):
    kind = forms.ChoiceField(label=_("What it is"), choices=IdentityKind.choices)
    raw = line(_("Number or address"), widget=forms.TextInput(attrs={"autocomplete": "off"}))


class MergeForm(ActForm):
    """The other customer comes into this one."""

    other = line(
        _("The other customer"),
        help_text=_("Number of the customer, phone, e-mail or name: whatever finds only them."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_other(self) -> Customer:
        words = self.cleaned_data["other"].strip()
        number = words.removeprefix("#")
        is_number = number.isascii() and number.isdecimal() and len(number) < 9
        if is_number and (by_number := Customer.objects.filter(pk=number).first()):
            return by_number
        found = [each.customer for each in find_customers(words) if each.customer.pk != self.noun.pk]
        if len(found) != 1:
            raise forms.ValidationError(
                _("This finds several customers; write the number of the one you mean.")
                if found
                else _("There is no such customer.")
            )
        return found[0]


class SplitForm(ActForm):
    identity = forms.ChoiceField(label=_("What belongs to somebody else"))
    name = line(_("Whose it is"), help_text=_("A new customer is made with this name."))
    parts = forms.MultipleChoiceField(
        label=_("What else is theirs"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        self.fields["identity"].choices = [  # type: ignore[attr-defined]  # the choice field from above
            (str(each.pk), f"{each.get_kind_display()} {mask(each.kind, each.normal)}")
            for each in self.noun.identities.all()
        ]
        if parts := parts_of(self.noun):
            self.fields["parts"].choices = parts  # type: ignore[attr-defined]  # the choice field from above
        else:
            del self.fields["parts"]

    def clean_identity(self) -> Identity:
        return Identity.objects.get(pk=self.cleaned_data["identity"], customer=self.noun)


class ContactPersonForm(ActForm):
    """Somebody on record is found by what is written; a name that finds nobody, with a phone, is a new customer."""

    person = line(
        _("Who it is"),
        required=True,
        help_text=_("Name, phone or number of a customer on record; or the name of somebody new."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = line(_("Phone, of somebody new"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    position = line(_("Position"))
    roles = forms.MultipleChoiceField(
        label=_("Say in a decision"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    motives = text(_("What moves them"), rows=2)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        words = said.get("person", "").strip()
        number = words.removeprefix("#")
        person = None
        if number.isascii() and number.isdecimal() and len(number) < 9:
            person = Customer.objects.standing().filter(pk=number, kind=Customer.Kind.PERSON).first()
        if person is None and words and not said.get("phone"):
            found = [
                each.customer for each in find_customers(words) if each.customer.kind == Customer.Kind.PERSON
            ]
            if len(found) > 1:
                self.add_error(
                    "person", _("This finds several people; write a phone or the number of the one you mean.")
                )
            elif not found:
                self.add_error("phone", _("Nobody is found by this. For somebody new, give a phone too."))
            else:
                person = found[0]
        return said | {"known": person}
