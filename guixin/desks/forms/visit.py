"""Visits: the application, at the desk and in public, and what is decided and written down about one."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, DepartmentField, PersonField, line, text
from guixin.desks.forms.contact import day
from guixin.serve.visit_applying import Application
from guixin.serve.visit_log import Promised
from guixin.serve.visit_rules import MOST, rules_in_force
from guixin.web import money

KEPT = {"data-keep": ""}


def moment(label: Any, **kwargs: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": _("Give a day and a time."),
            "invalid": _("Give a day and a time."),
        },
        **kwargs,
    )


class ApplicationFields(forms.Form):
    """What both forms ask of a visit."""

    purpose = forms.ChoiceField(label=_("What for"), choices=[])
    people = forms.IntegerField(
        label=_("How many people"), min_value=1, max_value=MOST, initial=2,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", **KEPT}),
    )  # fmt: skip
    wished_on = day(_("On which day"))
    wished_or = day(_("Or on another day"), required=False)
    company = line(
        _("Company"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization", **KEPT})
    )
    contact_name = line(_("Name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = line(
        _("Phone"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"})
    )
    email = line(
        _("or e-mail"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    visitors = text(_("Who comes, and as what"), rows=2)
    languages = line(_("Languages they speak"), max_length=120, widget=forms.TextInput(attrs=KEPT))
    wishes = text(
        _("What they want to see"), rows=3, help_text=_("Also what they eat or not, and whether somebody needs help.")
    )  # fmt: skip

    ASKED = (
        "purpose", "people", "wished_on", "wished_or", "company", "contact_name", "visitors", "languages", "wishes",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offer_purposes(self)

    def application(self) -> Application:
        return Application(**{name: self.cleaned_data[name] for name in self.ASKED})


def offer_purposes(form: forms.Form) -> None:
    language = get_language() or "zh-hans"
    purposes = [(each.code, each.shown(language)) for each in rules_in_force().purposes]
    form.fields["purpose"].choices = purposes  # type: ignore[attr-defined]


class ComeForm(ApplicationFields):
    """The public form: no account, a thumb, two minutes."""

    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    # People never see this field; programs that fill in everything do.
    website = forms.CharField(label=_("Leave this empty"), required=False)

    def clean_once(self) -> str:
        return re.sub(r"[^A-Za-z0-9_-]", "", self.cleaned_data["once"])

    def clean(self) -> dict:
        said = super().clean() or {}
        if not said.get("phone") and not said.get("email"):
            self.add_error("phone", _("Give a phone or an e-mail, so that we can answer you."))
        return said


class NewVisitForm(ApplicationFields):
    """At the desk: for a customer who is known, a case that is there already, or somebody new."""

    case = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    customer = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ChangeVisitForm(ActForm):
    purpose = forms.ChoiceField(label=_("What for"), choices=[])
    people = forms.IntegerField(label=_("How many people"), min_value=1, max_value=MOST)
    wished_on = day(_("On which day"))
    wished_or = day(_("Or on another day"), required=False)
    visitors = text(_("Who comes, and as what"), rows=2)
    languages = line(_("Languages they speak"))
    wishes = text(_("What they want to see"), rows=3)
    read_at_version = forms.IntegerField(widget=forms.HiddenInput)

    NAMES = ("purpose", "people", "wished_on", "wished_or", "visitors", "languages", "wishes")

    def prepare(self) -> None:
        offer_purposes(self)
        for name in self.NAMES:
            self.fields[name].initial = getattr(self.noun, name)
        self.fields["read_at_version"].initial = self.noun.version


class GradeForm(ActForm):
    grade = forms.ChoiceField(label=_("How they are received"), choices=[])
    reason = text(_("Why, over what the rules propose"), rows=2)

    def prepare(self) -> None:
        rules, language = rules_in_force(), get_language() or "zh-hans"
        self.fields["grade"].choices = [  # type: ignore[attr-defined]
            (each.code, f"{each.code} · {each.shown(language)} · {money.shown(each.budget, rules.currency)}")
            for each in rules.grades
        ]
        self.fields["grade"].initial = self.noun.grade


class WhenForm(ActForm):
    """When they come, where, and who receives them."""

    arrives_at = moment(_("They come"))
    leaves_at = moment(_("They leave"))
    place = line(_("Place"), widget=forms.TextInput(attrs={"list": "visit-places", "autocomplete": "off"}))
    host = PersonField(label=_("Host"), required=False)

    def prepare(self) -> None:
        for name in ("arrives_at", "leaves_at", "place"):
            self.fields[name].initial = getattr(self.noun, name)
        self.fields["host"].initial = str(self.noun.host_id or "")
        if not self.noun.arrives_at:
            for name, hour in (("arrives_at", 9), ("leaves_at", 16)):
                at = datetime.combine(self.noun.wished_on, datetime.min.time().replace(hour=hour))
                self.fields[name].initial = timezone.make_aware(at)


class ApproveForm(WhenForm):
    reason = text(_("Why, if somebody above must decide"), rows=2)


class DeclineForm(ActForm):
    reason = text(_("Why not; the customer reads it"), rows=2)
    alternatives = text(_("What we can offer instead"), rows=2)


class CancelVisitForm(ActForm):
    reason = text(_("Why; the customer reads it"), rows=2)


class AgainForm(ActForm):
    wished_on = day(_("On which day"))
    wished_or = day(_("Or on another day"), required=False)


class AgendaForm(ActForm):
    begins_at = moment(_("From"))
    ends_at = moment(_("Until"))
    what = line(pgettext_lazy("on a visit", "What happens"))
    place = line(_("Place"), widget=forms.TextInput(attrs={"list": "visit-places", "autocomplete": "off"}))
    person = PersonField(label=_("Who is there for us"), required=False)
    department = DepartmentField(label=_("Department"), nothing=_("None"), required=False)
    prepare_ = text(_("What it prepares; it becomes a task"), rows=2)

    def prepare(self) -> None:
        last = self.noun.agenda.order_by("-ends_at").first()
        self.fields["begins_at"].initial = last.ends_at if last else self.noun.arrives_at


class TookPlaceForm(ActForm):
    """The log, with what was promised: each line a task of a department, or a need of the customer."""

    log = text(_("What happened"), rows=4)
    attended = forms.IntegerField(label=_("How many came"), min_value=1, max_value=MOST, required=False)
    held_at = moment(_("When they came"), required=False)
    who_was_there = text(_("Who was there, theirs and ours"), rows=2)
    promise_1 = line(_("What we promised them"))
    department_1 = DepartmentField(label=_("Department"), nothing=_("A need, not a task"), required=False)
    promise_2 = line(_("Something else we promised"))
    department_2 = DepartmentField(label=_("Department"), nothing=_("A need, not a task"), required=False)
    promise_3 = line(_("And something else"))
    department_3 = DepartmentField(label=_("Department"), nothing=_("A need, not a task"), required=False)

    def prepare(self) -> None:
        self.fields["attended"].initial = self.noun.people
        self.fields["held_at"].initial = self.noun.arrives_at

    def promises(self) -> list[Promised]:
        return promised(self.cleaned_data)


def promised(said: dict) -> list[Promised]:
    return [Promised(said[f"promise_{n}"], said[f"department_{n}"]) for n in (1, 2, 3)]
