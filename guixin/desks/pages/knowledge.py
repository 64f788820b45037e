"""Knowledge and market intelligence: found by words, read, used; the steward's worklist; what is known of a customer."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guixin.desks.acts import Offer, Reader, asked_for_alone, form_alone, offers, with_refused
from guixin.desks.admin.acting import done
from guixin.desks.forms.knowledge import CaptureForm
from guixin.desks.nouns import NOUNS, shown_by
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.customer import act as act_on_customer
from guixin.desks.rendering import fragment, page
from guixin.ledger.clock import database_now
from guixin.organisation.access import scope_of
from guixin.promise import reading
from guixin.promise.models import Clock
from guixin.serve import queues
from guixin.serve.models import Case
from guixin.serve.overview import sees_all
from guixin.understand import knowing, sharing
from guixin.understand.models import (
    Customer,
    Knowledge,
    KnowledgeKind,
    KnowledgeReading,
    KnowledgeShare,
    Segment,
)
from guixin.understand.models.knowledge import FAMILIES, WHICH, KnowledgeState
from guixin.web.toasts import say

SHOWN = 50


@signed_in
@require_safe
def listed(request: SignedIn) -> HttpResponse:
    """What the reader may see, the newest first. `?q=` words, `?family=`, `?kind=`, `?topic=`, `?segment=` narrow it;
    `?which=unread` what they must still read, `flagged` unreviewed or expired, `ended` what no longer holds."""
    asked = {
        name: request.GET.get(name, "").strip()
        for name in ("q", "family", "kind", "topic", "segment", "which")
    }
    now = database_now()
    today = timezone.localdate(now)
    if asked["family"] not in ("", *FAMILIES) or asked["which"] not in ("", *WHICH):
        raise Http404
    rows = Knowledge.objects.visible_to(request.user).narrowed(today=today, reader=request.user, **asked)
    rows = rows.select_related("customer", "segment", "captured_by").with_uses()
    found = queues.page_of(queues.Listed(rows, order=("-captured_at",)), request.GET.get("after"))
    context = {
        "items": [_row(request, each, today) for each in found.rows],
        "asked": asked,
        "kinds": KnowledgeKind.choices,
        "topics": knowing.topics(),
        "is_narrowed": any(asked.values()),
        "after": found.after,
        "is_first": "after" not in request.GET,
        "now": now,
    }
    return page(request, "desks/knowledge.html", context)


def _row(request: SignedIn, item: Knowledge, today: date) -> dict[str, Any]:
    return {"item": item, "flags": item.flags(today), "used": getattr(item, "used", None)}


@signed_in
@require_safe
def worklist(request: SignedIn) -> HttpResponse:
    """The steward's: to be judged, without a topic, expired, due for review."""
    if not knowing.may_keep(request.user):
        raise PermissionDenied(_("This is for the knowledge steward to decide."))
    now = database_now()
    today = timezone.localdate(now)
    every = Knowledge.objects.select_related("customer", "segment", "captured_by")
    parts = [
        (_("To be judged"), "judging", every.to_judge()),
        (_("To be given a topic"), "topic", every.without_topic()),
        (_("Expired"), "review", every.expired(today).filter(state=KnowledgeState.KEPT)),
        (
            _("Due for review"), "review",
            every.due_for_review(today).filter(Q(valid_until=None) | Q(valid_until__gte=today)),
        ),
    ]  # fmt: skip
    found = [(title, act, list(rows[: SHOWN + 1])) for title, act, rows in parts]
    context = {
        "parts": [
            {
                "key": f"part-{place}",
                "title": title,
                "act": act,
                "items": [_row(request, each, today) for each in rows[:SHOWN]],
                "number": f"{SHOWN}+" if len(rows) > SHOWN else len(rows),
            }
            for place, (title, act, rows) in enumerate(found)
        ],
        "is_empty": not any(rows for _title, _act, rows in found),
        "now": now,
    }
    return page(request, "desks/knowledge_worklist.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Write down what one knows: `?kind=`, `?segment=` fill it in beforehand."""
    initial = {name: request.GET.get(name, "") for name in ("kind", "segment", "subject")}
    form = CaptureForm(
        request.POST if request.method == "POST" else None,
        noun=request.user,
        initial=initial,
        auto_id="know-%s",
        label_suffix="",
    )
    made: list[Knowledge] = []
    now = database_now()
    if request.method == "POST" and done(form, lambda said: made.append(_capture(request, said, now))):
        say(request, _("Written down; the knowledge steward judges it."))
        return redirect("knowledge_item", made[0].pk)
    subjects = Knowledge.objects.visible_to(request.user).exclude(subject="").order_by("subject")
    context = {
        "form": form,
        "subjects": list(subjects.values_list("subject", flat=True).distinct()[:SHOWN]),
        "now": now,
    }
    return page(request, "desks/knowledge_new.html", context, status=422 if form.errors else 200)


def _capture(request: SignedIn, said: dict[str, Any], now) -> Knowledge:
    said = dict(said)
    departments = said.pop("departments")
    with transaction.atomic():  # what they must know is written down only if they can be told
        item = knowing.capture(said.pop("kind"), said.pop("title"), **said, by=request.user, now=now)
        if departments:
            sharing.share(item, departments, by=request.user, now=now)
    return item


# -- one item ----------------------------------------------------------------------------------------------------


@signed_in
@require_safe
def one(request: SignedIn, pk: str) -> HttpResponse:
    item = NOUNS["knowledge"].fetch(request.user, pk)
    if asked_for_alone(request):
        reader = Reader.of(request)
        found = offers("knowledge", item, reader)
        return form_alone(request, next((each for each in found if each.name == reader.wanted), None), {})
    return answer_with_item(request, item)


@shown_by("knowledge")
def answer_with_item(
    request: SignedIn, item: Knowledge, refused: Offer | None = None, status: int = 200
) -> HttpResponse:
    now = database_now()
    uses = list(item.uses.select_related("by", "customer").order_by("-pk")[:SHOWN])
    cases = {each.case_id for each in uses} | ({item.evidence_id} if item.evidence_kind == "case" else set())
    numbers = dict(
        Case.objects.visible_to(request.user).filter(pk__in=cases - {None}).values_list("pk", "number")
    )
    groups = {"acts": offers("knowledge", item, Reader.of(request, refused))}
    context = {
        "item": item,
        "flags": item.flags(timezone.localdate(now)),
        "customer": item.customer.shown_to(request.user) if item.customer else None,
        "may_open_customer": item.customer is not None and _sees_customer(request, item.customer),
        "case": numbers.get(item.evidence_id) if item.evidence_kind == "case" else None,
        "contact": item.evidence_id if item.evidence_kind == "contact" else None,
        "results_page": reading.own_page(item, request.user),
        "uses": [(each, numbers.get(each.case_id)) for each in uses],
        "versions": list(item.versions.select_related("replaced_by").order_by("-number")),
        "shares": _shares(item, now),
        "topics": knowing.topics(),
        "acts": with_refused(groups, "acts", refused)["acts"],
        "here": f"/knowledge/{item.pk}",
        "now": now,
    }
    return page(request, "desks/knowledge_item.html", context, status=status)


def _sees_customer(request: SignedIn, customer: Customer) -> bool:
    return (
        sees_all(scope_of(request.user))
        or Customer.objects.visible_to(request.user).filter(pk=customer.pk).exists()
        or Case.objects.visible_to(request.user).filter(customer=customer).exists()
    )


def _shares(item: Knowledge, now) -> list[dict[str, Any]]:
    """Each department that must know it: who has seen it and when, and who has not yet."""
    shares = list(
        item.shares.select_related("department", "shared_by").order_by("-version", "department__path")
    )
    readings: dict[int, list[KnowledgeReading]] = {each.pk: [] for each in shares}
    rows = KnowledgeReading.objects.filter(share__in=shares).select_related("person")
    for each in rows.order_by("read_at", "person__name_pinyin"):
        readings[each.share_id].append(each)
    due = dict(
        Clock.objects.of(KnowledgeShare.ABOUT, *readings).open().values_list("about_id", "due_at")
        if shares
        else ()
    )
    return [
        {
            "share": each,
            "seen": [one for one in readings[each.pk] if one.read_at],
            "all": len(readings[each.pk]),
            "unseen": [one for one in readings[each.pk] if not one.read_at],
            "due_at": due.get(each.pk),
        }
        for each in shares
    ]


# -- of a customer, of a segment ---------------------------------------------------------------------------------


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def of_customer(request: SignedIn, pk: int) -> HttpResponse:
    """A part of the customer's page, and a page of its own; a post writes down one more. `?case=`: beside this case, for
    which each item can be used with one button."""
    if request.method == "POST":
        return act_on_customer(request, pk, "knowledge")
    customer = NOUNS["customer"].fetch(request.user, str(pk))
    now = database_now()
    today = timezone.localdate(now)
    rows = customer.knowledge.select_related("captured_by").with_uses()
    case = Case.objects.visible_to(request.user).filter(number=request.GET.get("case", "")).first()
    context = {
        "record": customer,
        "for_case": case.number if case and case.is_open else "",
        "customer": customer.shown_to(request.user),
        "items": [_row(request, each, today) for each in rows.order_by("ended_at", "-pk")[:SHOWN]],
        "now": now,
    }
    if request.htmx:
        return fragment(request, "desks/_knowledge_of.html", context)
    return page(request, "desks/knowledge_of.html", context)


def of_segment(request: SignedIn, segment: Segment, today: date, at_most: int = 6) -> list[dict[str, Any]]:
    """What is known of a segment as a whole, for its page."""
    rows = Knowledge.objects.visible_to(request.user).open().filter(segment=segment)
    rows = rows.select_related("captured_by").with_uses().order_by("-pk")
    return [_row(request, each, today) for each in rows[:at_most]]
