"""Products: what was bought of each and brought back, by whom, its cases, and where its line stands."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.lifecycle import STAGES
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation.access import get_visible_or_404, scope_of
from guixin.serve.overview import sees_all
from guixin.serve.product_cases import COUNTED, cases_about
from guixin.understand import lifecycle
from guixin.understand.lifecycle import Length
from guixin.understand.models import Customer, PriceStudy, Product
from guixin.understand.product_facts import ProductFacts, facts_of
from guixin.web import charts, money
from guixin.web.charts import Series

SHOWN, CASES_SHOWN = 50, 20


@signed_in
@require_safe
def index(request: SignedIn) -> HttpResponse:
    """All of them by their codes; `?find=` a code, words of the name, or a product line."""
    if not sees_all(scope_of(request.user)):
        raise Http404
    products = Product.objects.visible_to(request.user)
    find, after = request.GET.get("find", "").strip()[:200], request.GET.get("after", "")[:200]
    rows = list(products.found_by(find).filter(key__gt=after).order_by("key")[: SHOWN + 1])
    return page(
        request,
        "desks/products.html",
        {
            "products": rows[:SHOWN],
            "find": find,
            "after": rows[SHOWN - 1].key if len(rows) > SHOWN else "",
            "is_first": not after,
        },
    )


@signed_in
@require_safe
def show(request: SignedIn, pk: int) -> HttpResponse:
    """One of them; `?before=` the cases earlier than this one (its id)."""
    product = get_visible_or_404(Product.objects, request.user, pk=pk)
    now = database_now()
    facts = facts_of(product, now)
    best = Customer.objects.prefetch_related("identities").in_bulk([pk for pk, _net in facts.best])
    about = cases_about(product, request.user)
    number = about.order_by()[: COUNTED + 1].count()
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        about = about.filter(pk__lt=int(before))
    cases = list(about.select_related("department")[: CASES_SHOWN + 1])
    return page(
        request,
        "desks/product.html",
        {
            "product": product,
            "facts": facts,
            "figures": _figures(product, facts),
            "chart": _chart(facts) if facts.lines_sold or facts.lines_back else None,
            "best": [
                (best[pk].shown_to(request.user), money.shown(net, money.firm_currency()))
                for pk, net in facts.best
                if pk in best
            ],
            "cases": cases[:CASES_SHOWN],
            "before": cases[CASES_SHOWN - 1].pk if len(cases) > CASES_SHOWN else None,
            "number_of_cases": min(number, COUNTED),
            "has_more_cases": number > COUNTED,
            "line": _line(product, request) if product.line else None,
            "studies": PriceStudy.objects.visible_to(request.user)
            .filter(product__in=product.called())
            .order_by("-opened_at")[:5],
            "now": now,
        },
    )


def _figures(product: Product, facts: ProductFacts) -> list[dict[str, Any]]:
    """Each number with the address of what it counts."""
    lines = f"{reverse('purchases')}?{urlencode({'find': product.code})}"
    figures: list[dict[str, Any]] = [
        {"words": _("Lines sold"), "value": f"{facts.lines_sold:,}", "address": lines},
        {"words": _("Lines that came back"), "value": f"{facts.lines_back:,}", "address": lines},
        {"words": _("Customers who bought it"), "value": f"{facts.buyers:,}"},
    ]
    figures += [
        {"words": _("Purchases, net"), "value": money.shown(net, currency, rounded=True)}
        for currency, net in facts.net.items()
    ]
    if share := facts.back_share:
        figures.append(
            {
                "words": _("Share of lines that came back"),
                "value": f"{100 * share[0]:.1f} %",
                "more": f"{100 * share[1]:.1f}–{100 * share[2]:.1f} %",
            }
        )
    return figures


def _chart(facts: ProductFacts) -> charts.Chart:
    return charts.bars(
        _("Quantity sold, and what came back"),
        [f"{each.begins:%Y-%m}" for each in facts.months],
        [
            Series(_("Sold"), [float(each.sold) for each in facts.months], look=1),
            Series(_("Brought back"), [-float(each.back) for each in facts.months], look=3),
        ],
        stacked=True,
        first=_("Month"),
        note=_("The last month is not over."),
    )


def _line(product: Product, request: SignedIn) -> dict[str, Any] | None:
    """Where its product line stands, for whoever may see the lifecycle."""
    if not sees_all(scope_of(request.user)):
        return None
    seen = lifecycle.course(product.line, Length.MONTH, database_now())
    advice = STAGES.get(seen.verdict.stage)
    address = f"{reverse('lifecycle')}?{urlencode({'line': product.line})}"
    return {"advice": advice, "address": address if product.line in lifecycle.lines() else ""}
