"""What a customer agreed to and what they want no longer; a part of their page, and a page of its own."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guixin.desks import customer_acts
from guixin.desks.forms.consent import ConsentForm
from guixin.desks.nouns import NOUNS
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import fragment, page
from guixin.ledger.clock import database_now
from guixin.understand import consenting
from guixin.understand.models import Customer
from guixin.web.refusals import Refused
from guixin.web.toasts import say


@signed_in
@require_http_methods(["GET", "POST"])
def consents(request: SignedIn, pk: int) -> HttpResponse:
    """GET: how it stands. POST: agreed, or (`withdrawn`) no longer wanted, which asks for nothing."""
    customer = NOUNS["customer"].fetch(request.user, str(pk))
    if not customer_acts.may_keep(customer, request.user):
        raise Http404
    form, refusal = ConsentForm(label_suffix=""), ""
    if request.method == "POST":
        form = ConsentForm(request.POST, label_suffix="")
        if form.is_valid():
            said, now = form.cleaned_data, database_now()
            try:
                if "withdrawn" in request.POST:
                    consenting.withdraw(customer, said["purpose"], said["channel"], by=request.user, now=now)
                    say(request, _("Noted: nothing goes out for this any more."))
                else:
                    consenting.give(customer, said["purpose"], said["channel"], evidence=said["evidence"], by=request.user, now=now)  # fmt: skip
                    say(request, _("The consent is noted."))
            except Refused as why:
                refusal = str(why)
            else:
                return redirect("consents", customer.pk) if not request.htmx else _part(request, customer)
    return _part(request, customer, form, refusal)


def _part(
    request: SignedIn, customer: Customer, form: ConsentForm | None = None, refusal: str = ""
) -> HttpResponse:
    shown = {
        "record": customer,
        "shown": customer.shown_to(request.user),
        "standing": consenting.standing_of(customer),
        "wordings": list(consenting.wordings().values()),
        "form": form or ConsentForm(label_suffix=""),
        "refusal": refusal,
        "now": database_now(),
    }
    status = 422 if refusal or (form and form.is_bound) else 200
    if request.htmx:
        return fragment(request, "desks/_consents.html", shown, status=status)
    return page(request, "desks/consents.html", shown, status=status)
