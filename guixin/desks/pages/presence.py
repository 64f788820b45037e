from hashlib import sha256

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from guixin.desks.nouns import NOUNS, address
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import fragment
from guixin.ledger.clock import database_now
from guixin.serve import presence, watching


@signed_in
@require_POST
def here(request: SignedIn, number: str) -> HttpResponse:
    """A sign of life from an open page, answered with who else is there; 204 when that is what it shows already."""
    case = NOUNS["case"].fetch(request.user, number)
    doing = request.POST.get("doing", "")
    if doing == "gone":
        presence.gone(case, request.user)
        return HttpResponse(status=204)
    others = presence.here(case, request.user, doing, now=database_now())
    seen = sha256(repr(others).encode()).hexdigest()[:16] if others else ""
    if request.POST.get("seen", "") == seen:
        return HttpResponse(status=204)
    return fragment(request, "desks/_others.html", {"others": others, "presence_seen": seen})


@signed_in
@require_POST
def watch(request: SignedIn, number: str) -> HttpResponse:
    """Be told what happens on this case, or no longer."""
    case = NOUNS["case"].fetch(request.user, number)
    if request.POST.get("watch") == "no":
        watching.unwatch(case, by=request.user)
    else:
        watching.watch(case, by=request.user, now=database_now())
    if request.htmx:
        watched = watching.is_watched(case, request.user)
        return fragment(request, "desks/_watch.html", {"case": case, "is_watched": watched})
    return redirect(address("case", case))
