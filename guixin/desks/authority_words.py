"""The authority matrix in words: whose a line is, how far it goes, and for what."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guixin.organisation.decisions import DECISIONS, Decision, Unit
from guixin.organisation.in_force import Standing
from guixin.organisation.models import Grant, Rank
from guixin.serve.models import Case

RANKS = dict(Rank.choices)
KINDS = dict(Case.Kind.choices)


@dataclass(frozen=True)
class Line:
    """One line of the table. `each` is its limit for one decision, the others are blank where there is none."""

    grant: Grant
    decision: Decision
    who: str
    each: str
    case: str
    customer: str
    period: str
    conditions: str


def whose(grant: Grant) -> str:
    language = get_language() or "zh-hans"
    if grant.position is not None:
        return grant.position.shown_name(language)
    words = _("%(rank)s and above") % {"rank": RANKS.get(grant.rank or 0, _("Rank %s") % grant.rank)}
    return f"{grant.department.shown_name(language)} · {words}" if grant.department else words


def written(decision: Decision, amount: int | None, currency: str) -> str:
    """A limit: nothing means that it must be asked for."""
    if amount is None:
        return ""
    if amount == 0:
        return _("must be asked for")
    if decision.unit == Unit.TIMES:
        return _("%s ×") % amount
    return decision.written(amount, currency)


def line_of(grant: Grant) -> Line:
    decision = DECISIONS.get(grant.decision) or Decision(grant.decision, grant.decision, Unit.TIMES, "")
    if grant.unlimited:
        limits = [_("without limit"), "", "", ""]
    else:
        limits = [
            written(decision, amount, grant.currency)
            for amount in (grant.limit_each, grant.limit_case, grant.limit_customer, grant.limit_period)
        ]
    conditions = [str(KINDS.get(kind, kind)) for kind in grant.for_kinds]
    if grant.up_to_severity is not None:
        conditions.append(_("severity up to %s") % Case.Severity(grant.up_to_severity).label)
    if grant.not_on_repeat:
        conditions.append(_("not for a repeat complaint"))
    days = _(" in %(n)s days") % {"n": grant.period_days}
    return Line(
        grant, decision, whose(grant), limits[0], limits[1], limits[2] and limits[2] + days,
        limits[3] and limits[3] + days, _(", ").join(map(str, conditions)),
    )  # fmt: skip


def by_decision(grants: Iterable[Grant]) -> list[tuple[Decision, list[Line]]]:
    """The table as it is read: decision by decision, those who may least first."""
    lines: dict[str, list[Line]] = {}
    for grant in sorted(grants, key=lambda g: (g.currency, g.unlimited, g.limit_each, g.pk or 0)):
        lines.setdefault(grant.decision, []).append(line_of(grant))
    return [(lines[code][0].decision, lines[code]) for code in DECISIONS if code in lines]


def how(standing: Standing, names: dict[int, str]) -> str:
    if standing.how == "lent":
        return _("lent by %s") % names.get(standing.principal_id, "")
    if standing.how == "deputy":
        return _("in place of %s, for requests of others") % names.get(standing.principal_id, "")
    return ""


def limit_words(standing: Standing | None, decision: Decision, currency: str) -> str:
    """For a comparison: what one may decide, in one phrase."""
    if standing is None:
        return _("nothing")
    if standing.limit is None:
        return _("without limit")
    line = line_of(standing.grant)
    more: list[Any] = [
        _("%s a case") % line.case if line.case else "",
        _("%s a customer") % line.customer if line.customer else "",
        _("%s altogether") % line.period if line.period else "",
        line.conditions,
    ]
    return _("; ").join(filter(None, [written(decision, standing.limit, currency), *more]))
