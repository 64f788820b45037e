"""A line of the authority matrix, as an administrator writes it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guixin.desks.forms.base import line as one_line
from guixin.desks.lists import Lists
from guixin.organisation.decisions import DECISIONS, Unit
from guixin.organisation.models import Department, Grant, Position, Rank
from guixin.serve.models import Case
from guixin.web import money

LIMITS = ("limit_each", "limit_case", "limit_customer", "limit_period")


class GrantForm(forms.Form):
    """Limits are written as money, hours or times, and come out as `granting.put_grant` wants them."""

    decision = forms.ChoiceField(label=_("Decision"))
    position = forms.ChoiceField(label=_("Position"), required=False)
    rank = forms.TypedChoiceField(
        label=_("Or this rank and above"), coerce=int, empty_value=None, required=False
    )
    department = forms.ChoiceField(label=_("Only in"), required=False)
    currency = one_line(_("Currency"), max_length=3, help_text=_("Only for money."))
    unlimited = forms.BooleanField(label=_("Without any limit"), required=False)
    limit_each = one_line(
        _("Limit each time"), help_text=_("Money, hours or times. 0: it must be asked for.")
    )
    limit_case = one_line(_("Limit of one case"), help_text=_("Blank: as each time."))
    limit_customer = one_line(_("Limit for one customer in the period"))
    limit_period = one_line(_("Limit altogether in the period"))
    period_days = forms.IntegerField(label=_("Days of the period"), min_value=1, max_value=3660, initial=30)
    for_kinds = forms.MultipleChoiceField(
        label=_("Only for"), choices=Case.Kind.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    up_to_severity = forms.TypedChoiceField(
        label=_("Severity at most"), coerce=int, empty_value=None, required=False
    )
    not_on_repeat = forms.BooleanField(label=_("Not for a repeat complaint"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices: dict[str, list] = {
            "decision": [(code, each.name) for code, each in DECISIONS.items()],
            "position": [
                ("", _("none")),
                *((p.pk, p.title) for p in Position.objects.order_by("department__path", "-rank")),
            ],
            "rank": [("", _("none")), *Rank.choices],
            "department": Lists().departments(str(_("the whole firm"))),
            "up_to_severity": [("", _("any")), *Case.Severity.choices],
        }
        for name, some in choices.items():
            self.fields[name].choices = some  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(line: Grant | None) -> dict[str, Any]:
        if line is None:
            return {"currency": money.firm_currency(), "period_days": 30}
        said = {name: getattr(line, name) for name in ("decision", "rank", "currency", "unlimited", "period_days", "for_kinds", "up_to_severity", "not_on_repeat")}  # fmt: skip
        said |= {"position": line.position_id or "", "department": line.department_id or ""}
        for name in LIMITS:
            amount = getattr(line, name)
            said[name] = "" if amount is None else _as_written(line.decision, amount, line.currency)
        return said

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        decision = DECISIONS.get(said.get("decision", ""))
        if decision is None:
            return said
        try:
            said["currency"] = (
                money.currency_code(said.get("currency", "")) if decision.unit == Unit.MONEY else ""
            )
        except money.NotMoney as why:
            self.add_error("currency", str(why))
            return said
        for name in LIMITS:
            written = (said.get(name) or "").strip()
            if not written:
                said[name] = 0 if name == "limit_each" else None
                if name == "limit_each" and not said.get("unlimited"):
                    self.add_error(name, _("Write a limit; 0 means that it must be asked for."))
                continue
            try:
                said[name] = _read(decision.unit, written, said["currency"])
            except money.NotMoney as why:
                self.add_error(name, str(why))
        return said

    def terms(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        position, department = said.pop("position"), said.pop("department")
        said["position_id"] = Position.objects.get(pk=position).pk if position else None
        said["department_id"] = Department.objects.get(pk=department).pk if department else None
        return said


def _read(unit: Unit, written: str, currency: str) -> int:
    value: Decimal = money.number(written)
    if unit == Unit.MONEY:
        return money.minor_units(value, currency)
    if abs(value) > 1_000_000:
        raise money.NotMoney(_("“%s” is too much to be meant.") % written)
    return int(value * 60) if unit == Unit.MINUTES else int(value)


def _as_written(decision: str, amount: int, currency: str) -> str:
    unit = DECISIONS[decision].unit
    if unit == Unit.MONEY:
        return money.written(amount, currency)
    return f"{amount / 60:g}" if unit == Unit.MINUTES else str(amount)


class PublishForm(forms.Form):
    note = one_line(_("What changed, for those who read the table"))
