"""A customer: who they are, what is open and promised, and everything that happened, in one stream."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guixin.channels.customer_timeline import CASES_AT_MOST, KINDS, Place, stream
from guixin.desks import customer_acts
from guixin.desks.acts import Offer, Reader, act_called, asked_for_alone, form_alone, offers, perform
from guixin.desks.ladders import MEASURES, shown_pill
from guixin.desks.nouns import NOUNS, address
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.case import answer_with_case
from guixin.desks.rendering import fragment, page
from guixin.desks.survey_tabs import behind_address
from guixin.desks.worth import worth_of
from guixin.ledger.clock import database_now
from guixin.ledger.reading import Reading
from guixin.listen.said import Said, may_open, said_by
from guixin.promise.models import Clock
from guixin.serve.models import Case
from guixin.understand import contact_people, merging, pairing
from guixin.understand.data_held import may_hand_out
from guixin.understand.duplicates import in_words
from guixin.understand.measuring import facts
from guixin.understand.models import Contact, ContactPerson, Customer, Membership, Merge
from guixin.understand.models.customer import CannotReveal
from guixin.understand.rules import why_in_words
from guixin.web.refusals import Refused
from guixin.web.toasts import say

CASES_SHOWN = 30
OPEN_SHOWN = 100
CONTACTS_SHOWN = 30
DUPLICATES_SHOWN = 5
MEMBERSHIPS_SHOWN = 12
PLANNED_SHOWN = 6

MERGES = Reading(  # also of those who had gone into one of them before
    lambda customer_id: (
        Merge.objects.filter(merged__merged_into_id=customer_id, undone_at=None)
        .select_related("merged", "by")
        .order_by("-pk")
    )
)
PLANNED = Reading(
    lambda customer_id: (
        Contact.objects.planned()
        .filter(customer_id=customer_id)
        .select_related("owner")
        .order_by("planned_on", "pk")[:PLANNED_SHOWN]
    )
)
MEMBERSHIPS = Reading(
    lambda customer_id: (
        Membership.objects.filter(customer_id=customer_id)
        .select_related("segment")
        .order_by(F("until").desc(nulls_first=True), "segment__priority")[:MEMBERSHIPS_SHOWN]
    )
)
ROLES = Reading(
    lambda customer_id: ContactPerson.objects.filter(person_id=customer_id, left_at=None).select_related(
        "company"
    )
)


@signed_in
def of_case(request: SignedIn, number: str) -> HttpResponse:
    """The customer of a case: masked when looked at, in full for a reason, which goes into the ledger."""
    case = NOUNS["case"].fetch(request.user, number)
    if case.customer is None:
        raise Http404
    about, status = _looked_at(request, case.customer)
    about |= {"case": case, "reveal_address": reverse("customer_of_case", args=[case.number])}
    if request.htmx:
        return fragment(request, "desks/_customer.html", about, status=status)
    return answer_with_case(request, case, status=status, more=about)


@signed_in
def reveal(request: SignedIn, pk: int) -> HttpResponse:
    """The same on the customer's own page."""
    customer = _fetch(request, pk)
    about, status = _looked_at(request, customer)
    if request.htmx:
        return fragment(request, "desks/_customer.html", about | _heading(customer), status=status)
    return _answer(request, customer, status=status, more=about)


def _looked_at(request: SignedIn, customer: Customer) -> tuple[dict[str, Any], int]:
    """What is shown of them: masked, or in full when a reason was posted."""
    about: dict[str, Any] = {"customer": customer.shown_to(request.user)}
    if request.method != "POST":
        return about | {"customer": customer.shown_to(request.user, whole=True)}, 200
    reason = request.POST.get("reason", "")
    try:
        about["customer"] = customer.reveal(by=request.user, reason=reason, now=database_now())
    except CannotReveal as refusal:
        return about | {"refusal": str(refusal), "typed": reason}, 422
    return about, 200


@signed_in
def show(request: SignedIn, pk: int) -> HttpResponse:
    customer = _fetch(request, pk)
    if asked_for_alone(request):
        wanted = Reader.of(request)
        found = offers("customer", customer, wanted)
        return form_alone(request, next((each for each in found if each.name == wanted.wanted), None), {})
    return _answer(request, customer)


@signed_in
def act(request: SignedIn, pk: int, name: str) -> HttpResponse:
    """One act on the record: done by its verb, or shown with the reason why not."""
    customer = _fetch(request, pk)
    wanted = act_called("customer", name)
    if request.method != "POST" or wanted is None:
        return redirect(address("customer", customer)) if wanted else HttpResponse(status=404)

    def show_refusal(refused: Offer, status: int) -> HttpResponse:
        return _answer(request, _fetch(request, pk), refused, status)

    return perform(request, wanted, customer, where=address("customer", customer), show=show_refusal)


@signed_in
@require_POST
def undo_merge(request: SignedIn, pk: int, merge: int) -> HttpResponse:
    """Take back a merge; what moved goes back, what came since stays."""
    customer = _fetch(request, pk)
    if not customer_acts.may_keep(customer, request.user):
        raise Http404
    made = get_object_or_404(Merge, pk=merge, kept=customer)
    try:
        again = merging.undo(made, by=request.user, now=database_now())
    except Refused as refusal:
        return _answer(request, customer, status=409, more={"cannot_undo": str(refusal)})
    say(request, _("The two are two customers again."))
    return redirect(f"{address('customer', customer)}?again={again.pk}")


def _fetch(request: SignedIn, pk: int) -> Customer:
    customer = NOUNS["customer"].fetch(request.user, str(pk))
    prefetch_related_objects([customer], "identities")
    return customer


@dataclass(frozen=True)
class OpenCase:
    """A case with what is promised on it and still runs, the nearest first."""

    case: Case
    promises: list[tuple[str, object]]  # words, pill


def open_cases(cases: list[Case], now: Any) -> list[OpenCase]:
    """The promises to the customer of these cases, in one query."""
    clocks: dict[int, list[Clock]] = {case.pk: [] for case in cases if case.is_open}
    for clock in (
        Clock.objects.open().filter(case_id__in=list(clocks), about_kind="case").order_by("due_at", "pk")
    ):
        clocks[clock.case_id].append(clock)
    return [
        OpenCase(
            case,
            [
                (str(MEASURES.get(clock.measure, clock.measure)), shown_pill(clock, now))
                for clock in clocks[case.pk]
            ],
        )
        for case in cases
        if case.is_open
    ]


def _answer(
    request: SignedIn,
    customer: Customer,
    refused: Offer | None = None,
    status: int = 200,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    now = database_now()
    only, before = request.GET.get("kind", ""), request.GET.get("before", "")
    keeps = customer_acts.may_keep(customer, request.user)
    wanted = Case.objects.visible_to(request.user).filter(customer=customer).exclude(state=Case.State.MERGED)
    states = dict(wanted.order_by("-opened_at", "-pk").values_list("pk", "state")[:CASES_AT_MOST])
    case_ids = list(states)
    first = case_ids[: CASES_SHOWN + 1]
    open_ids = [pk for pk in case_ids if states[pk] in Case.OPEN][:OPEN_SHOWN]
    shown_cases = Case.objects.select_related("department", "owner").in_bulk({*first, *open_ids})
    cases, open_ones = [shown_cases[pk] for pk in first], [shown_cases[pk] for pk in open_ids]
    merges = MERGES.rows(customer.pk)
    happened = stream(
        [customer.pk, *(each.merged_id for each in merges)],
        case_ids,
        only=only,
        before=Place.read(before),
        with_record=keeps,
    )
    shown = customer.shown_to(request.user, whole=True)
    context = {
        "shown": shown,
        "customer": shown,
        "record": customer,
        "here": address("customer", customer),
        "open_cases": open_cases(open_ones, now),
        "cases": cases[:CASES_SHOWN],
        "has_more_cases": len(cases) > CASES_SHOWN,
        "stream": happened,
        "kinds": [(name, words) for name, (words, _kinds) in KINDS.items() if keeps or name != "record"],
        "only": only,
        "keeps": keeps,
        "may_hand_out": may_hand_out(request.user),
        "contacts": _contacts(request, customer) if keeps else [],
        "planned": PLANNED.rows(customer.pk),
        "roles": _roles(customer),
        "worth": worth_of(customer),
        "said": [(each, _response(request, each)) for each in said_by(customer.pk)],
        "merges": [
            (each, each.merged.shown_to(request.user)["name"])
            for each in merges
            if keeps and each.kept_id == customer.pk
        ],
        "alike": _alike(request, customer) if keeps and not customer.merged_into_id else [],
        "memberships": _memberships(customer) if keeps else [],
        "acts": offers("customer", customer, Reader.of(request, refused)),
        "now": now,
        "rail_here": "/customers",
    }
    context |= _heading(customer) | (more or {})
    template = "desks/customer.html"
    if request.htmx and request.htmx.target == "happened":
        return fragment(request, "desks/_customer_happened.html", context)
    return page(request, template, context, status=status)


def _heading(customer: Customer) -> dict[str, Any]:
    return {"record": customer, "reveal_address": reverse("reveal_customer", args=[customer.pk])}


def _memberships(customer: Customer) -> list[tuple[Membership, str, str]]:
    """The segments the customer is in and was in, those of now and the first of them first, with the reasons."""
    rows = MEMBERSHIPS.rows(customer.pk)
    named = {name for each in rows for name in each.why} - {"version"}
    known, language = facts(named) if named else {}, get_language() or "zh-hans"
    return [(each, each.segment.shown_name(language), why_in_words(each.why, known)) for each in rows]


def _contacts(request: SignedIn, customer: Customer) -> list[tuple[dict[str, Any], ContactPerson | None]]:
    """Who works at this company, with their say."""
    if customer.kind != Customer.Kind.COMPANY:
        return []
    people = contact_people.people_of(customer, CONTACTS_SHOWN)
    return [(each.shown_to(request.user), known) for each, known in people]


def _roles(customer: Customer) -> list[ContactPerson]:
    """Where this person has a say."""
    if customer.kind != Customer.Kind.PERSON:
        return []
    return ROLES.rows(customer.pk)


@signed_in
@require_POST
def contact_left(request: SignedIn, pk: int, person: int) -> HttpResponse:
    """Somebody no longer works at this company."""
    company = _fetch(request, pk)
    if not customer_acts.may_keep(company, request.user):
        raise Http404
    somebody = get_object_or_404(Customer, pk=person)
    try:
        contact_people.leave(company, somebody, by=request.user, now=database_now())
    except Refused as refusal:
        return _answer(request, company, status=409, more={"cannot_undo": str(refusal)})
    say(request, _("No longer a contact person here."))
    return redirect(address("customer", company))


def _response(request: SignedIn, said: Said) -> str:
    """Where the whole response stands, for whoever may open its wave."""
    return (
        behind_address(said.wave, response=str(said.response_id)) if may_open(said.wave, request.user) else ""
    )


def _alike(request: SignedIn, customer: Customer) -> list[tuple[dict[str, Any], str]]:
    """Who may be the same, as the worker found them: looking anew would be six questions on every page."""
    return [
        (other.shown_to(request.user), in_words(reasons))
        for other, reasons in pairing.alike(customer, DUPLICATES_SHOWN)
    ]
