"""Forms of the firm: departments, positions, people, posts, absences."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import (
    ActForm,
    DepartmentField,
    LanguageField,
    ListField,
    ListSelect,
    instant,
    line,
)
from guixin.desks.lists import Lists
from guixin.organisation.models import Calendar, Duty, Person, Position, Sees


class PickField(forms.ModelChoiceField):
    """One of a few rows, written without a template for each option."""

    widget = ListSelect


class DepartmentForm(ActForm):
    name = line(_("Name of the department"), required=True)
    name_en = line(_("English name"))
    parent = DepartmentField(label=_("Stands under"), nothing=_("Nothing: at the top"), required=False)
    calendar = PickField(
        label=_("Working hours"),
        queryset=Calendar.objects.order_by("code"),
        required=False,
        empty_label=_("As the department above"),
    )
    region = line(_("Region"))
    is_front_desk = forms.BooleanField(label=_("This is the front desk"), required=False)

    def prepare(self) -> None:
        calendar: Any = self.fields["calendar"]
        calendar.label_from_instance = lambda each: each.name
        if self.noun is not None:
            self.initial = {name: getattr(self.noun, name) for name in self.fields}
            self.initial["parent"] = self.noun.parent_id
            self.initial["calendar"] = self.noun.calendar_id


class PositionForm(ActForm):
    title = line(_("Title"), required=True)
    title_en = line(_("English title"))
    rank = forms.IntegerField(
        label=_("Rank on the ladder"),
        min_value=1,
        max_value=99,
        initial=1,
        help_text=_("1 handler, 2 supervisor, 3 department head, 4 director, 5 general manager."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    sees = forms.ChoiceField(label=_("Sees the cases of"), choices=Sees.choices, initial=Sees.DEPARTMENT)
    duties = forms.MultipleChoiceField(
        label=_("Duties for the whole firm"),
        choices=Duty.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def prepare(self) -> None:
        if self.noun is not None:
            self.initial = {name: getattr(self.noun, name) for name in self.fields}


class PositionField(ListField):
    def choose_from(self, lists: Lists) -> list[tuple[str, str]]:
        rows = (
            Position.objects.filter(department__is_active=True)
            .order_by("department__path", "-rank", "title")
            .values_list("pk", "department__name", "title")
        )
        return [
            ("", str(_("Please choose"))),
            *((str(pk), f"{department} · {title}") for pk, department, title in rows),
        ]

    def clean(self, value: Any) -> Position | None:
        pk = super().clean(value)
        return Position.objects.select_related("department").get(pk=pk) if pk else None


def _email(**kwargs: Any) -> forms.EmailField:
    return forms.EmailField(label=_("E-mail"), required=False, max_length=254, **kwargs)


class PersonForm(ActForm):
    name = line(_("Name"), required=True)
    email = _email()
    phone = line(_("Phone"))
    language = LanguageField()

    def prepare(self) -> None:
        if self.noun is not None:
            self.initial = {name: getattr(self.noun, name) for name in self.fields}


class NewPersonForm(PersonForm):
    login = line(
        _("Login"),
        required=True,
        max_length=100,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
        help_text=_("Letters a to z and digits; it stays the same for ever."),
    )
    position = PositionField(label=_("Position"))
    field_order = ["name", "login", "position", "email", "phone", "language"]


class PostForm(ActForm):
    position = PositionField(label=_("Position"))
    since = forms.DateField(
        label=_("Since"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Until (that day no longer counts)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    is_main = forms.BooleanField(label=_("This is their main post"), required=False)


class FindPeopleForm(forms.Form):
    """Nothing here is required; what cannot be read is left out."""

    find = forms.CharField(label=_("Name, pinyin initials or login"), required=False, max_length=100)
    only = forms.ChoiceField(
        label=_("Who"),
        required=False,
        choices=[
            ("", _("Everybody who works here")),
            ("away", _("Away now")),
            ("never", _("Never signed in")),
            ("locked", _("Locked")),
            ("left", _("No longer here")),
        ],
    )


class AbsenceForm(ActForm):
    """`noun` is the list of people one may enter an absence for."""

    person = forms.ChoiceField(label=_("Who"), widget=ListSelect)
    from_at = instant(_("From"))
    to_at = instant(_("Until"))
    deputy = forms.ChoiceField(label=_("Deputy, who decides meanwhile"), required=False, widget=ListSelect)
    reason = line(_("Reason (seen by themselves, those above and administrators)"))

    def prepare(self) -> None:
        allowed = {str(pk) for pk in self.noun} if self.noun is not None else None
        people = [pair for pair in self.lists.people[1:] if allowed is None or pair[0] in allowed]
        fields: dict[str, Any] = self.fields
        fields["person"].choices = people if len(people) == 1 else [("", _("Please choose")), *people]
        fields["deputy"].choices = [
            ("", _("Nobody: the next one above decides")),
            *self.lists.people[1:],
        ]

    def clean_person(self) -> Person:
        return Person.objects.get(pk=self.cleaned_data["person"])

    def clean_deputy(self) -> Person | None:
        pk = self.cleaned_data["deputy"]
        return Person.objects.get(pk=pk) if pk else None
