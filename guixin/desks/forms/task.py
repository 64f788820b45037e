"""Forms for what a department does with its task, and for more time. Usual reasons and dates are one tap."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.attach import WithFiles
from guixin.desks.forms.base import ActForm, DepartmentField, instant, line, text
from guixin.ledger.clock import database_now
from guixin.organisation.models import Department
from guixin.promise.extending import suggested_times
from guixin.serve.handling import likely_departments
from guixin.web.moments import due_instant


def chips(label: Any, **kwargs: Any) -> forms.ChoiceField:
    """One of a few, each a large button; works without JavaScript."""
    return forms.ChoiceField(
        label=label, required=False, widget=forms.RadioSelect(attrs={"class": "chip"}), **kwargs
    )


class AcceptForm(ActForm):
    """Nothing to fill in: one tap."""


class AskForm(WithFiles, ActForm):
    body = text(_("Question to the owner"), rows=3)

    def prepare(self) -> None:
        _begin_with(self.fields["body"])


class AnswerForm(WithFiles, ActForm):
    body = text(_("Answer"), rows=3)


class ResultForm(WithFiles, ActForm):
    result = text(
        _("Result"),
        help_text=_(
            "Say the cause, what was done and what the customer gets; a photo is the best evidence. "
            "The owner tells the customer, so write what the customer may know."
        ),
    )

    def prepare(self) -> None:
        _begin_with(self.fields["result"])


class ReasonForm(ActForm):
    reason = line(_("Reason"))


class ReasonedForm(ActForm):
    """A reason that is tapped, or typed where none of the usual ones is true; what is typed counts."""

    usual: ClassVar[Sequence[Any]] = ()
    usual_is_chosen = False

    phrase = chips(_("Reason"))
    reason = line(_("Or in your own words"))

    def prepare(self) -> None:
        phrases = [str(words) for words in self.usual]
        self.fields["phrase"].choices = [(words, words) for words in phrases]  # type: ignore[attr-defined]
        if self.usual_is_chosen:
            self.fields["phrase"].initial = phrases[0]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        said["reason"] = said.get("reason", "").strip() or said.pop("phrase", "")
        return said


class PassOnForm(ReasonedForm):
    usual = (
        _("This is their responsibility."),
        _("The cause lies with them."),
        _("They have the people and the means for it."),
    )
    usual_is_chosen = True

    likely = chips(_("To which department"))
    department = DepartmentField(label=_("Another department"), nothing=_("Choose here"), required=False)
    field_order = ("likely", "department", "phrase", "reason")

    def prepare(self) -> None:
        super().prepare()
        others: Any = self.fields["department"]
        others.choices = [each for each in others.choices if each[0] != str(self.noun.department_id)]
        departments = [self.lists.department(pk) for pk in likely_departments(self.noun)]
        names = [(str(each.pk), each.shown_name(get_language() or "zh-hans")) for each in departments if each]
        self.fields["likely"].choices = names  # type: ignore[attr-defined]
        if not names:
            del self.fields["likely"]
            self.fields["department"].label = gettext("To which department")

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        likely = said.pop("likely", "")
        if likely and not said.get("department"):
            said["department"] = Department.objects.get(pk=likely)
        if not said.get("department"):
            self.add_error("department", gettext("Choose the department."))
        return said


class SendBackForm(ReasonedForm):
    usual = (
        _("This is not our responsibility."),
        _("What we would need to know is missing."),
        _("We have this task already."),
    )


class ExtensionForm(ReasonedForm):
    usual = (
        _("The test is not finished yet."),
        _("A part or material has not arrived."),
        _("We have to look at it on site."),
        _("A supplier has to answer first."),
    )

    suggested = chips(_("New date"))
    until = instant(_("Or another date"), required=False)
    field_order = ("suggested", "until", "phrase", "reason")

    def prepare(self) -> None:
        super().prepare()
        self.fields["reason"].help_text = gettext("The customer is told, if it is granted.")
        now = database_now()
        words = {
            "hours": gettext("+4 working hours"),
            "noon": gettext("until noon"),
            "day": gettext("+1 working day"),
        }
        choices = [
            (at.isoformat(), f"{words[code]} · {due_instant(at, now)}")
            for code, at in suggested_times(self.noun)
        ]
        if not choices:
            del self.fields["suggested"]
            return
        self.fields["suggested"].choices = choices  # type: ignore[attr-defined]
        self.fields["suggested"].initial = choices[0][0]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        suggested = said.pop("suggested", "")
        if not said.get("until") and suggested:
            said["until"] = datetime.fromisoformat(suggested)
        if not said.get("until") and "until" not in self.errors:
            self.add_error("until", gettext("Say until when."))
        return said


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


def _begin_with(field: forms.Field) -> None:
    """The words can be typed as soon as the form opens, without a tap into the field."""
    field.widget.attrs["autofocus"] = True
    field.widget.attrs["data-composer"] = ""
