"""Forms for what an authority does with a case that came up."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, DepartmentField, PersonField, instant, line, text
from guixin.ledger.clock import database_now


def tomorrow_morning() -> datetime:
    """A usual time to look again, so that nobody has to type one."""
    tomorrow = timezone.localtime(database_now()) + timedelta(days=1)
    return tomorrow.replace(hour=9, minute=30, second=0, microsecond=0)


class DecidingForm(ActForm):
    """Ends with the moment the authority looks again."""

    look_again_at = instant(
        _("When you look at it again"),
        initial=tomorrow_morning,
        help_text=_("Until then nobody is reminded."),
    )
    field_order = ("person", "department", "note", "look_again_at")


class TakeOverForm(DecidingForm):
    note = line(_("Note"))


class InstructForm(DecidingForm):
    note = text(
        _("What is to be done"), rows=3, help_text=_("A note of the case; all at work on it are told.")
    )


class ReassignForm(DecidingForm):
    person = PersonField(label=_("To a colleague"), required=False)
    department = DepartmentField(
        label=_("Or a task to another department"), nothing=_("None"), required=False
    )
    note = line(_("Reason"))


class SilenceForm(DecidingForm):
    note = line(_("Reason"), help_text=_("The case stays as late as it is; only the reminders rest."))
