from django.http import HttpResponse
from django.views.decorators.http import require_safe

from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import fragment
from guixin.desks.rendering import rail as rail_of
from guixin.ledger.clock import database_now


@require_safe
@signed_in
def numbers(request: SignedIn) -> HttpResponse:
    """The numbers of the rail alone, for a page that heard that they moved."""
    return fragment(request, "desks/_rail_numbers.html", {"rail": rail_of(request.user, database_now())})
