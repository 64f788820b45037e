"""Where a wave is asked of whoever comes by: hung up at places that have a card, taken down, and the cards to print."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guixin.desks.admin.acting import did
from guixin.desks.cards import Card, as_pdf, paper_of
from guixin.desks.pages.access import SignedIn
from guixin.desks.pages.waves import WAVES
from guixin.ledger.clock import database_now
from guixin.listen import hanging_up
from guixin.listen.models import Wave
from guixin.serve.models import OpinionPoint
from guixin.web.refusals import Refused


@WAVES.editors
@require_POST
def hang_up(request: SignedIn, wave: Wave) -> HttpResponse:
    where = reverse("wave", args=[wave.code]) + "#places-title"
    point = OpinionPoint.objects.filter(code=request.POST.get("point", "")).first()
    if point is None:
        messages.error(request, _("Choose a place."))
        return redirect(where)
    return did(
        request,
        lambda: hanging_up.hang_up(wave, point, by=request.user, now=database_now()),
        _("The card of “%s” leads to this wave now.") % point,
        where=where,
    )


@WAVES.editors
@require_POST
def take_down(request: SignedIn, wave: Wave, point: str) -> HttpResponse:
    place = get_object_or_404(wave.places.select_related("point", "wave"), point__code=point)
    return did(
        request,
        lambda: hanging_up.take_down(place, by=request.user, now=database_now()),
        _("The card of “%s” asks nothing now.") % place.point,
        where=reverse("wave", args=[wave.code]) + "#places-title",
    )


@WAVES.editors
@require_safe
def cards(request: SignedIn, wave: Wave) -> HttpResponse:
    """?paper=a4 (eight cards) or a6 (one), ?code= for one place."""
    hanging = wave.places.filter(taken_down_at=None).select_related("point").order_by("point__name")
    if code := request.GET.get("code"):
        hanging = hanging.filter(point__code=code)
    found = [Card(each.point, hanging_up.address_of(each.point)) for each in hanging]
    if not found:
        raise Http404
    try:
        return as_pdf(
            found,
            paper_of(request),
            ("扫一扫，点一下，告诉我们做得怎么样", "Scan, tap once, tell us how we did"),
        )
    except Refused as why:
        messages.error(request, str(why))
        return redirect("wave", wave.code)
