"""Forms for what a department does with its task, and for more time."""

from django import forms
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, DepartmentField, instant, line, text


class AcceptForm(ActForm):
    """Nothing to fill in: one tap."""


class AskForm(ActForm):
    body = text(_("Question to the owner"), rows=3)


class AnswerForm(ActForm):
    body = text(_("Answer"), rows=3)


class ResultForm(ActForm):
    result = text(
        _("Result"), help_text=_("The owner tells the customer, so write what the customer may know.")
    )


class PassOnForm(ActForm):
    department = DepartmentField(label=_("To which department"))
    reason = line(_("Reason"))


class ReasonForm(ActForm):
    reason = line(_("Reason"))


class ExtensionForm(ActForm):
    until = instant(_("New date"))
    reason = line(_("Reason"), help_text=_("The customer is told, if it is granted."))


class DecisionForm(ActForm):
    granted = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Grant")), ("no", _("Refuse"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        initial="yes",
    )
    until = instant(_("Another date, if not the one asked for"), required=False)
    note = line(_("Note"))
