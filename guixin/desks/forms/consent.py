"""What a customer agrees to, and the words they are shown."""

from django import forms
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms import base
from guixin.understand.models import Purpose, Reach


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(label=_("What for"), choices=Purpose.choices)
    channel = forms.ChoiceField(label=_("By which channel"), choices=Reach.choices, required=False)
    evidence = base.line(
        _("Where it is seen"), help_text=_("The form signed, the call, the page: so that it can be shown.")
    )


class WordingForm(forms.Form):
    text = base.text(_("What the customer is shown"), rows=3)
    text_en = base.text(_("In English"), rows=3)
