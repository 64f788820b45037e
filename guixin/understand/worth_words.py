"""Why a customer has their grade, and what changed since last time, in the reader's words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guixin.understand.models import CustomerWorth
from guixin.web import money

WHY_NOT_TOLD = {
    "few_repeaters": gettext_lazy("Too few customers came back to estimate what each will still buy; the grade does without it."),
    "no_repeats": gettext_lazy("Too few customers came back to estimate what each will still buy; the grade does without it."),
    "no_optimum": gettext_lazy("The purchases do not show when customers leave, so what each will still buy cannot be estimated; the grade does without it."),
    "frequency_tells_value": gettext_lazy("Customers who buy often also spend differently each time, which the estimate of lifetime value must not assume away; the grade does without it."),
    "no_mean": gettext_lazy("What customers spend varies too much to estimate a lifetime value; the grade does without it."),
}  # fmt: skip


def why(worth: CustomerWorth) -> list[str]:
    """The facts behind the letter, the most telling first."""
    currency, share = money.firm_currency(), worth.reasons.get("share", 0)
    sums = {"net": money.shown(worth.net, currency), "returned": money.shown(worth.returned, currency)}
    said = []
    if worth.reasons.get("capped") == "net_not_positive":
        said.append(_("Nothing is left of what they bought: %(returned)s came back.") % sums)
    else:
        said.append(_("Among the best %(percent)s %% of customers.") % {"percent": _percent(share)})
    if worth.reasons.get("capped") == "few_orders":
        said.append(_("Too few orders for the best grade yet."))
    orders = ngettext("%(n)s order", "%(n)s orders", worth.orders) % {"n": worth.orders}
    said.append(_("%(orders)s, %(net)s net (frequency %(f)s of 5, money %(m)s of 5).") % {
        "orders": orders, "net": sums["net"], "f": worth.f, "m": worth.m})  # fmt: skip
    if worth.returned and not worth.reasons.get("capped"):
        said.append(_("%(returned)s of it came back.") % sums)
    last = ngettext(
        "Last bought %(days)s day before the grading (recency %(r)s of 5).",
        "Last bought %(days)s days before the grading (recency %(r)s of 5).",
        worth.recency_days,
    )
    said.append(last % {"days": worth.recency_days, "r": worth.r})
    if worth.alive is not None:
        said.append(
            _("Still a customer with a probability of %(percent)s %%.")
            % {"percent": round(worth.alive * 100)}
        )
    if worth.lifetime_value is not None:
        value = money.shown(worth.lifetime_value, currency)
        said.append(_("Expected to bring %(value)s within the horizon of the rules.") % {"value": value})
    elif reason := worth.grading.model.get("reason"):
        said.append(str(WHY_NOT_TOLD.get(reason, reason)))
    return said


def since_last_time(worth: CustomerWorth) -> list[str]:
    """What moved since the grading before; nothing for a first grade."""
    before: Mapping[str, Any] = worth.reasons.get("before") or {}
    if not before:
        return []
    said = []
    if before["grade"] != worth.grade:
        said.append(_("Grade %(before)s became %(now)s.") % {"before": before["grade"], "now": worth.grade})
    if more := worth.orders - before["orders"]:
        net = money.shown(worth.net - before["net"], money.firm_currency())
        orders = ngettext("%(n)s order more", "%(n)s orders more", more) % {"n": more}
        said.append(_("%(orders)s, net %(net)s.") % {"orders": orders, "net": net})
    elif worth.returned > before.get("returned", 0):
        back = money.shown(worth.returned - before.get("returned", 0), money.firm_currency())
        said.append(_("%(returned)s came back.") % {"returned": back})
    else:
        said.append(_("No new order."))
    for name, words in (("r", _("recency")), ("f", _("frequency")), ("m", _("money"))):
        if before[name] != getattr(worth, name):
            said.append(_("Score for %(what)s from %(before)s to %(now)s.") % {
                "what": words, "before": before[name], "now": getattr(worth, name)})  # fmt: skip
    if worth.candidate:
        said.append(_("The figures point to %(grade)s; it takes effect if they still do in the next period.") % {
            "grade": worth.candidate})  # fmt: skip
    return said


def _percent(share: float) -> str:
    """1 for the first hundredth: the best customer of ten thousand is among the best 1 %."""
    return str(max(int(share * 100) + 1, 1))
