"""Opinion points: places, products, vehicles and people with a QR card, and the sheet of cards to print."""

from functools import lru_cache
from io import BytesIO
from urllib.parse import urlsplit

import segno
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixin.desks.admin.access import administrators
from guixin.desks.admin.forms.rules import OpinionPointForm
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.serve import opinion_points
from guixin.serve.models import OpinionPoint
from guixin.web.refusals import Refused
from guixin.web.toasts import say


@administrators
@require_safe
def index(request: SignedIn) -> HttpResponse:
    language = get_language() or "zh-hans"
    points = list(OpinionPoint.objects.select_related("department").order_by("-is_active", "kind", "name"))
    rows = [
        {
            "point": point,
            "name": point.shown_name(language),
            "department": point.department.shown_name(language) if point.department else "",
            "address": opinion_points.address_of(point),
        }
        for point in points
    ]
    return page(request, "desks/admin/places.html", {"points": rows})


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
    wanted = request.GET.getlist("code")
    points = OpinionPoint.objects.filter(is_active=True).order_by("kind", "name")
    if wanted:
        points = points.filter(code__in=wanted)
    paper = "a6" if request.GET.get("paper") == "a6" else "a4"
    cards = [
        {"point": each, "typed": urlsplit(opinion_points.address_of(each))._replace(scheme="").geturl()[2:]}
        for each in points[:400]
    ]
    return page(request, "desks/admin/cards.html", {"cards": cards, "paper": paper, "chosen": wanted})


@administrators
@require_safe
def qr_code(request: SignedIn, code: str) -> HttpResponse:
    """The card's QR code as an SVG, for the sheet and for the firm's own printer."""
    point = get_object_or_404(OpinionPoint, code=code)
    answer = HttpResponse(_svg(opinion_points.address_of(point)), content_type="image/svg+xml")
    answer["Cache-Control"] = "no-store, private"
    return answer


@lru_cache(maxsize=500)
def _svg(address: str) -> bytes:
    """Correction Q survives a quarter of the code scratched away; the quiet zone is part of the picture."""
    out = BytesIO()
    segno.make(address, error="q", micro=False).save(
        out, kind="svg", scale=4, border=4, dark="#000", light="#fff"
    )
    return out.getvalue()
