from django.http import Http404, HttpResponse

from guixin.desks.nouns import NOUNS
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.case import answer_with_case
from guixin.desks.rendering import fragment
from guixin.ledger.clock import database_now
from guixin.understand.models.customer import CannotReveal


@signed_in
def of_case(request: SignedIn, number: str) -> HttpResponse:
    """The customer of a case: masked when looked at, in full for a reason, which goes into the ledger."""
    case = NOUNS["case"].fetch(request.user, number)
    if case.customer is None:
        raise Http404
    about = {"case": case, "customer": case.customer.shown_to(request.user)}
    status = 200
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        try:
            about["customer"] = case.customer.reveal(by=request.user, reason=reason, now=database_now())
        except CannotReveal as refusal:
            about |= {"refusal": str(refusal), "typed": reason}
            status = 422
    if request.htmx:
        return fragment(request, "desks/_customer.html", about, status=status)
    return answer_with_case(request, case, status=status, more=about)
