"""Forms of the emergency path."""

from django import forms
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, PersonField, text
from guixin.serve.models import Emergency


class EmergencyForm(ActForm):
    reason = text(
        _("What makes it an emergency"), rows=2, help_text=_("The review afterwards reads this first.")
    )
    also_tell = PersonField(label=_("Also tell at once"), required=False)


class InHandForm(ActForm):
    note = text(_("What was done"), rows=2)


class ReviewForm(ActForm):
    verdict = forms.ChoiceField(
        label=_("Was it justified?"),
        choices=[
            (Emergency.Verdict.JUSTIFIED, _("Yes, justified")),
            (Emergency.Verdict.NOT_JUSTIFIED, _("No, the normal way would have done")),
        ],
        widget=forms.RadioSelect,
    )
    learnt = text(_("What was learnt"), rows=3)
