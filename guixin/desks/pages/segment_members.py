"""Who is in a segment, who came or went between two days, and the same as an Excel file."""

import tempfile
from datetime import date, datetime, time, timedelta

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guixin.channels import segment_sheet
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.segments import fetch
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation.access import scope_of
from guixin.serve.overview import sees_all
from guixin.understand.data_held import may_hand_out
from guixin.understand.measuring import facts
from guixin.understand.models import Membership, Segment
from guixin.understand.rules import why_in_words
from guixin.web import money
from guixin.web.downloads import download

PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WHICH = ("now", "entered", "left")


@signed_in
@require_safe
def listed(request: SignedIn, code: str) -> HttpResponse:
    """?which=entered&from=2026-03-02&to=2026-03-08 narrows to who came in those days; `left` to who went."""
    segment = fetch(request, code)
    _must_see_customers(request)
    which, first, last = _asked(request)
    wanted = _between(Membership.objects.filter(segment=segment), which, first, last)
    after = request.GET.get("after", "")
    if after.isdecimal() and len(after) < 19:
        wanted = wanted.filter(pk__lt=int(after))
    rows = list(
        wanted.select_related("customer", "customer__worth")
        .prefetch_related("customer__identities")
        .order_by("-pk")[: PAGE + 1]
    )
    known = facts()
    return page(
        request,
        "desks/segment_members.html",
        {
            "segment": segment,
            "name": segment.shown_name(get_language() or "zh-hans"),
            "which": which, "first": first, "last": last,
            "rows": [_shown(each, request, known) for each in rows[:PAGE]],
            "after": rows[PAGE - 1].pk if len(rows) > PAGE else None,
            "is_first": not after,
            "may_export": may_hand_out(request.user),
        },
    )  # fmt: skip


def _shown(membership: Membership, request: SignedIn, known) -> dict:
    worth = getattr(membership.customer, "worth", None)
    return {
        "membership": membership,
        "customer": membership.customer.shown_to(request.user),
        "net": money.shown(worth.net, money.firm_currency()) if worth else "",
        "why": why_in_words(membership.why, known),
    }


def _must_see_customers(request: SignedIn) -> None:
    if not sees_all(scope_of(request.user)):
        raise PermissionDenied(_("The list of customers is kept by the front desk."))


def _asked(request: SignedIn) -> tuple[str, date | None, date | None]:
    which = request.GET.get("which", "now")
    return which if which in WHICH else "now", _day(request.GET.get("from")), _day(request.GET.get("to"))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _between(wanted, which: str, first: date | None, last: date | None):
    """Whole days of the firm, both included."""
    if which == "now":
        return wanted.filter(until=None)
    name = "since" if which == "entered" else "until"
    if which == "left":
        wanted = wanted.filter(until__isnull=False)
    if first and first.year > 1900:
        wanted = wanted.filter(**{f"{name}__gte": _midnight(first)})
    if last and 1900 < last.year < 9999:
        wanted = wanted.filter(**{f"{name}__lt": _midnight(last + timedelta(days=1))})
    return wanted


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@signed_in
@require_POST
def export(request: SignedIn, code: str) -> HttpResponseBase:
    """Who is in it now, masked, as Excel; that it left the house stands in the ledger."""
    segment: Segment = fetch(request, code)
    if not may_hand_out(request.user):
        raise PermissionDenied(_("Only the coordinator, or who sees everything, exports customers."))
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  # the answer closes it
    segment_sheet.write(segment, file, by=request.user, now=database_now())
    file.seek(0)
    return download(file, XLSX, f"{segment.code}.xlsx")
