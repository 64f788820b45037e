"""Uses of the emergency path with their reviews, by person and one by one."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from guixin.desks.acts import Offer, Reader, asked_for_alone, form_alone, offers, with_refused
from guixin.desks.ladders import shown_clocks
from guixin.desks.nouns import NOUNS, shown_by
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.promise.models import Clock, Escalation
from guixin.serve import emergencies, queues
from guixin.serve.models import Case, Emergency
from guixin.serve.overview import may_oversee

WHICH = ("all", "running", "review")


@signed_in
@require_safe
def listed(request: SignedIn) -> HttpResponse:
    """`?which=running`, `?which=review` (still to be reviewed), or all, newest first."""
    person, which = request.user, request.GET.get("which", "all")
    seen = Emergency.objects.visible_to(person)
    rows = {"running": seen.running(), "review": seen.to_review()}.get(which, seen)
    rows = rows.select_related("case", "by", "reviewer", "reviewed_by")
    found = queues.page_of(queues.Listed(rows, order=("-at",)), request.GET.get("after"))
    return page(
        request,
        "desks/emergencies.html",
        {
            "emergencies": found.rows,
            "which": which if which in WHICH else "all",
            "people": emergencies.uses_by_person(seen) if may_oversee(person) else [],
            "after": found.after,
            "is_first": "after" not in request.GET,
        },
    )


@signed_in
@require_safe
def of_case(request: SignedIn, number: str) -> HttpResponse:
    """To the latest use of the path on this case."""
    case = NOUNS["case"].fetch(request.user, number)
    latest = Emergency.objects.visible_to(request.user).filter(case=case).order_by("-pk").first()
    if latest is None:
        raise Http404
    return redirect("emergency", latest.pk)


@signed_in
@require_safe
def one(request: SignedIn, pk: str) -> HttpResponse:
    emergency = NOUNS["emergency"].fetch(request.user, pk)
    if asked_for_alone(request):
        reader = Reader.of(request)
        found = offers("emergency", emergency, reader)
        return form_alone(request, next((each for each in found if each.name == reader.wanted), None), {})
    return answer_with_emergency(request, emergency)


@shown_by("emergency")
def answer_with_emergency(
    request: SignedIn, emergency: Emergency, refused: Offer | None = None, status: int = 200
) -> HttpResponse:
    now = database_now()
    clocks = [
        *Clock.objects.of(*emergency.about).select_related("version__standard", "department", "holder"),
        *Clock.objects.of(*emergency.review).select_related("version__standard", "department", "holder"),
    ]
    raised = list(
        Escalation.objects.filter(clock__in=clocks).select_related("to_person").order_by("happened_at")
    )
    groups = {"acts": offers("emergency", emergency, Reader.of(request, refused))}
    return page(
        request,
        "desks/emergency.html",
        {
            "emergency": emergency,
            "case": Case.objects.visible_to(request.user).filter(pk=emergency.case_id).first(),
            "clocks": shown_clocks(clocks, raised, now),
            "acts": with_refused(groups, "acts", refused)["acts"],
            "here": f"/emergencies/{emergency.pk}",
            "now": now,
            "rail_here": "/requests",
        },
        status=status,
    )
