"""What to export, as which kind of file, and why in full."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guixin.channels.exporting.nouns import NOUNS
from guixin.desks.forms.base import line


class ExportForm(forms.Form):
    noun = forms.ChoiceField(label=_("What"))
    form = forms.ChoiceField(
        label=_("As"), choices=[("xlsx", _("Excel (XLSX)")), ("csv", _("CSV file"))], initial="xlsx",
        widget=forms.RadioSelect,
    )  # fmt: skip
    in_full = forms.BooleanField(label=_("Customers in full, not masked"), required=False)
    reason = line(_("Reason"), help_text=_("Needed in full; it stands in the ledger with your name."))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["noun"].choices = [  # type: ignore[attr-defined]
            (name, noun.words) for name, noun in NOUNS.items()
        ]
