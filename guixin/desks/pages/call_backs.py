"""Calls our people owe: the list by due time, and one with the story of the customer."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from guixin.desks.acts import Offer, Reader, asked_for_alone, form_alone, offers, with_refused
from guixin.desks.ladders import shown_clocks
from guixin.desks.nouns import NOUNS, shown_by
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.customer import open_cases
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.promise.models import Clock, Escalation
from guixin.serve import call_backs, queues
from guixin.serve.models import CallBack, Case
from guixin.understand.models import Contact
from guixin.web.refusals import Refused

WHICH = ("open", "mine", "ended")
CASES_SHOWN = 5


@signed_in
@require_safe
def listed(request: SignedIn) -> HttpResponse:
    """`?which=open` (the default), `mine`, `ended`; the nearest deadline first, what has ended newest first."""
    person, which = request.user, request.GET.get("which", "open")
    which = which if which in WHICH else "open"
    rows = CallBack.objects.visible_to(person).select_related("line", "customer", "case", "taken_by")
    if which == "ended":
        rows, order = rows.filter(ended_at__isnull=False), ("-ended_at",)
    else:
        rows, order = rows.open(), ("window_to",)
        if which == "mine":
            rows = rows.filter(taken_by=person)
    found = queues.page_of(queues.Listed(rows, order=order), request.GET.get("after"))
    now = database_now()
    return page(
        request,
        "desks/call_backs.html",
        {
            "call_backs": [
                (each, each.customer.shown_to(person) if each.customer else None) for each in found.rows
            ],
            "which": which,
            "soon": now + timedelta(minutes=15),
            "after": found.after,
            "is_first": "after" not in request.GET,
            "now": now,
        },
    )


@signed_in
@require_safe
def one(request: SignedIn, pk: str) -> HttpResponse:
    call_back = NOUNS["call_back"].fetch(request.user, pk)
    if asked_for_alone(request):
        reader = Reader.of(request)
        found = offers("call_back", call_back, reader)
        return form_alone(request, next((each for each in found if each.name == reader.wanted), None), {})
    return answer_with_call_back(request, call_back)


@signed_in
@require_http_methods(["GET", "POST"])
def number(request: SignedIn, pk: str) -> HttpResponse:
    """The whole number, shown once to whoever has taken the call; every look is in the ledger."""
    call_back = NOUNS["call_back"].fetch(request.user, pk)
    if request.method == "GET":
        return redirect("call_back", call_back.pk)
    try:
        phone = call_backs.show_number(call_back, by=request.user, now=database_now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("call_back", call_back.pk)
    return answer_with_call_back(request, NOUNS["call_back"].fetch(request.user, pk), phone=phone)


@shown_by("call_back")
def answer_with_call_back(
    request: SignedIn, call_back: CallBack, refused: Offer | None = None, status: int = 200, phone: str = ""
) -> HttpResponse:
    now, person = database_now(), request.user
    clocks = list(
        Clock.objects.of(*call_back.about).select_related("version__standard", "department", "holder")
    )
    raised = list(
        Escalation.objects.filter(clock__in=clocks).select_related("to_person").order_by("happened_at")
    )
    cases = Case.objects.none()
    if call_back.customer:
        cases = Case.objects.visible_to(person).open().filter(customer=call_back.customer)
    theirs = list(cases.select_related("department", "owner").order_by("-opened_at")[:CASES_SHOWN])
    last = Contact.objects.filter(customer=call_back.customer, made_at__isnull=False).select_related("owner")
    groups = {"acts": offers("call_back", call_back, Reader.of(request, refused))}
    return page(
        request,
        "desks/call_back.html",
        {
            "call_back": call_back,
            "phone": phone,
            "customer": call_back.customer.shown_to(person) if call_back.customer else None,
            "case": Case.objects.visible_to(person).filter(pk=call_back.case_id).first(),
            "clocks": shown_clocks(clocks, raised, now),
            "cases": open_cases(theirs, now),
            "last": last.order_by("-made_at").first() if call_back.customer else None,
            "is_mine": call_back.taken_by_id == person.pk,
            "acts": with_refused(groups, "acts", refused)["acts"],
            "here": f"/call-backs/{call_back.pk}",
            "now": now,
            "rail_here": "/call-backs",
        },
        status=status,
    )
