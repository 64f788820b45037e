"""Taking a case in: at the desk, and on the public page."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, DepartmentField, TermField, line, text
from guixin.serve.models import Case, Term
from guixin.understand.models import Customer


class NewCaseForm(ActForm):
    """Customer and matter on one page; works without JavaScript."""

    customer_id = forms.IntegerField(widget=forms.HiddenInput, required=False)
    customer_name = line(_("Customer's name"))
    customer_kind = forms.ChoiceField(label=_("Customer is a"), choices=Customer.Kind.choices)
    phone = line(_("Phone"), widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}))
    email = line(_("E-mail"), widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}))
    kind = forms.ChoiceField(label=_("Kind"), choices=Case.Kind.choices)
    channel = forms.ChoiceField(label=_("How it reached us"), choices=Case.Channel.choices)
    severity = forms.TypedChoiceField(
        label=_("Severity"), choices=Case.Severity.choices, coerce=int, initial=Case.Severity.NORMAL
    )
    category = TermField(Term.List.CATEGORY, label=_("Category"), required=False)
    product = line(_("Product or order"))
    subject = line(_("What it is about, in a few words"))
    story = text(_("What happened"), rows=5)
    department = DepartmentField(
        label=_("Department, if not by the rules"), nothing=_("By the rules"), required=False
    )


class ComplainForm(forms.Form):
    """The public form. Whether we know the customer is never shown here."""

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[
            (kind.value, kind.label)
            for kind in (
                Case.Kind.COMPLAINT,
                Case.Kind.ENQUIRY,
                Case.Kind.SERVICE_REQUEST,
                Case.Kind.SUGGESTION,
                Case.Kind.PRAISE,
            )
        ],
        widget=forms.RadioSelect,
        initial=Case.Kind.COMPLAINT,
    )
    subject = forms.CharField(
        label=_("What is it about, in a few words?"),
        max_length=120,
        error_messages={"required": _("Say in a few words what it is about.")},
    )
    story = forms.CharField(
        label=_("What happened?"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("When, where, which product; what you would like us to do."),
    )
    product = forms.CharField(label=_("Product or order number"), required=False, max_length=120)
    name = forms.CharField(
        label=_("How may we call you?"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please give a name.")},
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.CharField(
        label=_("E-mail"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    # People never see this field; programs that fill in everything do.
    website = forms.CharField(label=_("Leave this empty"), required=False)

    def clean_once(self) -> str:
        return re.sub(r"[^A-Za-z0-9_-]", "", self.cleaned_data["once"])

    def clean(self) -> dict:
        said = super().clean() or {}
        if not said.get("phone") and not said.get("email"):
            self.add_error("phone", _("Give a phone or an e-mail, so that we can answer you."))
        return said
