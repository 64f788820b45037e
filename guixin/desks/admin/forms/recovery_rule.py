"""A rule of recovery: which cases, and for each kind of step whether it is proposed, by whom, in which words."""

from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guixin.desks.admin.forms.standards import choice
from guixin.desks.forms.base import line
from guixin.organisation.models import Position
from guixin.recover.models import Fault, RecoveryRule, StepKind
from guixin.recover.models.recovery import TANGIBLE
from guixin.serve.models import Case, Failure
from guixin.web.languages import for_reader


class RuleStepForm(forms.Form):
    proposed = forms.BooleanField(label=pgettext_lazy("step of a recovery", "Propose it"), required=False)
    position = forms.ChoiceField(label=_("By whom"), required=False)
    words = line(_("What exactly"), max_length=500)
    words_en = line(_("The same in English"), max_length=500)
    amount = line(_("Value"), widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
    currency = line(_("Currency"), max_length=3)

    def __init__(self, *args: Any, kind: StepKind, positions: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.kind, self.title = kind, kind.label
        choice(self, "position").choices = positions
        if kind not in TANGIBLE:
            del self.fields["amount"], self.fields["currency"]


class RecoveryRuleForm(forms.Form):
    name = line(_("Name of the rule"), required=True, max_length=80)
    name_en = line(_("English name"))
    from_severity = forms.TypedChoiceField(
        label=_("This severe or worse"), coerce=int, choices=Case.Severity.choices
    )
    fault = forms.ChoiceField(
        label=_("Whose fault it was"), required=False, choices=[("", _("Any")), *Fault.choices]
    )
    failure = forms.ChoiceField(
        label=_("What it did to the customer"), required=False, choices=[("", _("Any")), *Failure.choices],
        help_text=_("As the lists of words say of the category, the quality point and the cause."),
    )  # fmt: skip
    grades = line(_("Grades of customers"), max_length=20, help_text=_("Letters, such as A or AB."))
    retired = forms.BooleanField(label=_("No longer proposed"), required=False)

    def __init__(self, data: Any = None, *, rule: RecoveryRule | None = None, **kwargs: Any):
        names = ("name", "name_en", "from_severity", "fault", "failure", "grades")
        said = {name: getattr(rule, name) for name in names} if rule else {}
        initial = said | {"retired": bool(rule and rule.retired_at)}
        super().__init__(data, initial=initial, label_suffix="", **kwargs)
        if rule is None:
            del self.fields["retired"]
        language = get_language() or "zh-hans"
        positions = [
            ("", str(_("Whoever owns the case"))),
            *(
                (each.code, for_reader(each.title, language, each.title_en))
                for each in Position.objects.order_by("department__path", "-rank")
            ),
        ]
        there = {each["kind"]: each for each in rule.steps} if rule else {}
        self.steps = [
            RuleStepForm(
                data, prefix=kind.value, kind=kind, positions=positions,
                initial={**there.get(kind.value, {}), "proposed": kind.value in there},
            )
            for kind in StepKind
        ]  # fmt: skip

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(step.is_valid() for step in self.steps)])

    def said(self) -> dict[str, Any]:
        """As `keep_rule` takes it."""
        steps = [
            {**step.cleaned_data, "kind": step.kind.value}
            for step in self.steps
            if step.cleaned_data.pop("proposed")
        ]
        return {**self.cleaned_data, "steps": steps}
