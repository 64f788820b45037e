"""Forms of robots, and of the firm's rule about quiet hours."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guixin.channels.models import Robot
from guixin.desks.admin.forms.standards import choice
from guixin.desks.forms.base import DepartmentField, LanguageField, line
from guixin.desks.forms.customer import hour
from guixin.desks.forms.notices import topics
from guixin.desks.lists import Lists


class RobotForm(forms.Form):
    """Address and secret are typed and never shown again; left empty they stay."""

    name = line(pgettext_lazy("of a thing", "Name"), required=True, max_length=60)
    kind = forms.ChoiceField(label=_("Kind of chat"), choices=Robot.Kind.choices)
    url = line(
        _("Address (webhook) of the robot"), required=True, max_length=2000,
        widget=forms.URLInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )  # fmt: skip
    secret = line(_("Secret that signs, if the chat gave one"), max_length=200,
                  widget=forms.TextInput(attrs={"autocomplete": "off"}))  # fmt: skip
    keyword = line(_("Keyword, if the chat asks for one"), max_length=40)
    department = DepartmentField(
        label=_("For whom"), required=False, nothing=_("The whole firm"),
        help_text=_("A department with all below it, as far as they have no robot of their own."),
    )  # fmt: skip
    topics = topics(_("What it posts (none chosen: all)"))
    mentions = forms.BooleanField(label=_("Call people by their phone where the chat can"), required=False)
    language = LanguageField()
    a_minute = forms.IntegerField(
        label=_("Messages a minute the chat allows"), min_value=1, max_value=600, initial=20
    )
    gap_seconds = forms.IntegerField(
        label=_("Seconds between two messages"), min_value=0, max_value=86_400, initial=60,
        help_text=_("What comes sooner is merged into the next."),
    )  # fmt: skip
    quiet_from = hour(_("Quiet from"))
    quiet_to = hour(_("until"))
    is_active = forms.BooleanField(label=_("Switched on"), required=False, initial=True)

    def __init__(self, *args: Any, there: Robot | None = None, **kwargs: Any):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        choice(self, "department").choices = Lists().departments(str(_("The whole firm")))
        self.there = there
        if there:
            self.fields["url"].required = False
            self.fields["url"].help_text = _("Set (%s); type a new one to change it.") % there.shown_url
            if there.secret:
                self.fields["secret"].help_text = _("Set; type a new one to change it.")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.there:
            for name in ("url", "secret"):
                if not said.get(name):
                    said[name] = getattr(self.there, name)
        return said


class NoticeRulesForm(forms.Form):
    urgent_passes = forms.BooleanField(label=_("What is urgent is told in quiet hours too"), required=False)
