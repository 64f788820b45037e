"""What can be done with many cases: the buttons under a list, and what each act has to be told."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, DepartmentField, ListSelect, PersonField, TermField, line, text
from guixin.desks.forms.case import EscalationForm, SnoozeForm
from guixin.serve import templates
from guixin.serve.models import BulkChange, Case, Term

Act = BulkChange.Act


@dataclass(frozen=True)
class Button:
    act: str
    words: Any
    icon: str
    key: str


ACTS = [
    Button(Act.OWNER, _("Owner"), "mine", "a"),
    Button(Act.DEPARTMENT, _("Department"), "route", "d"),
    Button(Act.DETAILS, _("Severity or category"), "up", "p"),
    Button(Act.TEMPLATE, _("Canned reply"), "message", "m"),
    Button(Act.NOTE, _("Note"), "lock", "n"),
    Button(Act.ESCALATE, _("Escalate"), "late", ""),
    Button(Act.SNOOZE, _("Snooze"), "pause", "z"),
    Button(Act.CLOSE, _("Close"), "check", "e"),
]


class BulkForm(ActForm):
    """`asked` is what the change keeps: plain values and ids, so that it can be read years later."""

    def asked(self) -> dict[str, Any]:
        return {
            name: getattr(value, "pk", value)
            for name, value in self.cleaned_data.items()
            if value not in ("", None)
        }


class OwnerOfMany(BulkForm):
    owner = PersonField(label=_("New owner"))


class DepartmentOfMany(BulkForm):
    department = DepartmentField(label=_("Department"))
    instruction = line(_("What is asked of it"))
    withdraw_others = forms.BooleanField(label=_("Take it away from those who have it now"), required=False)
    reason = line(
        _("Reason"), required=True, help_text=_("It stands in the ledger beside the rule it overrules.")
    )


class DetailsOfMany(BulkForm):
    severity = forms.TypedChoiceField(
        label=_("Severity"), choices=[("", _("Unchanged")), *Case.Severity.choices], coerce=int,
        required=False, empty_value=None,
    )  # fmt: skip
    category = TermField(Term.List.CATEGORY, label=_("Category"), required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not any(said.values()):
            raise forms.ValidationError(_("Choose a severity or a category."))
        return said


class NoteOnMany(BulkForm):
    body = text(_("Note"), required=True, help_text=_("Only colleagues see this."))


class TemplateOfMany(BulkForm):
    """One of those the reader may use."""

    template = forms.ChoiceField(label=_("Canned reply"), widget=ListSelect)

    def __init__(self, *args: Any, by: Any = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        found = templates.of(by) if by else []
        self.fields["template"].choices = [  # type: ignore[attr-defined]
            ("", _("Please choose")), *((each.pk, f"{each.name} · {each.get_kind_display()}") for each in found),
        ]  # fmt: skip

    def clean_template(self) -> int:
        return int(self.cleaned_data["template"])


class EscalationOfMany(EscalationForm, BulkForm):
    """As for one."""


class SnoozeOfMany(SnoozeForm, BulkForm):
    def asked(self) -> dict[str, Any]:
        until = self.cleaned_data.get("until")
        return {"until": until.isoformat() if until else "something"}


class ClosingOfMany(BulkForm):
    department = DepartmentField(label=_("Responsible department"), required=False)
    quality_point = TermField(Term.List.QUALITY_POINT, label=_("Quality point"), required=False)
    cause = TermField(Term.List.CAUSE, label=_("Cause"), required=False)
    severity = forms.TypedChoiceField(
        label=_("Severity"), choices=[("", _("Please choose")), *Case.Severity.choices], coerce=int,
        required=False, empty_value=None,
    )  # fmt: skip
    summary = text(_("Summary"), rows=3)


FORMS: dict[str, type[BulkForm]] = {
    Act.OWNER: OwnerOfMany,
    Act.DEPARTMENT: DepartmentOfMany,
    Act.DETAILS: DetailsOfMany,
    Act.NOTE: NoteOnMany,
    Act.TEMPLATE: TemplateOfMany,
    Act.ESCALATE: EscalationOfMany,
    Act.SNOOZE: SnoozeOfMany,
    Act.CLOSE: ClosingOfMany,
}
