"""Causes: which few make most of the cases, how they go week by week, and exactly the cases behind each number."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.serve import causes, queues
from guixin.serve.causes import BY, WEIGHTS, Asked, BadSpan, Bar, Pareto
from guixin.serve.models import Case, Surge
from guixin.serve.overview import may_oversee
from guixin.web import charts
from guixin.web.charts import Cell, Chart, Line, Scale, Series


def _asked(request: SignedIn) -> tuple[Asked, str]:
    """What the address asks for; where it asks for what is not there, the usual and the reason."""
    if not may_oversee(request.user):
        raise Http404
    said = {name: request.GET.get(name, "")[:40] for name in ("by", "weight")}
    said |= {"first": request.GET.get("from", "")[:10], "last": request.GET.get("to", "")[:10]}
    now = database_now()
    try:
        return Asked.read(now, kind=request.GET.get("kind"), **said), ""
    except BadSpan as refused:
        return Asked.read(now), str(refused)


def address_of(asked: Asked, **more: str) -> str:
    said = {"by": asked.by, "from": asked.first.isoformat(), "to": asked.last.isoformat(), "kind": asked.kind}
    return urlencode(said | {"weight": asked.weight} | more)


@signed_in
@require_safe
def show(request: SignedIn) -> HttpResponse:
    asked, refusal = _asked(request)
    seen = causes.pareto(asked, request.user)
    return page(
        request,
        "desks/causes.html",
        {
            "asked": asked, "refusal": refusal, "seen": seen, "by": BY, "weights": WEIGHTS, "kinds": Case.Kind.choices,
            "pareto": pareto_chart(seen) if seen.bars else None,
            "trend": trend_chart(seen) if seen.bars else None,
            "few": _few_in_words(seen) if len(seen.bars) > 1 else "",
            "unclassified": f"{reverse('cause_cases')}?{address_of(asked, value='')}",
            "everything": f"{reverse('cause_cases')}?{address_of(asked, every='1')}",
            "surges": Surge.objects.visible_to(request.user).waiting().count(),
        },
        status=422 if refusal else 200,
    )  # fmt: skip


def _few_in_words(seen: Pareto) -> str:
    return _("%(few)s of %(all)s make %(share)s of what is classified.") % {
        "few": seen.few, "all": len(seen.bars), "share": f"{seen.bars[seen.few - 1].together:.0%}",
    }  # fmt: skip


def _link(asked: Asked, bar: Bar) -> str:
    return f"{reverse('cause_cases')}?{address_of(asked, value=bar.value)}"


def pareto_chart(seen: Pareto) -> Chart:
    """Bars by rank, and the line of what they make together; both on the scale of all, so that the line ends on top."""
    shown, asked = seen.bars[: causes.SHOWN], seen.asked
    weights = [bar.weighing(asked.weight) for bar in shown]
    whole = round(weights[0] / shown[0].share) if shown[0].share else 1
    labels = [str(rank) for rank in range(1, len(shown) + 1)]
    drawn = charts.bars("", labels, [Series(WEIGHTS[asked.weight], weights)], first=BY[asked.by])
    scale = Scale(0, whole, False)
    slot = (charts.WIDTH - charts.LEFT - charts.RIGHT) / len(shown)
    xs = [round(charts.LEFT + slot * (place + 0.5), 1) for place in range(len(shown))]
    together = [bar.together * whole for bar in shown]
    bars = [
        charts.Bar(
            bar.x, scale.y(weight), bar.width, round(scale.y(0) - scale.y(weight), 1), 1,
            f"{one.words}: {charts.figure(weight)}",
        )
        for bar, weight, one in zip(drawn.bars, weights, shown, strict=True)
    ]  # fmt: skip
    line = Line(
        2, charts.runs(xs, together, scale), [],
        [(x, scale.y(value), f"{bar.together:.0%}") for x, value, bar in zip(xs, together, shown, strict=True)],
    )  # fmt: skip
    rows = [(f"{rank} {bar.words}", _cells(asked, bar)) for rank, bar in enumerate(seen.bars, start=1)]
    return Chart(
        _("%(what)s: the heaviest first") % {"what": BY[asked.by]},
        [*_columns(asked), _("Share"), _("Together")], rows, scale.ticks,
        [charts.Tick(x, label) for x, label in zip(xs, labels, strict=True)],
        scale.y(0), bars=bars, lines=[line], first=BY[asked.by],
        legend=[(1, WEIGHTS[asked.weight]), (2, _("Together with those before"))],
    )  # fmt: skip


def _columns(asked: Asked) -> list[Any]:
    return [WEIGHTS[name] for name in dict.fromkeys(("cases", asked.weight))]


def _cells(asked: Asked, bar: Bar) -> list[Cell]:
    weighed = [] if asked.weight == "cases" else [Cell(charts.figure(bar.weighing(asked.weight)))]
    return [
        Cell(charts.figure(bar.cases), _link(asked, bar)),
        *weighed,
        Cell(f"{bar.share:.0%}"),
        Cell(f"{bar.together:.0%}"),
    ]


def trend_chart(seen: Pareto) -> Chart:
    labels = [f"{monday:%m-%d}" for monday in seen.weeks]
    words = {bar.value: bar.words for bar in seen.bars}
    rows = [Series(words[value], numbers) for value, numbers in seen.trend.items()]
    return charts.lines(
        _("Cases by week"), labels, rows, first=_("Week from"),
        note=_("By the day a case came in. The first and the last week may not be whole."),
    )  # fmt: skip


@signed_in
@require_safe
def cases(request: SignedIn) -> HttpResponse:
    """Exactly the cases of one bar, or of all, the newest first."""
    asked, refusal = _asked(request)
    if refusal or not ("value" in request.GET or "every" in request.GET):
        raise Http404
    value = request.GET.get("value", "").replace("\x00", "")[:300]
    every = "every" in request.GET
    rows = causes.cases_of(asked, request.user) if every else causes.cases_behind(asked, value, request.user)
    listed = queues.Listed(rows.select_related("department", "owner"), order=("-opened_at",))
    try:
        found = queues.page_of(listed, request.GET.get("after"))
    except queues.NoSuchQueue as unknown:
        raise Http404(str(unknown)) from unknown
    context: dict[str, Any] = {
        "asked": asked, "rows": found.rows, "after": found.after, "is_first": "after" not in request.GET,
        "number": rows.order_by().count(), "by": BY[asked.by],
        "words": _("All cases") if every else causes.words_for(asked.by, [value])[value] if value else causes.nothing(asked.by),
        "back": f"{reverse('causes')}?{address_of(asked)}",
    }  # fmt: skip
    return page(request, "desks/cause_cases.html", context, listed=[case.pk for case in found.rows])
