"""Call-backs: the customer's wish for a call, and what came of it."""

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, line, text
from guixin.serve.call_back_windows import Window
from guixin.serve.models import CallBack, CallBackLine, Case


def grouped(offered: list[Window], line_: CallBackLine) -> list[tuple[str, list[tuple[str, str]]]]:
    """The windows that hold another call, by day, as a person reads them: 周三 3月4日, 10:00–11:00."""
    by_day: dict[str, list[tuple[str, str]]] = {}
    today = timezone.localdate()
    for each in offered:
        if not each.left:
            continue
        day = date_format(each.begins, "l") + " " + date_format(each.begins, "MONTH_DAY_FORMAT")
        if each.begins.date() == today:
            day = f"{gettext_now('Today')} · {day}"
        by_day.setdefault(day, []).append((each.key, f"{each.begins:%H:%M}–{each.ends:%H:%M}"))
    return list(by_day.items())


class WindowForm(forms.Form):
    """Which of the times offered; the first that is free stands chosen."""

    window = forms.ChoiceField(
        label=_("When may we ring?"),
        error_messages={
            "required": _("Choose a time."),
            "invalid_choice": _("This time is not offered any more; please choose another one."),
        },
    )

    def __init__(self, *args: Any, offered: list[Window], line_: CallBackLine, **kwargs: Any):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["window"].choices = grouped(offered, line_)  # type: ignore[attr-defined]


class CallMeForm(WindowForm):
    """The public form: a number, a time, a line. Whether we know the number is never shown here."""

    phone = forms.CharField(
        label=_("Your phone number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
        error_messages={"required": _("Give a phone number we can ring, such as 139 1234 5678.")},
    )
    about = forms.CharField(
        label=_("What is it about?"),
        max_length=300,
        widget=forms.TextInput(attrs={"data-keep": "", "autocomplete": "off"}),
        error_messages={"required": _("Say in a few words what it is about.")},
    )
    name = forms.CharField(
        label=_("How may we call you?"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    number = forms.CharField(
        label=_("Number of your case, if you have one"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "2026-000123"}),
    )
    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    # People never see this field; programs that fill in everything do.
    website = forms.CharField(label=_("Leave this empty"), required=False)

    def clean_once(self) -> str:
        return re.sub(r"[^A-Za-z0-9_-]", "", self.cleaned_data["once"])


class TakeForm(ActForm):
    """One button."""


class ReachedForm(ActForm):
    outcome = forms.ChoiceField(
        label=_("What came of it"), choices=CallBack.Outcome.choices, widget=forms.RadioSelect,
        initial=CallBack.Outcome.ANSWERED,
    )  # fmt: skip
    note = text(_("What was said"), rows=3)
    kind = forms.ChoiceField(label=_("Kind, if it becomes a case"), choices=Case.Kind.choices, required=False)
    number = line(_("Number of the case it joins"), widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def prepare(self) -> None:
        self.fields["kind"].initial = Case.Kind.ENQUIRY
        if self.noun.case:
            self.fields["number"].initial = self.noun.case.number


class NotReachedForm(ActForm):
    note = line(_("Engaged, nobody answered, wrong number …"))
