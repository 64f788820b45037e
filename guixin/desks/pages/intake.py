from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guixin.desks.forms.intake import NewCaseForm
from guixin.desks.lists import Lists
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page, sees_all
from guixin.ledger.clock import database_now
from guixin.organisation.access import scope_of
from guixin.serve import intake
from guixin.understand.duplicates import likely_duplicates
from guixin.understand.models import Customer


@signed_in
@require_http_methods(["GET", "POST"])
def new_case(request: SignedIn) -> HttpResponse:
    """One form. The first post may answer with who the customer already seems to be; saving is a click more."""
    if not sees_all(scope_of(request.user)):
        raise PermissionDenied(_("Cases are taken in by the front desk."))
    if request.method == "GET":
        initial: dict[str, Any] = {"customer_kind": "person", "kind": "complaint", "channel": "phone"}
        chosen, repeats = _chosen(request, request.GET.get("customer"))
        if chosen:
            initial["customer_id"] = chosen.pk
        return _answer(request, NewCaseForm(initial=initial, lists=Lists()), chosen=chosen, repeats=repeats)
    form = NewCaseForm(request.POST, lists=Lists())
    if not form.is_valid():
        return _answer(request, form, status=422)
    said, now = form.cleaned_data, database_now()
    chosen, repeats = _chosen(request, said["customer_id"])
    if "look" in request.POST:
        alike = [] if chosen else likely_duplicates(said["customer_name"], _identities(said))
        return _answer(request, form, chosen=chosen, repeats=repeats, alike=alike, looked=True)
    try:
        with transaction.atomic():
            case = intake.open_case(_arrival(said, chosen, now), now=now, by=request.user)
    except intake.CannotOpen as refusal:
        form.add_error(None, str(refusal))
        return _answer(request, form, chosen=chosen, repeats=repeats, status=422)
    messages.success(request, _("Case %(number)s is open; its promises run.") % {"number": case.number})
    return redirect(f"/cases/{case.number}?new=1")


def _arrival(said: dict, chosen: Customer | None, now) -> intake.Arrival:
    customer, identities = chosen, _identities(said)
    if customer is None and (said["customer_name"].strip() or identities):
        customer, _is_new = Customer.objects.for_intake(
            said["customer_kind"], said["customer_name"], identities, now
        )
    return intake.Arrival(
        kind=said["kind"],
        subject=said["subject"],
        channel=said["channel"],
        story=said["story"],
        category=said["category"],
        product=said["product"],
        severity=said["severity"],
        language=get_language() or "zh-hans",
        customer=customer,
        departments=(said["department"].pk,) if said["department"] else (),
    )


def _identities(said: dict) -> list[tuple[str, str]]:
    pairs = [("phone", said["phone"]), ("email", said["email"])]
    return [(kind, raw) for kind, raw in pairs if raw.strip()]


def _chosen(request: SignedIn, pk) -> tuple[Customer | None, list]:
    """A customer picked from those found, and the cases they already have."""
    if not pk or not str(pk).isdecimal():
        return None, []
    customer = Customer.objects.visible_to(request.user).filter(pk=pk).prefetch_related("identities").first()
    return customer, intake.likely_repeats(customer, now=database_now()) if customer else []


def _answer(
    request: SignedIn, form, *, chosen=None, repeats=(), alike=(), looked=False, status: int = 200
) -> HttpResponse:
    asked = request.GET.get("find", "")
    found = Customer.objects.visible_to(request.user).find(asked) if asked else []
    now = database_now()
    shown = [
        (each.customer.shown_to(request.user), each.in_words(), intake.likely_repeats(each.customer, now=now))
        for each in list(alike)[:5]
    ]
    return page(
        request,
        "desks/new_case.html",
        {
            "form": form,
            "chosen": chosen.shown_to(request.user) if chosen else None,
            "repeats": repeats,
            "alike": shown,
            "looked": looked,
            "asked": asked,
            "found": [each.shown_to(request.user) for each in found],
        },
        status=status,
    )
