"""Taking a case in: at the desk, and on the public page."""

import re
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.attach import WithFiles
from guixin.desks.forms.base import ActForm, DepartmentField, TermField, line, text
from guixin.desks.forms.case_form import PREFIX, ask
from guixin.serve.building_forms import form_in_force
from guixin.serve.models import Case, CaseFormVersion, Term
from guixin.understand.models import Customer

SUBJECT = 60  # characters of a subject made from a story


class NewCaseForm(WithFiles, ActForm):
    """Customer and matter on one page; works without JavaScript. Departments are named only over the rules."""

    customer_id = forms.IntegerField(widget=forms.HiddenInput, required=False)
    form_code = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    phone = line(_("Phone"), widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}))
    customer_name = line(_("Customer's name"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    customer_kind = forms.ChoiceField(label=_("Customer is a"), choices=Customer.Kind.choices, required=False)
    email = line(_("E-mail"), widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}))
    kind = forms.ChoiceField(label=_("Kind"), choices=Case.Kind.choices)
    channel = forms.ChoiceField(label=_("How it reached us"), choices=Case.Channel.choices)
    severity = forms.TypedChoiceField(
        label=_("Severity"), choices=Case.Severity.choices, coerce=int, initial=Case.Severity.NORMAL
    )
    category = TermField(Term.List.CATEGORY, label=_("Category"), required=False)
    product = line(_("Product or order"))
    subject = line(_("What it is about, in a few words"))
    story = text(_("What happened"), rows=4)
    department = DepartmentField(label=_("Department"), nothing=_("By the rules"), required=False)
    instruction = line(_("What it is asked to do"))
    department_2 = DepartmentField(label=_("Second department"), nothing=_("None"), required=False)
    instruction_2 = line(_("What the second is asked to do"))
    department_3 = DepartmentField(label=_("Third department"), nothing=_("None"), required=False)
    instruction_3 = line(_("What the third is asked to do"))
    # For a case that is answered on the spot, perhaps with an article of the handbook.
    answered_with = forms.IntegerField(widget=forms.HiddenInput, required=False)
    answer = text(_("What you told the customer"), rows=3)
    at_fault = DepartmentField(label=_("Responsible department"), nothing=_("Please choose"), required=False)
    quality_point = TermField(Term.List.QUALITY_POINT, label=_("Quality point"), required=False)
    cause = TermField(Term.List.CAUSE, label=_("Cause"), required=False)

    asked: CaseFormVersion | None = None

    def prepare(self) -> None:
        """The questions of the form that was chosen for it, if one was."""
        code = self.data.get("form_code", "") if self.is_bound else self.initial.get("form_code", "")
        self.asked = form_in_force(str(code)) if code else None
        if self.asked:
            ask(self, self.asked)

    SHARES = (
        ("department", "instruction"),
        ("department_2", "instruction_2"),
        ("department_3", "instruction_3"),
    )

    def shares(self) -> dict[int, str]:
        """The departments named, each with its instruction; one named twice has both."""
        shares: dict[int, str] = {}
        for department, instruction in self.SHARES:
            if named := self.cleaned_data.get(department):
                words = [shares.get(named.pk, ""), self.cleaned_data.get(instruction, "").strip()]
                shares[named.pk] = "\n".join(filter(None, words))
        return shares


class ComplainForm(WithFiles):
    """The public form, short enough for a phone in a lift. Whether we know the customer is never shown here."""

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[
            (kind.value, kind.label)
            for kind in (
                Case.Kind.COMPLAINT,
                Case.Kind.SUGGESTION,
                Case.Kind.PRAISE,
                Case.Kind.ENQUIRY,
                Case.Kind.SERVICE_REQUEST,
            )
        ],
        widget=forms.RadioSelect,
        initial=Case.Kind.COMPLAINT,
    )
    story = forms.CharField(
        label=_("What happened?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5, "data-keep": ""}),
        help_text=_("When, where, which product; what you would like us to do."),
        error_messages={"required": _("Say in a few words what it is about.")},
    )
    product = forms.CharField(
        label=_("Product or order number, if you have it"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"data-keep": ""}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.CharField(
        label=_("or e-mail"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    name = forms.CharField(
        label=_("How may we call you?"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    # People never see this field; programs that fill in everything do.
    website = forms.CharField(label=_("Leave this empty"), required=False)

    def __init__(self, *args: Any, anonymous: bool = False, **kwargs: Any):
        """`anonymous`: a box on a wall takes an opinion from whoever passes; a complaint by the web wants an answer."""
        super().__init__(*args, **kwargs)
        self.anonymous = anonymous

    def clean_once(self) -> str:
        return re.sub(r"[^A-Za-z0-9_-]", "", self.cleaned_data["once"])

    def clean(self) -> dict:
        said = super().clean() or {}
        if not self.anonymous and not said.get("phone") and not said.get("email"):
            self.add_error("phone", _("Give a phone or an e-mail, so that we can answer you."))
        return said

    def subject(self) -> str:
        """The first words of the story: nobody should have to say it twice."""
        first = re.split(r"[。！？!?\n]|\. ", self.cleaned_data["story"].strip(), maxsplit=1)[0].strip()
        return first if len(first) <= SUBJECT else f"{first[: SUBJECT - 1]}…"


class RequestForm(ComplainForm):
    """A request the firm publishes a form for: its own questions, and a few words if the customer likes."""

    def __init__(self, *args: Any, version: CaseFormVersion, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.version = version
        del self.fields["kind"], self.fields["product"]
        self.fields["story"].required = False
        self.fields["story"].label = gettext("Anything else we should know?")
        self.fields["story"].help_text = ""
        ask(self, version, kept_by_browser=True)

    def subject(self) -> str:
        """What kind of request it is, and the first words or the first short answer."""
        name = self.version.form.shown_name(get_language() or "zh-hans")
        first = super().subject() or next(
            (
                str(self.cleaned_data.get(f"{PREFIX}{key}") or "")
                for key, one in self.version.asked.items()
                if one.kind in ("text", "product", "choice") and not one.personal
            ),
            "",
        )
        return f"{name}：{first}"[:SUBJECT] if first else name


class LostLinkForm(forms.Form):
    """Number and address, for a customer who lost the link to their case."""

    number = forms.CharField(
        label=_("Your number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "2026-000123"}),
        error_messages={"required": _("Give the number of your case.")},
    )
    address = forms.EmailField(
        label=_("E-mail"),
        max_length=120,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Give the e-mail address you gave us."),
            "invalid": _("This is no e-mail address."),
        },
    )
