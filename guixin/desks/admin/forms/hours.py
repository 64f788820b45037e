"""Forms of calendars: a line of shifts for each weekday."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guixin.desks.admin.forms.firm import PickField
from guixin.desks.forms.base import ActForm, line, text
from guixin.organisation.keeping_hours import CannotKeep, Hours, as_text, hours_of, spans_in
from guixin.organisation.models import HolidayList

DAYS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip
USUAL = "09:00-12:00 13:00-18:00"


class CalendarForm(ActForm):
    name = line(_("Called"), required=True)
    holidays = PickField(
        label=_("Holidays"),
        queryset=HolidayList.objects.order_by("code"),
        required=False,
        empty_label=_("None: every week is the same"),
    )
    timezone = line(_("Time zone"), required=True, initial="Asia/Shanghai")
    always = forms.BooleanField(label=_("Round the clock, every day"), required=False)

    def prepare(self) -> None:
        holidays: Any = self.fields["holidays"]
        holidays.label_from_instance = lambda each: each.name
        spans: dict[int, list[tuple[time, time]]] = {}
        if self.noun is not None:
            self.initial = {name: getattr(self.noun, name) for name in ("name", "timezone", "always")}
            self.initial["holidays"] = self.noun.holidays_id
            for weekday, opens, closes in hours_of(self.noun):
                spans.setdefault(weekday, []).append((opens, closes))
        for number, day in enumerate(DAYS):
            usual = USUAL if self.noun is None and number < 5 else as_text(spans.get(number, []))
            self.fields[f"day{number}"] = line(day, initial=usual)

    def clean(self) -> dict:
        said = super().clean() or {}
        hours: Hours = []
        for number in range(7):
            try:
                spans = spans_in(said.pop(f"day{number}", ""))
            except CannotKeep as refusal:
                self.add_error(f"day{number}", str(refusal))
            else:
                hours += [(number, opens, closes) for opens, closes in spans]
        return {**said, "hours": hours}


class NoticeForm(forms.Form):
    notice = text(_("The notice, pasted as it is"), rows=8, required=True)


class NewYearForm(forms.Form):
    year = forms.IntegerField(
        label=_("Year"),
        min_value=1970,
        max_value=2200,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
