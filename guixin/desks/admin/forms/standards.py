"""The form of a standard's terms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import DepartmentField, PersonField, line, text
from guixin.desks.lists import Lists
from guixin.organisation.models import Calendar
from guixin.promise import durations
from guixin.promise.models import Measure, StandardVersion
from guixin.serve.models import Case, Term

_ANY = ("", _("Any"))
_NOT_A_SPAN = _("Write for example 30m, 24h, “30分钟” or “24小时”.")
_NO_DAYS = _("Where work does not go on round the clock a day can be read in two ways. Write hours.")


def choice(form: forms.Form, name: str) -> forms.ChoiceField:
    """A field whose choices are the firm's, filled in when the form is made."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    return field


class SpanField(forms.CharField):
    """Cleans to minutes, or None. `in_days` tells afterwards whether it was said in days."""

    in_days = False

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        if not written:
            return None
        try:
            minutes, self.in_days = durations.read(written)
        except ValueError:
            raise forms.ValidationError(_NOT_A_SPAN) from None
        return minutes


class SpansField(forms.CharField):
    """Cleans to a list of minutes."""

    in_days = False

    def clean(self, value: Any) -> Any:
        try:
            spans = [durations.read(each) for each in durations.several(super().clean(value))]
        except ValueError:
            raise forms.ValidationError(_NOT_A_SPAN) from None
        self.in_days = any(days for _minutes, days in spans)
        return [minutes for minutes, _days in spans]


def written(minutes: int | None) -> str:
    """As it is written into the form again; never in days."""
    if not minutes:
        return ""
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"


class TermsForm(forms.Form):
    """What is promised, to whom, and who hears of a breach."""

    budget = SpanField(label=_("Time allowed"), help_text=_("For example 30m, 4h or “24小时”."))
    calendar = forms.ChoiceField(label=_("Counted in"), required=False)
    pauses_for_customer = forms.BooleanField(
        label=_("Stands still while we wait for the customer"), required=False
    )
    warn_percent = forms.IntegerField(
        label=_("Reminder at % of the time"),
        required=False,
        min_value=1,
        max_value=99,
        help_text=_("Blank: no reminder."),
    )
    ladder = SpansField(
        label=_("After a breach, level 2, 3 … follow after"),
        required=False,
        help_text=_(
            "Level 1 is told at once. For example 4h, 12h: level 2 after four hours, level 3 after twelve."
        ),
    )
    repeat = SpanField(
        label=_("Then one authority higher every"), required=False, help_text=_("Blank: never again.")
    )
    for_kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[_ANY, *Case.Kind.choices])
    for_category = forms.ChoiceField(label=_("Category"), required=False)
    for_severity = forms.TypedChoiceField(
        label=_("This severe or worse"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[_ANY, *Case.Severity.choices],
    )
    for_grade = line(_("Grades of customers"), max_length=20, help_text=_("Letters, such as A or AB."))
    for_channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[_ANY, *Case.Channel.choices])
    for_department = DepartmentField(label=_("Department that keeps it"), required=False, nothing=_("Any"))
    only_in_packages = forms.BooleanField(
        label=_("Only for customers whose service package names it"), required=False
    )
    promise = text(_("What the customer reads (Chinese)"), rows=2)
    promise_en = text(_("What the customer reads (English)"), rows=2)
    remedy = text(_("What the customer gets when we break it (Chinese)"), rows=2)
    remedy_en = text(_("What the customer gets when we break it (English)"), rows=2)

    reason = text(_("Why these terms"), rows=2)
    proposed_by = PersonField(label=_("Proposed by"), required=False)
    review_on = forms.DateField(
        label=_("Looked at again on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The day somebody asks whether these terms still fit."),
    )

    WHAT = ("budget", "calendar", "warn_percent", "ladder", "repeat", "pauses_for_customer")
    WHOM = (
        "for_kind", "for_category", "for_severity", "for_grade", "for_channel", "for_department",
        "only_in_packages",
    )  # fmt: skip
    PUBLIC = ("promise", "promise_en", "remedy", "remedy_en")
    PUBLICATION = ("reason", "proposed_by", "review_on")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        lists = Lists()
        calendars = list(Calendar.objects.order_by("code"))
        self._calendars = {str(each.pk): each for each in calendars}
        choice(self, "calendar").choices = [
            ("", _("The working time of the department that keeps it")),
            *((str(each.pk), each.name) for each in calendars),
        ]
        choice(self, "for_category").choices = [_ANY, *lists.terms(Term.List.CATEGORY)[1:]]
        choice(self, "proposed_by").choices = lists.people
        for name in ("for_department", "owner"):
            if name in self.fields:
                choice(self, name).choices = lists.departments(str(_("Any")))

    def group(self, names: tuple[str, ...]) -> list:
        return [self[name] for name in names]

    @property
    def what(self) -> list:
        return self.group(self.WHAT)

    @property
    def for_whom(self) -> list:
        return self.group(self.WHOM)

    @property
    def public(self) -> list:
        return self.group(self.PUBLIC)

    @property
    def publication(self) -> list:
        return self.group(self.PUBLICATION)

    def clean(self) -> dict:
        said = super().clean() or {}
        calendar = self._calendars.get(said.get("calendar") or "")
        if not (calendar and calendar.always):
            for name in ("budget", "ladder", "repeat"):
                if getattr(self.fields[name], "in_days", False) and said.get(name):
                    self.add_error(name, _NO_DAYS)
        return said

    def terms(self) -> dict[str, Any]:
        """The cleaned form as terms of a version."""
        said = self.cleaned_data
        return {
            **{name: said[name] for name in (*self.WHOM, *self.PUBLIC)},
            "for_grade": "".join(sorted({c for c in said["for_grade"].upper() if c.isalnum()})),
            "budget_minutes": said["budget"],
            "calendar": self._calendars.get(said["calendar"]),
            "pauses_for_customer": said["pauses_for_customer"],
            "warn_percent": said["warn_percent"],
            "ladder_minutes": said["ladder"],
            "repeat_minutes": said["repeat"],
        }

    def about_it(self) -> dict[str, Any]:
        """Why, by whose proposal, until when: what a version says beside its terms."""
        return {name: self.cleaned_data[name] for name in self.PUBLICATION}

    @staticmethod
    def initial_of(version: StandardVersion | None) -> dict[str, Any]:
        if version is None:
            return {"warn_percent": 80, "repeat": "24h", "pauses_for_customer": True}
        names = (
            *(name for name in TermsForm.WHOM if name != "for_department"),
            *TermsForm.PUBLIC,
            "pauses_for_customer",
            "warn_percent",
        )
        return {name: getattr(version, name) for name in names} | {
            "budget": written(version.budget_minutes),
            "calendar": version.calendar_id or "",
            "ladder": ", ".join(map(written, version.ladder_minutes)),
            "repeat": written(version.repeat_minutes),
            "for_department": version.for_department_id or "",
        }


class NewStandardForm(TermsForm):
    """A standard and its first terms together."""

    measure = forms.ChoiceField(label=_("What is promised"), choices=Measure.choices)
    name = line(_("Name (Chinese)"), required=True, max_length=60)
    name_en = line(_("Name (English)"), max_length=60)
    owner = DepartmentField(label=_("Department that answers for it"), required=False)

    @property
    def naming(self) -> list:
        return self.group(("measure", "owner", "name", "name_en"))
