"""Forms for proposals and monthly statements."""

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, DepartmentField, instant, line, text
from guixin.promise import durations, stating
from guixin.promise.models import Proposal, Standard


class ProposalForm(ActForm):
    kind = forms.ChoiceField(label=_("What should change"), choices=Proposal.Kind.choices)
    standard = forms.ChoiceField(label=_("Which standard"), required=False)
    minutes = line(
        _("New time, if that is it"),
        max_length=20,
        help_text=_("For a standard, such as 20h or 30m of its working time."),
    )
    department = DepartmentField(
        label=_("Who answers for it"), nothing=_("The owner of the standard"), required=False
    )
    subject = line(_("In one line"))
    why = text(_("Why, and what it would do"), rows=4)

    def prepare(self) -> None:
        language = get_language() or "zh-hans"
        there = Standard.objects.filter(
            versions__withdrawn_at__isnull=True, versions__isnull=False
        ).distinct()
        self.fields["standard"].choices = [  # type: ignore[attr-defined]
            ("", gettext("none")),
            *((each.code, each.shown_name(language)) for each in there.order_by("code")),
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        said["budget_minutes"] = None
        if written := (said.pop("minutes", "") or "").strip():
            try:
                said["budget_minutes"], _in_days = durations.read(written)
            except ValueError:
                self.add_error("minutes", gettext("Write for example 30m or 20h."))
        code = said.get("standard")
        said["standard"] = Standard.objects.filter(code=code).first() if code else None
        return said


class TrialForm(ActForm):
    until = instant(_("Until"))
    department = DepartmentField(
        label=_("In which department"), nothing=_("None: it is tried by hand"), required=False,
        help_text=_("A new time of a standard holds there until the trial ends."),
    )  # fmt: skip
    note = line(_("How it is tried"))

    def prepare(self) -> None:
        """Only a new time of a standard can hold by itself for a while; of anything else nothing changes by itself."""
        if self.noun is not None and self.noun.budget_minutes is None:
            del self.fields["department"]
            self.fields["note"].help_text = gettext(
                "No setting changes by itself: it is tried by hand, as you write here. You are reminded when it ends, and"
                " the answer says what was seen."
            )

    def clean(self) -> dict[str, Any]:
        return {"department": None, **(super().clean() or {})}


class AcceptanceForm(ActForm):
    answer = text(_("Your answer to who proposed it"), rows=3)
    result = line(
        _("Which new version came of it"),
        help_text=_("A proposed time is published by itself; for anything else, name it."),
    )


class AnswerForm(ActForm):
    answer = text(_("Your answer to who proposed it"), rows=3)


class NoWordsForm(ActForm):
    """Nothing but the button."""


class StatementForm(ActForm):
    nothing_to_change = forms.TypedChoiceField(
        label=_("This month"),
        choices=[("yes", _("Nothing needs to change")), ("no", _("These proposals say what should change"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    proposals = forms.MultipleChoiceField(
        label=_("Proposals of the department"), widget=forms.CheckboxSelectMultiple, required=False
    )
    words = text(_("Words, if any"), rows=2)

    def prepare(self) -> None:
        found = stating.proposals_of(self.noun) if self.noun else []
        if not found:
            del self.fields["proposals"]
            return
        self.fields["proposals"].choices = [(str(each.pk), each.subject) for each in found]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        said["proposals"] = list(Proposal.objects.filter(pk__in=said.get("proposals", [])))
        return said
