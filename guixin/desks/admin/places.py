"""Opinion points: places, products, vehicles and people with a QR card, and the sheet of cards to print."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixin.desks.admin.access import administrators
from guixin.desks.admin.forms.rules import OpinionPointForm
from guixin.desks.cards import Card, as_pdf, paper_of, qr_code
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.serve import opinion_points, queues
from guixin.serve.models import Case, OpinionPoint
from guixin.web.refusals import Refused
from guixin.web.toasts import say


@administrators
@require_safe
def index(request: SignedIn) -> HttpResponse:
    language = get_language() or "zh-hans"
    points = list(OpinionPoint.objects.select_related("department").order_by("-is_active", "kind", "name"))
    seen = Case.objects.visible_to(request.user).filter(opinion_point__in=points)
    answers = dict(seen.order_by().values_list("opinion_point").annotate(number=Count("pk")))
    rows = [
        {
            "point": point,
            "name": point.shown_name(language),
            "department": point.department.shown_name(language) if point.department else "",
            "address": opinion_points.address_of(point),
            "answers": answers.get(point.pk, 0),
        }
        for point in points
    ]
    return page(request, "desks/admin/places.html", {"points": rows})


@administrators
@require_safe
def answers(request: SignedIn, code: str) -> HttpResponse:
    """What came by one card, newest first: exactly the cases its number counts, as far as the reader may see them."""
    point = get_object_or_404(OpinionPoint.objects.select_related("department"), code=code)
    cases = (
        Case.objects.visible_to(request.user)
        .filter(opinion_point=point)
        .select_related("department", "owner")
    )
    found = queues.page_of(queues.Listed(cases, order=("-opened_at",)), request.GET.get("after"))
    context = {
        "point": point,
        "cases": found.rows,
        "after": found.after,
        "is_first": "after" not in request.GET,
        "now": database_now(),
    }
    return page(request, "desks/admin/place_answers.html", context)


@administrators
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, code: str = "") -> HttpResponse:
    """A new opinion point, or another name, kind or department of one."""
    point = get_object_or_404(OpinionPoint, code=code) if code else None
    initial = (
        {
            "name": point.name,
            "name_en": point.name_en,
            "kind": point.kind,
            "department": point.department_id or "",
        }
        if point
        else {"kind": OpinionPoint.Kind.PLACE}
    )
    form = OpinionPointForm(request.POST or None, initial=initial, may_choose_code=point is None)
    refusal, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said, now = form.cleaned_data, database_now()
            try:
                if point:
                    opinion_points.change_point(point, by=request.user, now=now, **said)
                    say(request, _("“%s” is changed.") % point)
                else:
                    point = opinion_points.add_point(by=request.user, now=now, **said)
                    say(request, _("“%s” has a card now.") % point, undo=_act(point, "closing"))
                return redirect("places")
            except Refused as why:
                refusal = str(why)
    return page(
        request,
        "desks/admin/place.html",
        {"form": form, "point": point, "refusal": refusal},
        status=status,
    )


def _act(point: OpinionPoint, name: str) -> str:
    return reverse("place_act", args=[point.code, name])


@administrators
@require_POST
def act(request: SignedIn, code: str, name: str) -> HttpResponse:
    """Take the card down (its address says so), or hang it up again."""
    point = get_object_or_404(OpinionPoint, code=code)
    is_active = name == "opening"
    opinion_points.change_point(point, by=request.user, now=database_now(), is_active=is_active)
    words = _("“%s” is open again.") if is_active else _("“%s” is closed; its card leads nowhere now.")
    say(request, words % point, undo=_act(point, "closing" if is_active else "opening"))
    return redirect("places")


@administrators
@require_safe
def sheet(request: SignedIn) -> HttpResponse:
    """Cards to print, as many to a page as its paper holds: ?paper=a4 (eight cards) or a6 (one)."""
    paper = paper_of(request)
    cards = _cards(request)
    chosen = urlencode([("code", code) for code in request.GET.getlist("code")])
    return page(request, "desks/admin/cards.html", {"cards": cards, "paper": paper, "chosen": chosen})


@administrators
@require_safe
def sheet_as_pdf(request: SignedIn) -> HttpResponse:
    """The same cards as a PDF: ?paper=a4 or a6, ?code= for some of them."""
    cards = _cards(request)
    if not cards:
        raise Http404
    try:
        return as_pdf(
            cards, paper_of(request), ("扫一扫，告诉我们您的意见", "Scan to tell us what you think")
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("place_cards")


def _cards(request: SignedIn) -> list[Card]:
    points = OpinionPoint.objects.filter(is_active=True).order_by("kind", "name")
    if wanted := request.GET.getlist("code"):
        points = points.filter(code__in=wanted)
    return [Card(each, opinion_points.address_of(each)) for each in points[:400]]


@administrators
@require_safe
def qr(request: SignedIn, code: str) -> HttpResponse:
    """The card's QR code as an SVG, for the sheet and for the firm's own printer."""
    point = get_object_or_404(OpinionPoint, code=code)
    answer = HttpResponse(qr_code(opinion_points.address_of(point)), content_type="image/svg+xml")
    answer["Cache-Control"] = "no-store, private"
    return answer
