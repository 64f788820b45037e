"""Forms for what is done with a case."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, DepartmentField, PersonField, TermField, instant, line, text
from guixin.desks.forms.suggested import offer_suggestions
from guixin.ledger.clock import database_now
from guixin.serve.changing import EditedMeanwhile
from guixin.serve.classifying import ClassifiedMeanwhile, latest_closing
from guixin.serve.meanwhile import SaidMeanwhile, last_said
from guixin.serve.models import Case, FollowUp, Message, Task, Term

SEVERITIES = [("", _("Please choose")), *Case.Severity.choices]


class ReplyForm(ActForm):
    kind = forms.ChoiceField(
        label=_("What is said"),
        choices=[
            (kind.value, kind.label)
            for kind in (
                Message.Kind.REPLY,
                Message.Kind.PRELIMINARY,
                Message.Kind.ACKNOWLEDGEMENT,
                Message.Kind.ON_SITE,
            )
        ],
        help_text=_("The promise it fulfils ends at that moment."),
    )
    channel = forms.ChoiceField(label=_("How it was told"), choices=Case.Channel.choices)
    body = text(_("Words to the customer"), help_text=_("The customer reads this on the tracking page."))
    told_at = instant(_("When it was said, if earlier than now"), required=False)

    def prepare(self) -> None:
        self.fields["channel"].initial = self.noun.channel


class NoteForm(ActForm):
    body = text(_("Note"), help_text=_("Only colleagues see this."))


class QuestionForm(ActForm):
    body = text(
        _("Question to the customer"),
        help_text=_("The clocks that allow it stand still until the customer answers."),
    )


class CustomerSaidForm(ActForm):
    body = text(_("What the customer said"))


class SnoozeForm(ActForm):
    """A usual time is one tap; a time that is typed counts."""

    usual = forms.ChoiceField(
        label=_("Asleep until"), required=False, widget=forms.RadioSelect(attrs={"class": "chip"})
    )
    until = instant(
        _("Or a time of your own"), required=False,
        help_text=_(
            "It leaves your lists and comes back by itself: at that time, when the customer, a department or an authority "
            "says something, and half an hour before its next deadline. The promises run on."
        ),
    )  # fmt: skip

    def prepare(self) -> None:
        times = usual_times(database_now())
        self.fields["usual"].choices = [  # type: ignore[attr-defined]
            *((name, f"{words} · {at:%H:%M}") for name, words, at in times),
            ("something", _("Until something happens")),
        ]
        self.fields["usual"].initial = "morning"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        chosen = said.pop("usual", "")
        if not said.get("until") and "until" not in self.errors:
            said["until"] = next(
                (at for name, _words, at in usual_times(database_now()) if name == chosen), None
            )
            if said["until"] is None and chosen != "something":
                self.add_error("usual", _("Say until when."))
        return said


def usual_times(now: datetime) -> list[tuple[str, Any, datetime]]:
    """When people look again: in two hours, tomorrow morning, on Monday."""
    here = timezone.localtime(now)
    morning = (here + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    monday = morning + timedelta(days=-morning.weekday() % 7)
    return [
        ("hours", _("In two hours"), here + timedelta(hours=2)),
        ("morning", _("Tomorrow morning"), morning),
        ("monday", _("On Monday"), monday if monday > morning else monday + timedelta(days=7)),
    ]


class RoutingForm(ActForm):
    department = DepartmentField(label=_("Department"))
    instruction = line(_("What is asked of it"))
    second_department = DepartmentField(label=_("Another department"), nothing=_("None"), required=False)
    second_stage = forms.TypedChoiceField(
        label=_("When the other one begins"),
        choices=[(1, _("At the same time")), (2, _("After the first is done"))],
        coerce=int,
        required=False,
        empty_value=None,
    )
    second_instruction = line(_("What is asked of the other"))
    withdraw_others = forms.BooleanField(label=_("Take it away from those who have it now"), required=False)
    reason = line(_("Reason"), help_text=_("It stands in the ledger beside the rule it overrules."))

    def steps(self) -> list[tuple[int, int, str]]:
        said = self.cleaned_data
        return steps(said)


def steps(said: dict[str, Any]) -> list[tuple[int, int, str]]:
    """(department, stage, instruction) as `decide_departments` wants them."""
    found = []
    if said.get("department"):
        found.append((said["department"].pk, 1, said["instruction"]))
    if said.get("second_department"):
        found.append((said["second_department"].pk, said["second_stage"] or 1, said["second_instruction"]))
    return found


class OwnerForm(ActForm):
    owner = PersonField(label=_("New owner"))


class EscalationForm(ActForm):
    reason = text(_("Reason"), rows=3, help_text=_("The next authority reads it first."))
    department = DepartmentField(
        label=_("Whose ladder"), nothing=_("Of the department that has the case"), required=False
    )


class ClosingForm(ActForm):
    department = DepartmentField(label=_("Responsible department"), required=False)
    quality_point = TermField(Term.List.QUALITY_POINT, label=_("Quality point"), required=False)
    cause = TermField(Term.List.CAUSE, label=_("Cause"), required=False)
    severity = forms.TypedChoiceField(
        label=_("Severity"), choices=SEVERITIES, coerce=int, required=False, empty_value=None
    )
    summary = text(_("Summary"), rows=3)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    data: QueryDict

    def prepare(self) -> None:
        self.fields["severity"].initial = self.noun.severity
        self.fields["seen"].initial = last_said(self.noun)
        offer_suggestions(self, self.noun)

    def refused(self, offer: Any, refusal: Exception) -> None:
        """What was said meanwhile stands at the form; closing all the same is then a decision made knowing it."""
        if isinstance(refusal, SaidMeanwhile):
            offer.said_meanwhile = [*refusal.messages, *refusal.on_their_way]
            changed = self.data.copy()
            changed["seen"] = str(refusal.seen)
            self.data = changed


class ClassificationForm(ActForm):
    """The last closing corrected; carries the version it was read at."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    department = DepartmentField(label=_("Responsible department"), required=False)
    quality_point = TermField(Term.List.QUALITY_POINT, label=_("Quality point"), required=False)
    cause = TermField(Term.List.CAUSE, label=_("Cause"), required=False)
    severity = forms.TypedChoiceField(
        label=_("Severity"), choices=SEVERITIES, coerce=int, required=False, empty_value=None
    )
    reason = line(_("Why it is corrected"))

    def prepare(self) -> None:
        closing = latest_closing(self.noun)
        if closing is None:
            return
        said = {
            "version": closing.version, "department": closing.department_id, "severity": closing.severity,
            "quality_point": closing.quality_point, "cause": closing.cause,
        }  # fmt: skip
        for name, value in said.items():
            self.fields[name].initial = value
        for name in ("quality_point", "cause"):
            self._keep_retired(name, said[name])

    data: QueryDict

    def refused(self, offer: Any, refusal: Exception) -> None:
        """Both sides stand there; saving again is a decision made with them in view."""
        if not isinstance(refusal, ClassifiedMeanwhile):
            return
        names = ("department", "quality_point", "cause", "severity")
        theirs = {name: getattr(refusal.closing, name) for name in names}
        offer.conflict = [
            {"label": self.fields[name].label, "yours": yours, "theirs": now}
            for name in names
            if (yours := self._in_words(name, self.cleaned_data.get(name)))
            != (now := self._in_words(name, theirs[name]))
        ]
        changed = self.data.copy()
        changed["version"] = str(refusal.closing.version)
        self.data = changed

    def _in_words(self, name: str, value: Any) -> str:
        if name == "department":
            return value.shown_name(get_language() or "zh-hans") if value else ""
        field: Any = self.fields[name]
        return str(dict(field.choices).get(value, value)) if value else ""

    def _keep_retired(self, name: str, code: Any) -> None:
        """A word that is offered no more stays what it was chosen for."""
        field: Any = self.fields[name]
        if code and code not in dict(field.choices):
            field.choices = [*field.choices, (code, code)]


class ReopeningForm(ActForm):
    reason = text(_("Why it is opened again"), rows=3)


class NumberForm(ActForm):
    number = line(_("Number of the other case"), help_text=_("For example 2026-000123."))


class SplitForm(ActForm):
    subject = line(_("What the new case is about"))
    story = text(_("What happened"), rows=3)

    def prepare(self) -> None:
        tasks = Task.objects.filter(case=self.noun).open().select_related("department")
        choices = [(str(task.pk), str(task.department)) for task in tasks]
        self.fields["task"] = forms.ChoiceField(
            label=_("A task that goes with it"), required=False, choices=[("", _("None")), *choices]
        )


class EditForm(ActForm):
    """Carries the version it was read at. When somebody was quicker, both sides are shown field by field."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    subject = line(_("Subject"))
    story = text(_("What happened"))
    kind = forms.ChoiceField(label=_("Kind"), choices=Case.Kind.choices)
    category = TermField(Term.List.CATEGORY, label=_("Category"), required=False)
    product = line(_("Product"))
    severity = forms.TypedChoiceField(label=_("Severity"), choices=Case.Severity.choices, coerce=int)

    def prepare(self) -> None:
        for name in self.fields:
            self.fields[name].initial = getattr(self.noun, name)

    data: QueryDict

    def refused(self, offer: Any, refusal: Exception) -> None:
        if not isinstance(refusal, EditedMeanwhile):
            return
        offer.conflict = [
            {
                "label": self.fields[name].label,
                "yours": self._in_words(name, refusal.yours[name]),
                "theirs": self._in_words(name, refusal.theirs[name]),
            }
            for name in refusal.yours
        ]
        # Saving again is a decision made with both sides in view, so the form now carries the new version.
        changed = self.data.copy()
        changed["version"] = str(refusal.case.version)
        self.data = changed

    def _in_words(self, name: str, value: Any) -> str:
        choices = getattr(self.fields[name], "choices", None)
        return str(dict(choices).get(value, value)) if choices else str(value)


class FollowUpForm(ActForm):
    outcome = forms.ChoiceField(label=_("What the customer said"), choices=FollowUp.Outcome.choices)
    comment = text(_("In the customer's words"), rows=3)
    department_at_fault = DepartmentField(
        label=_("Department at fault, if dissatisfied"), nothing=_("None"), required=False
    )


class ActingForm(ActForm):
    note = text(_("What you decided"), rows=3)
    look_again_at = instant(_("When you look at it again"))
