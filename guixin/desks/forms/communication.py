"""The forms of a communication plan: its hours and cap, one line, an answer to a message."""

from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ListSelect, line, text
from guixin.organisation.models import Calendar
from guixin.promise import occasions
from guixin.promise.communication import ENTRY, LONGEST_BODY
from guixin.promise.models import Channel
from guixin.promise.plan_words import GAPS
from guixin.understand.models import Contact, Purpose

HOURS, DAYS = "hours", "days"


def _time(label: Any, **more: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **more
    )


class PlanForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def choices(self, name: str, choices: list) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class TermsForm(PlanForm):
    """When something may leave, and how much one customer is told."""

    calendar = forms.ChoiceField(
        label=_("Hours in which messages leave"), required=False, widget=ListSelect,
        help_text=_("Outside of them a message waits for the next opening."),
    )  # fmt: skip
    quiet_from = _time(_("Quiet from"), help_text=_("Nobody is disturbed from here …"))
    quiet_to = _time(_("Quiet until"), help_text=_("… to here; over midnight is fine."))
    at_most = forms.IntegerField(
        label=_("At most so many messages to one customer"), min_value=1, max_value=99
    )
    within_days = forms.IntegerField(
        label=_("in so many days"), min_value=1, max_value=366, help_text=_("Of all plans together.")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        calendars = [(each.code, each.name) for each in Calendar.objects.order_by("code")]
        self.choices("calendar", [("", _("The working hours of the firm")), *calendars])


class EntryForm(PlanForm):
    """One line: when, how, and in which words."""

    occasion = forms.ChoiceField(label=_("On which occasion"), widget=ListSelect)
    direction = forms.ChoiceField(
        label=_("Grade"), required=False, choices=[("", _("up or down")), ("up", _("only up")), ("down", _("only down"))],
        help_text=_("Where the grade changed."),
    )  # fmt: skip
    on_day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Where the occasion is a day."),
    )  # fmt: skip
    months = forms.IntegerField(
        label=_("Every so many months"), required=False, min_value=1, max_value=60,
        help_text=_("Counted from the day the customer entered the segment."),
    )  # fmt: skip
    delay = forms.IntegerField(
        label=_("How long after it"), required=False, min_value=0, max_value=8784, initial=0
    )
    unit = forms.ChoiceField(
        label=_("hours or days"),
        choices=[(DAYS, _("days")), (HOURS, pgettext_lazy("unit", "hours"))],
        required=False,
    )
    at = _time(_("Not before this time of the day"))
    channel = forms.ChoiceField(
        label=_("By which channel"), choices=Channel.choices,
        help_text=_("A call or a visit is planned for whoever looks after the customer."),
    )  # fmt: skip
    purpose = forms.ChoiceField(
        label=_("What it is for"), choices=Purpose.choices, help_text=_("Consent is asked by it.")
    )
    subject = line(_("Subject (Chinese)"))
    subject_en = line(_("Subject (English)"))
    body = text(_("Words (Chinese)"), rows=6)
    body_en = text(_("Words (English)"), rows=6)

    WHEN = ("occasion", "direction", "on_day", "months", "delay", "unit", "at")
    HOW = ("channel", "purpose")
    WORDS = ("subject", "body", "subject_en", "body_en")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.choices("occasion", occasions.choices())
        for name in ("body", "body_en"):
            self.fields[name].max_length = LONGEST_BODY  # type: ignore[attr-defined]  # both are CharFields

    def group(self, names: tuple[str, ...]) -> list:
        return [self[name] for name in names]

    @property
    def when(self) -> list:
        return self.group(self.WHEN)

    @property
    def how(self) -> list:
        return self.group(self.HOW)

    @property
    def words(self) -> list:
        return self.group(self.WORDS)

    def content(self, code: str) -> dict[str, Any]:
        """The cleaned form as `communication.keep_entry` takes it."""
        said = self.cleaned_data
        hours = (said["delay"] or 0) * (24 if said["unit"] != HOURS else 1)
        return {name: said[name] for name in ENTRY if name in said} | {"code": code, "delay_hours": hours}

    @staticmethod
    def initial_of(entry: dict[str, Any]) -> dict[str, Any]:
        hours = entry["delay_hours"]
        in_days = hours % 24 == 0
        return {**entry, "delay": hours // 24 if in_days else hours, "unit": DAYS if in_days else HOURS}


def placeholders() -> list[tuple[str, Any, str]]:
    """(placeholder, what it stands for, the occasion it belongs to or blank)."""
    general = [(f"{{{name}}}", words, "") for name, words in GAPS.items()]
    return general + [
        (f"{{{name}}}", words, str(each.words)) for each in occasions.known().values() for name, words in each.gaps.items()
    ]  # fmt: skip


class ReplyForm(PlanForm):
    words = text(_("What the customer said"), rows=3)
    outcome = forms.ChoiceField(label=_("How it went"), choices=Contact.Outcome.choices)


class BounceForm(PlanForm):
    words = line(_("What came back"), help_text=_("The error, or who said so."))


def language() -> str:
    return get_language() or "zh-hans"
