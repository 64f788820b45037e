"""Surges: alarms over more cases than chance and the weekday explain, one by one, with their cases."""

from datetime import date, timedelta

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guixin.desks.acts import Offer, Reader, asked_for_alone, form_alone, offers, with_refused
from guixin.desks.nouns import NOUNS, shown_by
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.serve import queues, surges
from guixin.serve.models import Case, Surge
from guixin.serve.overview import may_oversee
from guixin.serve.surging import BASELINE, GUARD, LEAST_DAYS
from guixin.web import charts
from guixin.web.charts import Series

SHOWN_DAYS = 42
WHICH = ("waiting", "all")


@signed_in
@require_safe
def listed(request: SignedIn) -> HttpResponse:
    """Those nobody has acknowledged, or `?which=all`; newest first."""
    if not may_oversee(request.user):
        raise Http404
    which = request.GET.get("which", "waiting")
    seen = Surge.objects.visible_to(request.user).select_related("acknowledged_by")
    rows = seen.waiting() if which == "waiting" else seen
    try:
        found = queues.page_of(queues.Listed(rows, order=("-raised_at",)), request.GET.get("after"))
    except queues.NoSuchQueue as unknown:
        raise Http404(str(unknown)) from unknown
    words = surges.called([(each.dimension, each.value) for each in found.rows])
    now = database_now()
    return page(
        request,
        "desks/surges.html",
        {
            "rows": [(each, words[each.dimension, each.value]) for each in found.rows],
            "which": which if which in WHICH else "waiting",
            "after": found.after,
            "is_first": "after" not in request.GET,
            "missing": surges.days_missing(now),
            "least": LEAST_DAYS + GUARD.days,
            "now": now,
        },
    )


@signed_in
@require_safe
def one(request: SignedIn, pk: str) -> HttpResponse:
    surge = NOUNS["surge"].fetch(request.user, pk)
    if asked_for_alone(request):
        reader = Reader.of(request)
        found = offers("surge", surge, reader)
        return form_alone(request, next((each for each in found if each.name == reader.wanted), None), {})
    return answer_with_surge(request, surge)


@shown_by("surge")
def answer_with_surge(
    request: SignedIn, surge: Surge, refused: Offer | None = None, status: int = 200
) -> HttpResponse:
    now = database_now()
    rows = Case.objects.visible_to(request.user).filter(pk__in=surge.cases)
    try:
        found = queues.page_of(
            queues.Listed(rows.select_related("department", "owner"), order=("-opened_at",)),
            request.GET.get("after"),
        )
    except queues.NoSuchQueue as unknown:
        raise Http404(str(unknown)) from unknown
    cell = (surge.dimension, surge.value)
    groups = {"acts": offers("surge", surge, Reader.of(request, refused))}
    return page(
        request,
        "desks/surge.html",
        {
            "surge": surge,
            "words": surges.called([cell])[cell],
            "times": f"{surge.observed / surge.expected:.1f}" if surge.expected else "",
            "chart": _chart(surge),
            "cases": found.rows,
            "number": len(surge.cases),
            "after": found.after,
            "is_first": "after" not in request.GET,
            "acts": with_refused(groups, "acts", refused)["acts"],
            "here": f"/surges/{surge.pk}",
            "now": now,
        },
        status=status,
    )


def _chart(surge: Surge) -> charts.Chart:
    """Day by day, with the limit of the alarm, and the week that says nothing about what is usual."""
    counted = surges.days_of(surge)
    days: list[date] = [surge.last_day - timedelta(days=n) for n in range(SHOWN_DAYS - 1, -1, -1)]
    return charts.lines(
        _("Independent reports by day"),
        [f"{day:%m-%d}" for day in days],
        [
            Series(_("Reports"), [counted.get(day, 0) for day in days]),
            Series(_("Alarm from"), [surge.limit] * len(days)),
        ],
        first=_("Day"),
        note=_("What one hand entered within a quarter of an hour (a minute where very many are usual) counts once. Usual is what the same weekdays of %(weeks)s weeks say,"
               " without the week just before.") % {"weeks": BASELINE.days // 7},
    )  # fmt: skip
