"""The form of a line that rings customers back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guixin.desks.admin.forms.standards import choice
from guixin.desks.forms.base import DepartmentField, line
from guixin.desks.lists import Lists


def _number(label: Any, least: int, most: int, initial: int, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, initial=initial, help_text=help_text
    )


class CallBackLineForm(forms.Form):
    name = line(_("Name (Chinese)"), required=True, max_length=60, help_text=_("What customers read."))
    name_en = line(_("Name (English)"), max_length=60)
    department = DepartmentField(
        label=_("Department that rings"),
        help_text=_("Its working hours and holidays make the times offered."),
    )
    window_minutes = _number(_("Length of a window, in minutes"), 15, 480, 60)
    capacity = _number(_("Calls a window holds"), 1, 1000, 4)
    days_ahead = _number(_("Working days offered ahead"), 1, 30, 3)
    tries = _number(_("Tries before we give up"), 1, 9, 3, _("Then the customer is told."))
    again_after_minutes = _number(_("Minutes until the next try"), 1, 480, 15)
    most_open = _number(_("Open calls for one number"), 1, 20, 2)
    is_open = forms.BooleanField(label=_("Offered to customers"), required=False, initial=True)
    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Small letters, digits and hyphens, such as service.")
    )

    def __init__(self, *args: Any, may_choose_code: bool = True, **kwargs: Any):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        choice(self, "department").choices = Lists().departments("")
        if not may_choose_code:
            del self.fields["code"]
