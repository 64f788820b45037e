"""Customers who may be one: a worklist, decided pair by pair."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation.access import get_visible_or_404, scope_of
from guixin.serve.overview import sees_all
from guixin.understand import merging, pairing
from guixin.understand.duplicates import in_words
from guixin.understand.models import Customer
from guixin.web.refusals import Refused
from guixin.web.toasts import say


@signed_in
@require_safe
def worklist(request: SignedIn) -> HttpResponse:
    _front_desk(request)
    return _answer(request)


@signed_in
@require_POST
def decide(request: SignedIn) -> HttpResponse:
    """`into` remains and `from` goes into it; or they are `different`, which is remembered."""
    _front_desk(request)
    into, other = (
        get_visible_or_404(Customer.objects, request.user, pk=request.POST.get(name))
        for name in ("into", "from")
    )
    now = database_now()
    try:
        if "different" in request.POST:
            pairing.differ(into, other, by=request.user, now=now)
            say(request, _("Noted: they are two. Nobody is asked about them again."))
        else:
            made = merging.merge(other, into, by=request.user, now=now)
            say(
                request, _("The two are one customer now; nothing was lost."),
                undo=f"/customers/{into.pk}/merges/{made.pk}/undone",
            )  # fmt: skip
    except Refused as refusal:
        return _answer(request, status=409, refusal=str(refusal))
    where = request.POST.get("next", "")
    return redirect(where if where == f"/customers/{into.pk}" else reverse("duplicates"))


def _front_desk(request: SignedIn) -> None:
    if not sees_all(scope_of(request.user)):
        raise PermissionDenied(_("The list of customers is kept by the front desk."))


def _answer(request: SignedIn, status: int = 200, refusal: str = "") -> HttpResponse:
    after = request.GET.get("after", "0")
    if not (after.isdecimal() and len(after) < 6):
        raise Http404
    found = pairing.worklist(int(after))
    pairs = [
        (pair, pair.first.shown_to(request.user), pair.second.shown_to(request.user), in_words(pair.reasons))
        for pair in found.pairs
    ]
    context = {
        "pairs": pairs, "refusal": refusal, "is_first": after == "0",
        "after": int(after) + pairing.PAGE if found.has_more else None,
    }  # fmt: skip
    return page(request, "desks/duplicates.html", context, status=status)
