"""All data held about a customer, as one file for them (PIPL 45): asked for with a reason, then handed out."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guixin.channels.customers_data import file_name, hand_out
from guixin.desks.nouns import NOUNS
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.understand.data_held import may_hand_out
from guixin.web.downloads import download
from guixin.web.refusals import Refused


@require_http_methods(["GET", "POST"])
@signed_in
def show(request: SignedIn, pk: int) -> HttpResponseBase:
    """Looking at this page changes nothing; a post makes the file, which stands in the ledger."""
    customer, now = NOUNS["customer"].fetch(request.user, str(pk)), database_now()
    if not may_hand_out(request.user):
        raise PermissionDenied(_("Only the coordinator, or who sees everything, hands out all that is held."))
    context = {"shown": customer.shown_to(request.user), "record": customer, "rail_here": "/customers"}
    if request.method == "GET":
        return page(request, "desks/customers_data.html", context)
    reason = request.POST.get("reason", "")
    try:
        made = hand_out(customer, by=request.user, reason=reason, now=now)
    except Refused as refusal:
        context |= {"refusal": str(refusal), "typed": reason}
        return page(request, "desks/customers_data.html", context, status=422)
    return download(made, "application/zip", file_name(customer, now))
