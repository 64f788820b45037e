"""Forms for naming the purchases a case is about."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guixin.desks.forms.base import ActForm, line
from guixin.serve.orders import LONGEST_ORDER, last_purchases
from guixin.understand.models import Purchase


class OrderForm(ActForm):
    """Lines of the customer's last purchases, one or several, or the number of an order."""

    lines = forms.MultipleChoiceField(
        label=gettext_lazy("Last purchases"), required=False, widget=forms.CheckboxSelectMultiple
    )
    order = line(
        gettext_lazy("Or the number of an order"), required=False, max_length=LONGEST_ORDER,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    quantity = forms.DecimalField(
        label=gettext_lazy("How many of it went wrong"), required=False, min_value=Decimal("0.001"), max_digits=15,
        decimal_places=3, help_text=gettext_lazy("Of one line; blank: all of it."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip

    def prepare(self) -> None:
        lines = last_purchases(self.noun.customer_id) if self.noun and self.noun.customer_id else []
        self.fields["lines"].choices = [(each.pk, purchase_words(each)) for each in lines]  # type: ignore[attr-defined]

    def clean_lines(self) -> list[int]:
        return [int(each) for each in self.cleaned_data["lines"]]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("quantity") is not None and len(said.get("lines", ())) != 1:
            self.add_error("quantity", _("Choose the one line it is of."))
        return said


def purchase_words(line: Purchase) -> str:
    """A purchase in one line."""
    parts = [
        date_format(localtime(line.bought_at), "Y-m-d"), line.order_key, line.what(), f"× {line.shown_quantity()}",
        line.shown_amount(), came_back_words(line),
    ]  # fmt: skip
    return " · ".join(part for part in parts if part)


def came_back_words(line: Purchase) -> str:
    return {"whole": _("came back in full"), "part": _("came back in part")}.get(line.came_back, "")
