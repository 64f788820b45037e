"""Purchases: all of them for who may see every customer, and those of one customer for who may see that one."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guixin.desks.admin.access import may_administrate
from guixin.desks.nouns import NOUNS
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation.access import scope_of
from guixin.understand.models import Purchase, product_key
from guixin.understand.models.purchase import PurchaseQuerySet

SHOWN = 50


@signed_in
@require_safe
def purchases(request: SignedIn) -> HttpResponse:
    """The newest, or those of an order, or of a product by the firm's code."""
    if not _sees_all(request):
        raise Http404
    find = request.GET.get("find", "").strip()[:200]
    lines = Purchase.objects.visible_to(request.user)
    if find:
        lines = lines.filter(Q(order_key=find) | Q(product__key=product_key(find)))
    return _listed(request, lines, {"find": find})


@signed_in
@require_safe
def purchases_of(request: SignedIn, pk: int) -> HttpResponse:
    """Everything one customer bought and brought back."""
    customer = NOUNS["customer"].fetch(request.user, str(pk))
    lines = Purchase.objects.filter(customer=customer)
    return _listed(request, lines, {"of": customer.shown_to(request.user), "record": customer})


def _listed(request: SignedIn, lines: PurchaseQuerySet, more: dict[str, Any]) -> HttpResponse:
    if place := _place(request.GET.get("before", "")):
        at, pk = place
        lines = lines.filter(Q(bought_at__lt=at) | Q(bought_at=at, pk__lt=pk))
    chosen = lines.select_related("product", "customer", "takes_back").prefetch_related(
        "customer__identities"
    )
    rows = list(chosen.newest_first()[: SHOWN + 1])
    last = rows[SHOWN - 1] if len(rows) > SHOWN else None
    shown = [(line, line.customer.shown_to(request.user) if line.customer else None) for line in rows[:SHOWN]]
    about = {
        "lines": shown,
        "before": f"{last.bought_at.isoformat()}~{last.pk}" if last else "",
        "now": database_now(),
        "title": _("Purchases"),
        "may_import": may_administrate(request.user),
        "opens_products": _sees_all(request),
    }
    return page(request, "desks/purchases.html", about | more)


def _sees_all(request: SignedIn) -> bool:
    scope = scope_of(request.user)
    return scope.sees_everything or scope.is_front_desk


def _place(before: str) -> tuple[datetime, int] | None:
    at, _tilde, pk = before.replace(" ", "+").partition("~")
    try:
        moment, number = datetime.fromisoformat(at), int(pk)
    except ValueError:
        return None
    return (moment, number) if moment.tzinfo and 0 <= number < 2**63 else None
