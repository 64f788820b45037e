"""What to export, as which kind of file, and why in full."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guixin.channels.exporting.nouns import NOUNS
from guixin.desks.forms.base import line

KINDS = [("xlsx", _("Excel (XLSX)")), ("csv", _("CSV file"))]


class ResponsesForm(forms.Form):
    """The responses of one wave; in full only for whoever may."""

    file_kind = forms.ChoiceField(label=_("As"), choices=KINDS, initial="xlsx", widget=forms.RadioSelect)
    in_full = forms.BooleanField(label=_("Customers in full, not masked"), required=False)
    reason = line(_("Reason"), help_text=_("Needed in full; it stands in the ledger with your name."))

    def __init__(self, *args: Any, may_see_all: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not may_see_all:
            del self.fields["in_full"], self.fields["reason"]


class ExportForm(forms.Form):
    noun = forms.ChoiceField(label=_("What"))
    form = forms.ChoiceField(label=_("As"), choices=KINDS, initial="xlsx", widget=forms.RadioSelect)
    in_full = forms.BooleanField(label=_("Customers in full, not masked"), required=False)
    reason = line(_("Reason"), help_text=_("Needed in full; it stands in the ledger with your name."))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["noun"].choices = [  # type: ignore[attr-defined]
            (name, noun.words) for name, noun in NOUNS.items()
        ]
