"""A customer put on record without a case; whoever is known already is offered before anybody is made twice."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guixin.desks.forms.customer import NewCustomerForm
from guixin.desks.lists import Lists
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation.access import scope_of
from guixin.serve.overview import sees_all
from guixin.understand import taking_in
from guixin.understand.duplicates import likely_duplicates
from guixin.understand.models import Customer
from guixin.web.refusals import Refused
from guixin.web.toasts import say

LIKELY_SHOWN = 5
AT_FIRST = {"kind": Customer.Kind.PERSON, "language": "zh-hans"}


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """`?kind=company` opens with what is asked of a company. `again` reads the form anew and saves nothing."""
    if not sees_all(scope_of(request.user)):
        raise PermissionDenied(_("The list of customers is kept by the front desk."))
    if request.method == "GET" or "again" in request.POST:
        first = AT_FIRST | (request.POST if request.method == "POST" else request.GET).dict()
        return _answer(request, NewCustomerForm(initial=first, lists=Lists(), label_suffix=""))
    form = NewCustomerForm(request.POST, lists=Lists(), label_suffix="")
    if not form.is_valid():
        return _answer(request, form, status=422)
    said = form.cleaned_data
    alike = likely_duplicates(said["name"], form.identities)
    if alike and "is_new" not in request.POST:
        shown = [(each.customer.shown_to(request.user), each.in_words()) for each in alike[:LIKELY_SHOWN]]
        return _answer(request, form, status=409, alike=shown)
    fields = {name: said[name] for name in ("organisation", "market", "prefers", "language")}
    fields |= {"works_at_id": said["company"], "owner_id": said["owner"].pk if said["owner"] else None}
    try:
        customer, is_new = taking_in.take_in(
            said["kind"], said["name"], form.identities, fields=fields, attributes=said["attributes"],
            complete=True, by=request.user, now=database_now(),
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _answer(request, form, status=422)
    say(
        request,
        _("The customer is on record.") if is_new else _("We knew this customer; what was blank is filled."),
    )
    return redirect("customer", customer.pk)


def _answer(
    request: SignedIn,
    form: NewCustomerForm,
    status: int = 200,
    alike: list[tuple[dict[str, Any], str]] | None = None,
) -> HttpResponse:
    return page(request, "desks/customer_new.html", {"form": form, "alike": alike or []}, status=status)
