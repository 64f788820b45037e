"""What a firm file says about the authority matrix. Imported by `firm_sections`."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from guixin.organisation import granting
from guixin.organisation.decisions import DECISIONS, Unit
from guixin.organisation.firm import Loading, section
from guixin.organisation.models import Department, Position
from guixin.web import money

_SPAN = re.compile(r"^(\d+)\s*(m|h)$")
LIMITS = {
    "limit": "limit_each",
    "case": "limit_case",
    "customer": "limit_customer",
    "altogether": "limit_period",
}


@section("authority")
def load_authority(entries, loading: Loading) -> None:
    """[[authority]] decision = "goodwill", position = "desk-head" or rank = 2 (and above), department, currency,
    limit = 200 ("8h" for time, "unlimited", 0: must be asked for), case, customer, altogether, days = 30,
    kinds = ["complaint"], severity = 2 (at most), not_on_repeat.

    The list is the whole table: a changed one is published as its next version.
    """
    lines, places = [], []
    for number, entry in loading.each(entries):
        loading.known_keys(
            entry, "decision", "position", "rank", "department", "currency", *LIMITS, "days", "kinds", "severity",
            "not_on_repeat",
        )  # fmt: skip
        lines.append(_line(entry, loading))
        places.append(number)
    draft = granting.Matrix()
    for number, line in zip(places, lines, strict=True):
        loading.entry = number
        try:
            granting.check_line(draft, line)
        except granting.CannotGrant as why:
            raise loading.refuse(str(why)) from why
    loading.entry = ""
    if lines and granting.publish_lines(lines, by=None, now=loading.now):
        loading.created["Matrix"] += 1


def _line(entry: Mapping, loading: Loading) -> dict[str, Any]:
    decision = DECISIONS.get(loading.needed(entry, "decision"))
    if decision is None:
        raise loading.refuse(_("There is no decision called “%s”.") % entry["decision"])
    currency = ""
    if decision.unit == Unit.MONEY:
        try:
            currency = money.currency_code(entry.get("currency", money.firm_currency()))
        except money.NotMoney as why:
            raise loading.refuse(str(why)) from why
    position, department = entry.get("position"), entry.get("department")
    limits = {
        field: _limit(entry[key], decision.unit, currency, loading) if key in entry else None
        for key, field in LIMITS.items()
    }
    unlimited = entry.get("limit") == "unlimited"
    if "limit" not in entry:
        raise loading.refuse(_("“%(key)s” is missing.") % {"key": "limit"})
    return {
        "decision": decision.code,
        "position_id": loading.find(Position, _("position"), code=position).pk if position else None,
        "rank": entry.get("rank"),
        "department_id": loading.find(Department, _("department"), code=department).pk
        if department
        else None,
        "currency": currency,
        "unlimited": unlimited,
        **limits,
        "limit_each": limits["limit_each"] or 0,
        "period_days": entry.get("days", 30),
        "for_kinds": list(entry.get("kinds", [])),
        "up_to_severity": entry.get("severity"),
        "not_on_repeat": bool(entry.get("not_on_repeat", False)),
    }


def _limit(written: object, unit: Unit, currency: str, loading: Loading) -> int | None:
    if written == "unlimited":
        return None
    try:
        if unit == Unit.MONEY:
            return money.minor_units(money.number(str(written)), currency)
        if unit == Unit.MINUTES:
            if written == 0:
                return 0
            if not (found := _SPAN.match(str(written))):
                raise loading.refuse(
                    _("“%(written)s” is not working time. Write for example 30m or 8h.")
                    % {"written": written}
                )
            return int(found[1]) * (60 if found[2] == "h" else 1)
        return int(money.number(str(written)))
    except money.NotMoney as why:
        raise loading.refuse(str(why)) from why
