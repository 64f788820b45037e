"""The lifecycle of the business or of a product line: stage, evidence and what fits it; each number opens its customers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation.access import scope_of
from guixin.serve.overview import sees_all
from guixin.understand import lifecycle
from guixin.understand.lifecycle import Course, Length, Period
from guixin.understand.models import Customer
from guixin.understand.stages import LEAST_ACTIVE, LOOKED_AT, Growth, Stage, Verdict, WhyUnknown
from guixin.web import charts, money
from guixin.web.charts import Series

PAGE = 50


@dataclass(frozen=True)
class Advice:
    """A stage in words: what it is, what to look at, and the strategy that fits."""

    words: Any
    means: Any
    look_at: Any
    strategy: tuple[Any, ...]


STAGES = {
    Stage.INTRODUCTION: Advice(
        gettext_lazy("Introduction"),
        gettext_lazy("Most who buy are new, and their number does not grow yet."),
        gettext_lazy("Customers who buy in the period, new customers, how many come back."),
        (
            gettext_lazy("Find out what the first customers need: visit them, and write down what they expect."),
            gettext_lazy("Make the first purchase easy and safe: trial, advice, quick answers, generous remedies."),
            gettext_lazy("Few promises, all of them kept; learn from every complaint before there are many."),
        ),
    ),
    Stage.GROWTH: Advice(
        gettext_lazy("Growth"),
        gettext_lazy("The number of customers who buy rises."),
        gettext_lazy("Cumulative customers, share, and whether new customers come back."),
        (
            gettext_lazy("Staff and standards grow before the contacts do; late answers cost the most now."),
            gettext_lazy("Turn first purchases into second ones: follow up on new customers."),
            gettext_lazy("Let satisfied customers bring others, and watch whether retention holds."),
        ),
    ),
    Stage.MATURITY: Advice(
        gettext_lazy("Maturity"),
        gettext_lazy("The number of customers who buy holds its level."),
        gettext_lazy("Retention, share, dormant customers, value by segment."),
        (
            gettext_lazy("Tell customers apart: promise more to those who are worth it, by segment and service package."),
            gettext_lazy("Keeping costs less than winning: look after dormant customers before they are gone."),
            gettext_lazy("Remove the weakest link and what costs without being noticed."),
        ),
    ),
    Stage.DECLINE: Advice(
        gettext_lazy("Decline"),
        gettext_lazy("The number of customers who buy falls."),
        gettext_lazy("Dormant and lost customers, why they left, value of those who stay."),
        (
            gettext_lazy("Ask those who left for the reason; low value and unnoticed value need different answers."),
            gettext_lazy("Keep the promises to those who stay, above all to the valuable ones."),
            gettext_lazy("Offer what comes next in time, or end it in order: spare parts, service, notice."),
        ),
    ),
}  # fmt: skip
WHICH = {
    "active": gettext_lazy("Bought in the period"),
    "new": gettext_lazy("New"),
    "retained": gettext_lazy("Bought in the period before too"),
    "reactivated": gettext_lazy("Came back"),
    "dormant": gettext_lazy("Dormant"),
    "cumulative": gettext_lazy("Ever bought"),
}


def _must_see(request: SignedIn) -> None:
    if not sees_all(scope_of(request.user)):
        raise PermissionDenied(_("The lifecycle is for those who may see every customer."))


def _asked(request: SignedIn) -> tuple[str, str]:
    """The product line (blank: the business) and the length of the periods."""
    line, length = request.GET.get("line", ""), request.GET.get("length", Length.MONTH)
    if length not in Length.values or (line and line not in lifecycle.lines()):
        raise Http404
    return line, length


@signed_in
@require_safe
def show(request: SignedIn) -> HttpResponse:
    _must_see(request)
    line, length = _asked(request)
    now = database_now()
    seen = lifecycle.course(line, length, now)
    latest = seen.latest
    return page(
        request,
        "desks/lifecycle.html",
        {
            "line": line,
            "length": length,
            "lengths": Length.choices,
            "lines": lifecycle.lines(),
            "seen": seen,
            "advice": STAGES.get(seen.verdict.stage),
            "evidence": evidence(seen.verdict, length),
            "latest": latest,
            "label": label(latest.row.begins, length) if latest else "",
            "figures": _figures(seen, latest) if latest else [],
            "charts": _charts(seen) if seen.periods else [],
            "counted_at": seen.periods[-1].row.counted_at if seen.periods else None,
            "now": now,
        },
    )


def label(begins: date, length: str) -> str:
    """2026-03 · 2026 Q1."""
    if length == Length.MONTH:
        return f"{begins:%Y-%m}"
    return f"{begins.year} Q{(begins.month + 2) // 3}"


def _percent(rate: float) -> str:
    return f"{100 * rate:+.1f} %"


def evidence(verdict: Verdict, length: str) -> list[str]:
    """What the stage rests on, or why none can be told, in sentences."""
    said = []
    if verdict.growth:
        said.append(_growth_in_words(verdict.growth, length))
    if verdict.new_share is not None:
        said.append(_("%s of those who bought were new.") % f"{100 * verdict.new_share:.0f} %")
    if verdict.why_unknown == WhyUnknown.TOO_FEW_PERIODS:
        said.append(_("Not enough data: a stage needs %s complete periods.") % LOOKED_AT)
    elif verdict.why_unknown == WhyUnknown.TOO_FEW_CUSTOMERS:
        said.append(
            _("Not enough data: with fewer than %s customers a period, chance decides.") % LEAST_ACTIVE
        )
    elif verdict.why_unknown == WhyUnknown.TOO_WIDE:
        said.append(_("Not enough data: the numbers go up and down too much to tell a direction."))
    if verdict.growth and not verdict.growth.by_year:
        said.append(
            _("A season looks like growth or decline: with a year and a half of data the same periods of the year"
              " before are compared instead.")
        )  # fmt: skip
    return said


def _growth_in_words(growth: Growth, length: str) -> str:
    a_period = pgettext("growth", "a month") if length == Length.MONTH else pgettext("growth", "a quarter")
    words = (
        _("Compared with the year before, the customers who buy changed by %(rate)s %(period)s over the last"
          " %(n)s periods; 95 %% interval %(low)s to %(high)s.")
        if growth.by_year
        else _("The customers who buy changed by %(rate)s %(period)s over the last %(n)s periods; 95 %% interval"
               " %(low)s to %(high)s.")
    )  # fmt: skip
    return words % {
        "rate": _percent(growth.rate), "period": a_period, "n": growth.periods, "low": _percent(growth.low),
        "high": _percent(growth.high),
    }  # fmt: skip


def _opens(line: str, length: str) -> Callable[[str, date], str]:
    return lambda which, begins: (
        f"{reverse('lifecycle_customers')}?"
        f"{urlencode({'which': which, 'line': line, 'length': length, 'begins': begins.isoformat()})}"
    )


def _figures(seen: Course, latest: Period) -> list[dict[str, Any]]:
    """The numbers of the last complete period, each with the address of its customers."""
    opens, row = _opens(seen.line, seen.length), latest.row
    figures = [
        {"words": words, "value": f"{getattr(row, which):,}", "address": opens(which, row.begins)}
        for which, words in WHICH.items()
    ]
    if latest.retention is not None and latest.interval:
        low, high = latest.interval
        figures.append(
            {"words": _("Retention"), "value": f"{100 * latest.retention:.0f} %", "more": f"{100 * low:.0f}–{100 * high:.0f} %"}
        )  # fmt: skip
    figures.append(
        {"words": _("Purchases, net"), "value": money.shown(row.net, money.firm_currency(), rounded=True)}
    )
    if latest.share_of_customers is not None:
        figures.append(
            {"words": _("Share of customers"), "value": f"{100 * latest.share_of_customers:.1f} %"}
        )
    if latest.share_of_value is not None:
        figures.append({"words": _("Share of value"), "value": f"{100 * latest.share_of_value:.1f} %"})
    return figures


def _charts(seen: Course) -> list[charts.Chart]:
    complete = [each for each in seen.periods if each.is_complete]
    labels, opens = [label(each.row.begins, seen.length) for each in complete], _opens(seen.line, seen.length)

    def series(which: str, look: int = 0) -> Series:
        values = [getattr(each.row, which) for each in complete]
        links = [
            opens(which, each.row.begins) if value else ""
            for each, value in zip(complete, values, strict=True)
        ]
        return Series(WHICH[which], values, links=links, look=look)

    first = _("Period")
    drawn = [
        charts.bars(
            _("Customers who buy: new, come back, kept"), labels,
            [series("retained", 1), series("reactivated", 3), series("new", 2)], stacked=True, first=first,
        ),
        charts.lines(
            _("Customers ever, and those dormant"), labels, [series("cumulative"), series("dormant")], first=first
        ),
        charts.lines(
            _("Retention, with its 95 % interval"), labels,
            [
                Series(
                    _("Retention"), [each.retention for each in complete],
                    [each.interval[0] if each.interval else None for each in complete],
                    [each.interval[1] if each.interval else None for each in complete],
                )
            ],
            percent=True, first=first,
        ),
    ]  # fmt: skip
    if seen.line:
        shares = [
            Series(_("Share of customers"), [each.share_of_customers for each in complete]),
            Series(_("Share of value"), [each.share_of_value for each in complete]),
        ]
        drawn.append(charts.lines(_("Share in the business"), labels, shares, percent=True, first=first))
    return drawn


@signed_in
@require_safe
def customers(request: SignedIn) -> HttpResponse:
    """Exactly the customers counted in one number, masked."""
    _must_see(request)
    line, length = _asked(request)
    which, after = request.GET.get("which", ""), request.GET.get("after", "")
    begins = _begins(request.GET.get("begins", ""), length)
    if which not in lifecycle.WHICH or begins is None:
        raise Http404
    ids = lifecycle.customers(
        which,
        line,
        length,
        begins,
        after=int(after) if after.isdecimal() and len(after) < 19 else 0,
        size=PAGE + 1,
    )
    found = Customer.objects.prefetch_related("identities").in_bulk(ids[:PAGE])
    return page(
        request,
        "desks/lifecycle_customers.html",
        {
            "line": line, "length": length, "label": label(begins, length), "words": WHICH[which],
            "rows": [found[pk].shown_to(request.user) for pk in ids[:PAGE]],
            "after": ids[PAGE - 1] if len(ids) > PAGE else None, "is_first": not after,
            "back": f"{reverse('lifecycle')}?{urlencode({'line': line, 'length': length})}",
        },
    )  # fmt: skip


def _begins(text: str, length: str) -> date | None:
    """The first day of a month or of a quarter."""
    try:
        begins = date.fromisoformat(text)
    except ValueError:
        return None
    is_first = begins.day == 1 and (length == Length.MONTH or begins.month % 3 == 1)
    return begins if is_first and 1970 <= begins.year <= 2200 else None
