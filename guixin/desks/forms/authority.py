"""Forms for deciding by the authority matrix: money on a case, requests, lending, lines of the table."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import ActForm, PersonField, instant, line, text
from guixin.ledger.clock import database_now
from guixin.organisation.decisions import DECISIONS, Unit
from guixin.serve.models import Goodwill, Stake
from guixin.serve.stakes import latest_orders
from guixin.web import money


class AmountForm(ActForm):
    """An amount in the unit of its decision, as people write it; cleans to minor units, minutes or times."""

    def clean_amount_of(self, decision: str, written: str, currency: str) -> int:
        unit = DECISIONS[decision].unit
        value = money.number(written)
        if unit == Unit.MONEY:
            return money.minor_units(value, currency)
        return int(value * 60) if unit == Unit.MINUTES else int(value)


class PriceForm(AmountForm):
    """Of a case: an order of its customer, or a sum."""

    order = forms.ChoiceField(label=_("Order it stands in"), required=False)
    amount = line(
        _("Sum"), help_text=_("Blank: all of the order."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    currency = line(_("Currency"), max_length=3, initial=money.firm_currency)

    def prepare(self) -> None:
        orders = [(each, each) for each in latest_orders(self.noun)]
        self.fields["order"].choices = [("", _("No order: the sum alone")), *orders]  # type: ignore[attr-defined]
        if stake := Stake.objects.filter(case=self.noun).first():
            self.initial = {
                "order": stake.order, "amount": money.written(stake.amount, stake.currency), "currency": stake.currency,
            }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        try:
            said["currency"] = money.currency_code(said.get("currency", ""))
            written = said.get("amount", "")
            said["amount"] = self.clean_amount_of("goodwill", written, said["currency"]) if written else None
        except money.NotMoney as why:
            self.add_error("amount", str(why))
        return said


class GoodwillForm(AmountForm):
    kind = forms.ChoiceField(label=_("What is given"), choices=Goodwill.Kind, required=False)
    amount = line(_("Sum"), widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
    currency = line(_("Currency"), max_length=3, initial=money.firm_currency)
    reason = text(
        _("What it is for"), rows=2, help_text=_("Above your limit it goes up by itself, with these words.")
    )

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Goodwill.Kind.GOODWILL

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        try:
            said["currency"] = money.currency_code(said.get("currency", ""))
            said["amount"] = self.clean_amount_of("goodwill", said.get("amount", ""), said["currency"])
        except money.NotMoney as why:
            self.add_error(
                "amount" if "currency" in said and said["currency"] in money.CURRENCIES else "currency",
                str(why),
            )
        return said


class NoteForm(ActForm):
    note = line(_("Note"))


class RefusalForm(ActForm):
    note = text(_("Why not"), rows=2)


class WordForm(ActForm):
    body = text(_("What you want to know, or the answer"), rows=3)


class WithdrawForm(ActForm):
    """Nothing but the button."""


def _in_a_week() -> datetime:
    return database_now() + timedelta(days=7)


class LendForm(AmountForm):
    decision = forms.ChoiceField(label=_("Authority for"))
    amount = line(_("Up to, altogether"), help_text=_("Money, or hours of working time."))
    currency = line(_("Currency"), max_length=3, initial=money.firm_currency, help_text=_("Only for money."))
    borrower = PersonField(label=_("To"))
    from_at = instant(_("From"), initial=database_now)
    to_at = instant(_("Until"), initial=_in_a_week)
    reason = line(_("Reason"))

    def prepare(self) -> None:
        own = self.noun or []
        self.fields["decision"].choices = [(code, DECISIONS[code].name) for code in own]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if (code := said.get("decision", "")) not in DECISIONS:
            return said
        try:
            is_money = DECISIONS[code].unit == Unit.MONEY
            said["currency"] = money.currency_code(said.get("currency", "")) if is_money else ""
            said["amount"] = self.clean_amount_of(code, said.get("amount", ""), said["currency"])
        except money.NotMoney as why:
            self.add_error("amount", str(why))
        return said
