"""Contacts with customers: the week of one person or of their people, one contact, and the regular ones."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixin.desks.acts import Offer, Reader, act_called, asked_for_alone, form_alone, offers, perform
from guixin.desks.forms.contact import SeriesForm
from guixin.desks.lists import Lists
from guixin.desks.nouns import NOUNS, address
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation.access import get_visible_or_404, scope_of
from guixin.organisation.models.position import Rank
from guixin.serve.models import Visit, VisitFollowUp
from guixin.serve.overview import sees_all
from guixin.serve.visit_rules import rules_of
from guixin.understand import contact_series, needing
from guixin.understand.models import Contact, ContactKind, ContactPlan, Need
from guixin.web.refusals import Refused
from guixin.web.toasts import say

SHOWN = 200


@dataclass(frozen=True)
class Day:
    on: date
    is_today: bool
    contacts: list[tuple[Contact, dict[str, Any]]]  # with the customer, masked


@signed_in
@require_safe
def week(request: SignedIn) -> HttpResponse:
    """?week=2026-03-02 (any day of it), ?whose=ours for the people one looks after."""
    now = database_now()
    today = timezone.localdate(now)
    monday = _monday(request.GET.get("week", ""), today)
    ours = request.GET.get("whose") == "ours" and _leads(request)
    contacts = Contact.objects.visible_to(request.user)
    if not ours:
        contacts = contacts.filter(owner=request.user)
    contacts = contacts.select_related("customer", "owner", "plan", "person").prefetch_related(
        "customer__identities"
    )
    begins, ends = (timezone.make_aware(_midnight(monday + timedelta(days=after))) for after in (0, 7))
    late = list(contacts.planned().filter(missed_at__isnull=False).order_by("planned_on", "pk")[:SHOWN])
    planned = list(
        contacts.planned()
        .filter(planned_on__gte=monday, planned_on__lt=monday + timedelta(days=7), missed_at=None)
        .order_by("planned_on", "planned_at", "pk")[:SHOWN]
    )
    made = list(
        contacts.filter(state=Contact.State.MADE, made_at__gte=begins, made_at__lt=ends)
        .exclude(kind=ContactKind.MESSAGE, plan_message__isnull=False)  # thousands may leave by a plan; nobody made them
        .order_by("made_at", "pk")[:SHOWN]
    )  # fmt: skip
    by_day: dict[date, list[Contact]] = {monday + timedelta(days=after): [] for after in range(7)}
    for each in [*made, *planned]:
        on = timezone.localdate(each.made_at) if each.made_at else each.planned_on
        by_day.setdefault(on or monday, []).append(each)
    context = {
        "late": [_row(request, each) for each in late],
        "days": [
            Day(on, on == today, [_row(request, each) for each in found])
            for on, found in by_day.items()
            if found or on.weekday() < 5
        ],
        "monday": monday,
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "ours": ours,
        "leads": _leads(request),
        "now": now,
    }
    return page(request, "desks/contacts.html", context)


def _row(request: SignedIn, contact: Contact) -> tuple[Contact, dict[str, Any]]:
    return contact, contact.customer.shown_to(request.user)


def _leads(request: SignedIn) -> bool:
    scope = scope_of(request.user)
    return sees_all(scope) or scope.rank >= Rank.SUPERVISOR


def _monday(asked: str, today: date) -> date:
    try:
        day = date.fromisoformat(asked) if asked else today
    except ValueError as wrong:
        raise Http404 from wrong
    if not 2000 <= day.year <= 2200:
        raise Http404
    return day - timedelta(days=day.weekday())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


# -- one contact -------------------------------------------------------------------------------------------------


@signed_in
@require_safe
def show(request: SignedIn, pk: int) -> HttpResponse:
    contact = _fetch(request, pk)
    if asked_for_alone(request):
        wanted = Reader.of(request)
        found = offers("contact", contact, wanted)
        return form_alone(request, next((each for each in found if each.name == wanted.wanted), None), {})
    return _answer(request, contact)


@signed_in
def act(request: SignedIn, pk: int, name: str) -> HttpResponse:
    contact = _fetch(request, pk)
    wanted = act_called("contact", name)
    if request.method != "POST" or wanted is None:
        return redirect(address("contact", contact)) if wanted else HttpResponse(status=404)

    def show_refusal(refused: Offer, status: int) -> HttpResponse:
        return _answer(request, _fetch(request, pk), refused, status)

    return perform(request, wanted, contact, where=address("contact", contact), show=show_refusal)


def _fetch(request: SignedIn, pk: int) -> Contact:
    return NOUNS["contact"].fetch(request.user, str(pk))


def _answer(
    request: SignedIn, contact: Contact, refused: Offer | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "contact": contact,
        "customer": contact.customer.shown_to(request.user),
        "person": contact.person.shown_to(request.user) if contact.person else None,
        "visit": _followed_up(request, contact),
        "needs": list(Need.objects.filter(evidence_kind="contact", evidence_id=contact.pk)),
        "themes": needing.themes(),
        "acts": offers("contact", contact, Reader.of(request, refused)),
        "here": address("contact", contact),
        "now": database_now(),
    }
    return page(request, "desks/contact.html", context, status=status)


def _followed_up(request: SignedIn, contact: Contact) -> dict[str, Any] | None:
    """The visit this contact follows up, with its other follow-ups, for whoever sees the visit."""
    row = VisitFollowUp.objects.filter(contact=contact).first()
    visit = Visit.objects.visible_to(request.user).filter(pk=row.visit_id).first() if row else None
    if row is None or visit is None:
        return None
    others = visit.follow_ups.exclude(pk=row.pk).select_related("contact").order_by("months")
    purpose = rules_of(visit.rules_id).purpose(visit.purpose).shown(get_language() or "zh-hans")
    return {"visit": visit, "purpose": purpose, "months": row.months, "others": list(others)}


# -- regular contacts --------------------------------------------------------------------------------------------


@signed_in
@require_safe
def plans(request: SignedIn) -> HttpResponse:
    """Running series, one's own first."""
    every = list(
        ContactPlan.objects.visible_to(request.user)
        .filter(ended_at=None)
        .select_related("customer", "owner")
        .prefetch_related("customer__identities")
        .order_by("owner__name_pinyin", "pk")[:SHOWN]
    )
    rows = [(each, each.customer.shown_to(request.user)) for each in every]
    rows.sort(key=lambda row: row[0].owner_id != request.user.pk)
    return page(request, "desks/contact_plans.html", {"plans": rows})


@signed_in
@require_http_methods(["GET", "POST"])
def plan(request: SignedIn, pk: int) -> HttpResponse:
    """One series with its contacts; changed from today on."""
    series = get_visible_or_404(ContactPlan.objects.select_related("customer", "owner"), request.user, pk=pk)
    form = SeriesForm(request.POST or None, noun=series, lists=Lists(), label_suffix="")
    refusal, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = dict(form.cleaned_data)
            version = said.pop("version") or 0
            said["owner"] = said["owner"] or series.owner
            try:
                contact_series.change(
                    series, said, read_at_version=version, by=request.user, now=database_now()
                )
            except Refused as why:
                refusal = str(why)
            else:
                say(request, _("The series goes differently from today on."))
                return redirect("contact_plan", series.pk)
    context = {
        "series": series,
        "customer": series.customer.shown_to(request.user),
        "contacts": list(series.contacts.order_by("-planned_on", "-pk")[:30]),
        "form": form,
        "refusal": refusal,
        "now": database_now(),
    }
    return page(request, "desks/contact_plan.html", context, status=status)


@signed_in
@require_POST
def end_plan(request: SignedIn, pk: int) -> HttpResponse:
    series = get_visible_or_404(ContactPlan.objects, request.user, pk=pk)
    try:
        contact_series.end(series, by=request.user, now=database_now())
        say(request, _("The series has ended; what was missed stays."))
    except Refused as why:
        messages.error(request, str(why))
    return redirect("contact_plans")
