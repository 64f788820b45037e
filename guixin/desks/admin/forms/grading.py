"""The rules of grading, and a rate."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guixin.understand.grade_rules import WEIGHTS
from guixin.understand.models import GradeRules

PLACES = 4  # grades that can be named on the page; the last named takes the rest
PLAIN = ("method", "value", "least_orders", "steady_periods", "period", "horizon_months", "margin_percent",
         "discount_percent")  # fmt: skip
WEIGHT_WORDS = {
    "recency": _("Weight of recency"),
    "frequency": _("Weight of frequency"),
    "money": _("Weight of money"),
    "lifetime": _("Weight of the expected lifetime value"),
}


class GradeRulesForm(forms.Form):
    method = forms.ChoiceField(label=_("Who is graded best"), choices=GradeRules.Method.choices)
    value = forms.ChoiceField(label=_("What counts as value"), choices=GradeRules.Value.choices)
    least_orders = forms.IntegerField(label=_("Orders needed for the best grade"), min_value=0, max_value=100)
    steady_periods = forms.IntegerField(
        label=_("Periods a new grade must hold"), min_value=1, max_value=6,
        help_text=_("Two: nobody changes to and fro at a border."),
    )  # fmt: skip
    period = forms.ChoiceField(label=_("Graded once a"), choices=GradeRules.Period.choices)
    horizon_months = forms.IntegerField(
        label=_("Months the lifetime value looks ahead"), min_value=1, max_value=60
    )
    margin_percent = forms.DecimalField(label=_("Margin, %"), min_value=1, max_value=100, decimal_places=2)
    discount_percent = forms.DecimalField(
        label=_("Discount a year, %"), min_value=0, max_value=99, decimal_places=2
    )

    def __init__(self, data: Any, *, rules: GradeRules):
        initial: dict[str, Any] = {name: getattr(rules, name) for name in PLAIN}
        initial |= {f"weight_{name}": rules.weights.get(name, 0) for name in WEIGHTS}
        for place, (letter, share) in enumerate(rules.cuts[:PLACES], 1):
            initial |= {f"letter_{place}": letter, f"share_{place}": share}
        super().__init__(data, initial=initial, label_suffix="")
        for name in WEIGHTS:
            self.fields[f"weight_{name}"] = forms.IntegerField(
                label=WEIGHT_WORDS[name], min_value=0, max_value=100
            )
        for place in range(1, PLACES + 1):
            self.fields[f"letter_{place}"] = forms.CharField(
                label=_("Grade %s: its letter") % place, max_length=1, required=place <= 2
            )
            self.fields[f"share_{place}"] = forms.IntegerField(
                label=_("Grade %s: down to which share, %%") % place,
                min_value=1,
                max_value=100,
                required=place <= 2,
            )

    def changes(self) -> dict[str, Any]:
        given = self.cleaned_data
        cuts = [
            [given[f"letter_{place}"].upper(), given[f"share_{place}"] or 100]
            for place in range(1, PLACES + 1)
            if given[f"letter_{place}"]
        ]
        cuts[-1][1] = 100
        weights = {name: given[f"weight_{name}"] for name in WEIGHTS}
        return {name: given[name] for name in PLAIN} | {"weights": weights, "cuts": cuts}


class RateForm(forms.Form):
    currency = forms.CharField(label=_("Currency"), max_length=8, help_text=_("Three letters, such as USD."))
    since = forms.DateField(label=_("From this day on"), widget=forms.DateInput(attrs={"type": "date"}))
    rate = forms.DecimalField(
        label=_("One unit in the firm's currency"), max_digits=20, decimal_places=8, min_value=0
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
