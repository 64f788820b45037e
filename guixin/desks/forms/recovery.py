"""Forms of a recovery and its steps, and of what is handed over to the customer."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.authority import AmountForm
from guixin.desks.forms.base import ActForm, PersonField, line, text
from guixin.ledger.clock import database_now
from guixin.recover.models import Fault, Justice, Recovery, StepKind
from guixin.serve.models import Failure
from guixin.web import money


class FaultForm(ActForm):
    """Of a case, or of its recovery."""

    fault = forms.ChoiceField(label=_("Whose fault was it?"), choices=Fault, widget=forms.RadioSelect)
    failure = forms.ChoiceField(
        label=_("What did it do to the customer?"), required=False,
        choices=[("", _("As the words of the case say")), *Failure.choices],
    )  # fmt: skip

    def prepare(self) -> None:
        if isinstance(self.noun, Recovery):
            self.initial = {"fault": self.noun.fault, "failure": self.noun.failure}


class StepForm(ActForm):
    kind = forms.ChoiceField(label=_("What is done"), choices=StepKind)
    owner = PersonField(label=_("By whom"))
    words = text(_("What exactly"), rows=2)
    justice = forms.ChoiceField(
        label=_("What it answers to"),
        choices=[("", _("As usual for what is done")), *Justice.choices],
        required=False,
    )


class StepDoneForm(ActForm):
    said = text(_("What was said"), rows=3)


class StepOwnerForm(ActForm):
    owner = PersonField(label=_("By whom"))


class StepPromiseForm(AmountForm):
    amount = line(_("Sum"), widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
    currency = line(_("Currency"), max_length=3, initial=money.firm_currency)
    reason = text(
        _("What it is for"), rows=2, help_text=_("Above your limit it goes up by itself, with these words.")
    )

    def prepare(self) -> None:
        if self.noun.amount:
            self.initial = {
                "amount": money.written(self.noun.amount, self.noun.currency), "currency": self.noun.currency,
            }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        try:
            said["currency"] = money.currency_code(said.get("currency", ""))
            said["amount"] = self.clean_amount_of("goodwill", said.get("amount", ""), said["currency"])
        except money.NotMoney as why:
            self.add_error("amount", str(why))
        return said


class WhyForm(ActForm):
    reason = text(_("Why"), rows=2)


class SkipForm(ActForm):
    justice = forms.ChoiceField(label=_("What is skipped"), choices=Justice, widget=forms.RadioSelect)
    reason = text(_("Why"), rows=2)

    def prepare(self) -> None:
        from guixin.recover.plans import justices_not_addressed

        missing = [(each.value, each.label) for each in justices_not_addressed(self.noun)]
        self.fields["justice"].choices = missing  # type: ignore[attr-defined]


class EndNoteForm(ActForm):
    note = text(_("How the customer took it"), rows=2)


class HandOverForm(ActForm):
    """What was promised reached the customer."""

    given_on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=lambda: timezone.localdate(database_now()),
        error_messages={"required": _("Give the day."), "invalid": _("Give a day.")},
    )
    reference = line(_("Number of the payment, voucher or parcel"))
