"""The forms of a routing rule, of the firm's policy, of words and of opinion points."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guixin.desks.admin.forms.standards import choice
from guixin.desks.forms.base import DepartmentField, line
from guixin.desks.lists import Lists
from guixin.promise import durations
from guixin.serve.drafting import CONDITIONS
from guixin.serve.models import Case, Failure, OpinionPoint, Policy, Term

_ANY = ("", _("Any"))
STEPS = 6  # departments one rule can name on the page


class StepForm(forms.Form):
    """One department's share; a row without a department is no step."""

    department = DepartmentField(label=_("Department"), required=False)
    stage = forms.IntegerField(label=_("Stage"), min_value=1, max_value=9, initial=1)
    instruction = line(_("What is asked"), max_length=500)

    def __init__(self, *args: Any, lists: Lists, **kwargs: Any):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        choice(self, "department").choices = lists.departments(str(_("No department")))


class RuleForm(forms.Form):
    """Which cases a rule covers; its steps are forms of their own."""

    name = line(_("Name of the rule"), required=True, max_length=80)
    for_kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[_ANY, *Case.Kind.choices])
    for_category = forms.ChoiceField(label=_("Category"), required=False)
    for_severity = forms.TypedChoiceField(
        label=_("This severe or worse"), required=False, coerce=int, empty_value=None,
        choices=[_ANY, *Case.Severity.choices],
    )  # fmt: skip
    for_product = line(_("The product's name begins with"))
    for_channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[_ANY, *Case.Channel.choices])
    for_grade = line(_("Grades of customers"), max_length=20, help_text=_("Letters, such as A or AB."))
    for_words = line(
        _("Any of these words in subject or story"), max_length=1000, help_text=_("Separated by commas.")
    )

    def __init__(self, data: Any = None, *, rule: dict | None = None, **kwargs: Any):
        rule = rule or {}
        initial = {name: rule.get(name) for name in CONDITIONS} | {"name": rule.get("name", "")}
        initial["for_words"] = "，".join(rule.get("for_words") or [])
        super().__init__(data, initial=initial, label_suffix="", **kwargs)
        lists = Lists()
        choice(self, "for_category").choices = [_ANY, *lists.terms(Term.List.CATEGORY)[1:]]
        steps = rule.get("steps", [])
        self.steps = [
            StepForm(
                data, lists=lists, prefix=f"step{place}", initial=steps[place] if place < len(steps) else {}
            )
            for place in range(max(STEPS, len(steps)))
        ]

    @property
    def conditions(self) -> list:
        return [self[name] for name in CONDITIONS]

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(step.is_valid() for step in self.steps)])

    def rule(self, code: str) -> dict:
        """As the draft keeps it."""
        said = dict(self.cleaned_data)
        steps = [
            {
                "department": step.cleaned_data["department"].pk,
                "stage": step.cleaned_data["stage"],
                "instruction": step.cleaned_data["instruction"],
            }
            for step in self.steps
            if step.cleaned_data["department"]
        ]
        said["for_words"] = durations.several(said["for_words"])
        said["for_grade"] = "".join(sorted({c for c in said["for_grade"].upper() if c.isalnum()}))
        return {"code": code, **said, "steps": sorted(steps, key=lambda step: step["stage"])}


class PolicyForm(forms.Form):
    """The firm's own choices about serving."""

    repeat_within_days = forms.IntegerField(
        label=_("The same complaint again within this many days is raised at once"),
        min_value=1,
        max_value=730,
    )
    send_back_within_minutes = forms.IntegerField(
        label=_("A department may send a task back as “not ours” within this many minutes"),
        min_value=1, max_value=43_200,
    )  # fmt: skip
    follow_up_after_days = forms.IntegerField(
        label=_("The customer is called this many days after closing"), min_value=0, max_value=365
    )
    urge_every_hours = forms.IntegerField(
        label=_("A customer may urge at most once in this many hours"), min_value=1, max_value=720
    )
    classify = forms.TypedChoiceField(
        label=_("What is closed only with its classification"), choices=Policy.Classify.choices, coerce=int,
        help_text=_("Responsible department, quality point, cause and severity."),
    )  # fmt: skip


class TermForm(forms.Form):
    name = line(_("Name (Chinese)"), required=True, max_length=60)
    name_en = line(_("Name (English)"), max_length=60)
    failure = forms.ChoiceField(
        label=_("Sort of failure"), required=False, choices=[("", _("As the word above it")), *Failure.choices],
        help_text=_("Recoveries are proposed by it: money for money, exchange for goods, done again for service."),
    )  # fmt: skip
    under = forms.ChoiceField(label=pgettext_lazy("a word", "Stands under"), required=False)

    def __init__(self, *args: Any, above: list[tuple[str, str]] | None = None, **kwargs: Any):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        if above is None:
            del self.fields["under"]
        else:
            choice(self, "under").choices = [("", _("Nothing: a word of the first level")), *above]


class OpinionPointForm(forms.Form):
    name = line(_("Name (Chinese)"), required=True, max_length=60, help_text=_("As it stands on the card."))
    name_en = line(_("Name (English)"), max_length=60)
    kind = forms.ChoiceField(label=_("What it is"), choices=OpinionPoint.Kind.choices)
    department = DepartmentField(label=_("Department it belongs to"), required=False)
    code = line(
        _("Code at the end of its address"),
        max_length=40,
        help_text=_("Blank: we make one. It is printed and never changes."),
    )

    def __init__(self, *args: Any, may_choose_code: bool = True, **kwargs: Any):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        choice(self, "department").choices = Lists().departments(str(_("None")))
        if not may_choose_code:
            del self.fields["code"]
