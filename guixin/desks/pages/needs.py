"""What customers need: rolled up by what is wanted, each line leading to the records behind it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixin.desks.nouns import NOUNS
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.customer import act as act_on_customer
from guixin.desks.rendering import fragment, page
from guixin.ledger.clock import database_now
from guixin.organisation.access import get_visible_or_404, scope_of
from guixin.serve.models import Case
from guixin.serve.overview import sees_all
from guixin.understand import needing
from guixin.understand.models import Customer, Need, Segment
from guixin.web.refusals import Refused
from guixin.web.toasts import say


@signed_in
@require_safe
def by_weight(request: SignedIn) -> HttpResponse:
    """?market= narrows to one market, ?segment= to one segment; ?theme= opens the records of one line."""
    if not sees_all(scope_of(request.user)):
        raise PermissionDenied(_("The list of customers is kept by the front desk."))
    market, theme = request.GET.get("market", ""), request.GET.get("theme", "")
    if market and market not in Customer.Market.values:
        raise Http404
    segment = _segment(request)
    customers = segment.customers() if segment else None
    wanted = needing.by_weight(customers, market=market)
    context = {
        "wanted": wanted,
        "heaviest": max((each.weight for each in wanted), default=1),
        "markets": Customer.Market.choices,
        "market": market,
        "of_segment": segment,
        "theme": theme,
        "records": shown(request, needing.records_of(theme, customers, market=market)) if theme else [],
        "now": database_now(),
    }
    return page(request, "desks/needs.html", context)


def _segment(request: SignedIn) -> Segment | None:
    code = request.GET.get("segment", "")
    return get_visible_or_404(Segment.objects, request.user, code=code) if code else None


def shown(request: SignedIn, needs: list[Need]) -> list[dict]:
    """Needs with their customer masked, and where the record is that each came from. For the segment's page too."""
    cases = {need.evidence_id for need in needs if need.evidence_kind == "case"}
    numbers = (
        dict(Case.objects.visible_to(request.user).filter(pk__in=cases).values_list("pk", "number"))
        if cases
        else {}
    )
    return [
        {
            "need": need,
            "customer": need.customer.shown_to(request.user),
            "case": numbers.get(need.evidence_id) if need.evidence_kind == "case" else None,
            "contact": need.evidence_id if need.evidence_kind == "contact" else None,
        }
        for need in needs
    ]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def of_customer(request: SignedIn, pk: int) -> HttpResponse:
    """A part of the customer's page, and a page of its own; a post notes one more."""
    if request.method == "POST":
        return act_on_customer(request, pk, "needs")
    customer = NOUNS["customer"].fetch(request.user, str(pk))
    rows = customer.needs.select_related("customer", "said_by", "noted_by").prefetch_related(
        "customer__identities"
    )
    context = {
        "record": customer,
        "customer": customer.shown_to(request.user),
        "needs": shown(request, list(rows.order_by("ended_at", "-weight", "-pk")[:60])),
        "now": database_now(),
    }
    if request.htmx:
        return fragment(request, "desks/_needs_of.html", context)
    return page(request, "desks/needs_of.html", context)


@signed_in
@require_POST
def end(request: SignedIn, pk: int) -> HttpResponse:
    """It no longer holds: met, or never one."""
    need = Need.objects.select_related("customer").filter(pk=pk).first()
    if need is None:
        raise Http404
    NOUNS["customer"].fetch(request.user, str(need.customer_id))
    try:
        needing.end(need, request.POST.get("why", ""), by=request.user, now=database_now())
        say(request, _("The need no longer counts; its record stays."))
    except Refused as why:
        messages.error(request, str(why))
    return redirect("needs_of_customer", need.customer_id)
