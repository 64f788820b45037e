from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.organisation.access import scope_of
from guixin.serve import queues
from guixin.serve.customers import Seen, latest_seen, open_cases_of
from guixin.serve.overview import sees_all
from guixin.understand.finding import find_customers
from guixin.understand.models import Segment

LONGEST_QUESTION = 100


@signed_in
def listed(request: SignedIn) -> HttpResponse:
    """Whom we heard of last, or whoever is found; masked. For those who may see every customer."""
    if not sees_all(scope_of(request.user)):
        raise PermissionDenied(_("The list of customers is kept by the front desk."))
    asked = " ".join(request.GET.get("q", "")[:LONGEST_QUESTION].split())
    if asked:
        found = find_customers(asked)
        standing = open_cases_of([each.customer.pk for each in found])
        rows = [
            (Seen(each.customer, None, *standing.get(each.customer.pk, (0, 0))), each.in_words())
            for each in found
        ]
        after = None
    else:
        try:
            seen = latest_seen(request.GET.get("after"))
        except queues.NoSuchQueue as unknown:
            raise Http404(str(unknown)) from unknown
        rows, after = [(each, "") for each in seen.rows], seen.after
    shown = [(each, each.customer.shown_to(request.user), why) for each, why in rows]
    return page(
        request,
        "desks/customers.html",
        {
            "seen": shown,
            "asked": asked,
            "after": after,
            "is_first": "after" not in request.GET,
            "segments": Segment.objects.published(),
        },
    )
