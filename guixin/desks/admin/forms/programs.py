"""Forms for programs: keys, and addresses that are told by webhook."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, PersonField, line
from guixin.ledger.events import event_classes
from guixin.organisation.models import Scopes


class ApiKeyForm(ActForm):
    name = line(_("What the key is for"), required=True)
    person = PersonField(label=_("Acts as"))
    scopes = forms.MultipleChoiceField(
        label=_("May"), choices=Scopes.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("A year")), (0, _("Without end"))],
        initial=365,
    )


class SubscriptionForm(ActForm):
    url = line(
        _("Address"), required=True, max_length=2000, widget=forms.URLInput(attrs={"inputmode": "url"})
    )
    kinds = forms.MultipleChoiceField(
        label=_("Only these events (none chosen: all)"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )

    def prepare(self) -> None:
        ours = [cls.kind for cls in event_classes() if cls.__module__.startswith("guixin.")]
        kinds: Any = self.fields["kinds"]
        kinds.choices = [(kind, kind) for kind in ours]
        if self.noun is not None:
            self.initial = {"url": self.noun.url, "kinds": self.noun.kinds}
