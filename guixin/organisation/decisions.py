"""What may be decided by the authority matrix, in which unit, and which amounts can be meant."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from guixin.ledger.wording import coded
from guixin.web import money
from guixin.web.refusals import Refused


class Unit(StrEnum):
    MONEY = "money"  # minor units of a currency
    MINUTES = "minutes"  # of working time
    TIMES = "times"  # there is no amount: it is done or not


@dataclass(frozen=True)
class Decision:
    """Something that may be decided. Those of one `pot` count together, so that another route is no other limit."""

    code: str
    name: Any
    unit: Unit
    pot: str

    def written(self, amount: int, currency: str = "") -> str:
        """The amount in the reader's words."""
        if self.unit == Unit.MONEY:
            return money.shown(amount, currency)
        return hours(amount) if self.unit == Unit.MINUTES else str(amount)


def hours(minutes: int) -> str:
    """Working time in hours; days are longer in one calendar than in another."""
    return _("%(hours)s working hours") % {"hours": f"{minutes / 60:.2f}".rstrip("0").rstrip(".")}


DECISIONS: dict[str, Decision] = {
    each.code: each
    for each in (
        Decision("extension", _("Grant more time"), Unit.MINUTES, "time"),
        Decision("goodwill", _("Goodwill promised to the customer"), Unit.MONEY, "spending"),
        Decision("refund", _("Refund"), Unit.MONEY, "spending"),
        Decision("replacement", _("Replacement, at its value"), Unit.MONEY, "spending"),
        Decision("credit", _("Credit"), Unit.MONEY, "spending"),
        Decision("gift", _("Gift"), Unit.MONEY, "spending"),
        Decision("price_concession", _("Price concession"), Unit.MONEY, "spending"),
        Decision("reception", _("Reception of visitors"), Unit.MONEY, "reception"),
        Decision("emergency", _("Emergency path"), Unit.TIMES, "emergency"),
        Decision("overrule_routing", _("Overrule the routing"), Unit.TIMES, "overrule_routing"),
        Decision("override_grade", _("Override a customer's grade"), Unit.TIMES, "override_grade"),
    )
}
coded("decision", {code: decision.name for code, decision in DECISIONS.items()}.items())


class BadAmount(Refused):
    """The amount is not one that can be decided over."""

    about_input = True


def checked(decision: str, amount: int, currency: str) -> Decision:
    """The decision, if the amount is one it can have. Raises BadAmount."""
    if (known := DECISIONS.get(decision)) is None:
        raise BadAmount(_("There is no decision called “%s”.") % decision)
    if amount <= 0:
        raise BadAmount(_("The amount must be more than nothing."))
    if amount >= money.LARGEST:
        raise BadAmount(_("The amount is too large to be meant."))
    if known.unit == Unit.MONEY:
        try:
            if money.currency_code(currency) != currency:
                raise BadAmount(_("Write the currency in its three letters, such as CNY."))
        except money.NotMoney as why:
            raise BadAmount(str(why)) from why
    elif currency:
        raise BadAmount(_("Only money has a currency."))
    elif known.unit == Unit.TIMES and amount != 1:
        raise BadAmount(_("This is decided once at a time."))
    return known
