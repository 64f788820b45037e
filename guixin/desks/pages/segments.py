"""Segments: the list in their order, one with its rule and course, and what is done with it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixin.desks.admin.acting import did, done, history
from guixin.desks.forms.segment import SegmentForm
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.knowledge import of_segment
from guixin.desks.pages.owned import Owned
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.organisation.pinyin import free_code
from guixin.serve.overview import sees_all
from guixin.understand import needing, segmenting
from guixin.understand.courses import standings, weeks
from guixin.understand.models import Segment, SegmentRound
from guixin.understand.rules import in_words
from guixin.web import charts, money
from guixin.web.charts import Series
from guixin.web.toasts import say

SEGMENTS = Owned[Segment](
    lambda: Segment.objects.select_related("owner", "draft_by"),
    segmenting.may_define,
    segmenting.may_edit,
    gettext_lazy("Only its owner and administrators change a segment."),
)
may_open, fetch, editors = SEGMENTS.may_open, SEGMENTS.fetch, SEGMENTS.editors


@signed_in
@require_safe
def listed(request: SignedIn) -> HttpResponse:
    if not may_open(request.user):
        raise PermissionDenied(
            _("Segments are for the front desk, administrators and those who answer for one.")
        )
    now = database_now()
    segments = list(Segment.objects.visible_to(request.user).select_related("owner").order_by("priority"))
    rows = [
        {
            "standing": each,
            "segment": each.segment,
            "name": each.segment.shown_name(get_language() or "zh-hans"),
            "value": money.shown(each.net, money.firm_currency(), rounded=True),
            "spark": charts.sparkline(each.trend, _("%s days") % len(each.trend)),
        }
        for each in standings(segments, now)
    ]
    return page(
        request,
        "desks/segments.html",
        {
            "rows": rows,
            "may_define": segmenting.may_define(request.user),
            "last_round": SegmentRound.objects.exclude(done_at=None).order_by("-done_at").first(),
            "is_waiting": SegmentRound.objects.filter(done_at=None).exists(),
            "now": now,
        },
    )


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Name and owner first; the rule follows."""
    if not segmenting.may_define(request.user):
        raise PermissionDenied(_("Administrators decide which segments there are."))
    form = SegmentForm(request.POST or None, auto_id="segment-%s", label_suffix="")
    made: list[Segment] = []
    now = database_now()
    if request.method == "POST" and done(form, lambda said: made.append(_define(said, request, now))):
        return redirect("segment_rule", code=made[0].code)
    status = 422 if form.errors else 200
    return page(request, "desks/segment_new.html", {"form": form, "now": now}, status=status)


def _define(said: dict[str, Any], request: SignedIn, now) -> Segment:
    code = free_code(
        said["name"],
        said["name_en"],
        lambda code: code == "new" or Segment.objects.filter(code=code).exists(),
        otherwise="segment",
    )
    try:
        return segmenting.define(
            code, name=said["name"], name_en=said["name_en"], owner=said["owner"], purpose=said["purpose"], by=request.user, now=now,
        )  # fmt: skip
    except IntegrityError as twice:
        raise segmenting.CannotSegment(_("Somebody else has just made a segment; try again.")) from twice


@signed_in
@require_safe
def show(request: SignedIn, code: str) -> HttpResponse:
    return answer(request, fetch(request, code))


def answer(
    request: SignedIn, segment: Segment, *, status: int = 200, more: dict[str, Any] | None = None
) -> HttpResponse:
    now = database_now()
    versions = list(segment.versions.select_related("published_by").order_by("-number"))
    in_force = next((each for each in versions if each.withdrawn_at is None), None)
    (standing,) = standings([segment], now)
    names = dict(Segment.objects.values_list("code", "name"))
    form = SegmentForm(noun=segment, auto_id="segment-%s", label_suffix="")
    context = {
        "segment": segment,
        "name": segment.shown_name(get_language() or "zh-hans"),
        "standing": standing,
        "value": money.shown(standing.net, money.firm_currency(), rounded=True),
        "average": money.shown(round(standing.net / standing.members), money.firm_currency())
        if standing.members
        else "",
        "rule": in_words(in_force.rule, names) if in_force else "",
        "draft": in_words(segment.draft, names) if segment.draft else "",
        "in_force": in_force,
        "versions": [(each, in_words(each.rule, names)) for each in versions],
        "charts": _charts(segment, now),
        **needs_of(segment, request.user),
        "form": form,
        "may_edit": segmenting.may_edit(segment, request.user),
        "may_define": segmenting.may_define(request.user),
        "may_see_members": sees_all(scope_of(request.user)),
        "is_waiting": SegmentRound.objects.filter(done_at=None).exists(),
        "history": history(("segment", segment.pk)),
        "known": of_segment(request, segment, timezone.localdate(now)),
        "now": now,
    }
    return page(request, "desks/segment.html", context | (more or {}), status=status)


def needs_of(segment: Segment, person: Person, at_most: int = 12) -> dict[str, Any]:
    """What its customers want, the heaviest first; for whoever may see them each line leads to its records."""
    wanted = needing.by_weight(segment.customers(), at_most=at_most)
    return {
        "wanted": wanted,
        "heaviest": max((each.weight for each in wanted), default=1),
        "needs_here": reverse("needs") if sees_all(scope_of(person)) else "",
    }


def _charts(segment: Segment, now) -> list[charts.Chart]:
    """Members at the end of each week, and who came and went in it; every figure opens its customers."""
    course = weeks(segment, now)
    members = reverse("segment_members", args=[segment.code])
    labels = [f"{week.begins:%m-%d}" for week in course]

    def links(what: str, numbers: list[int]) -> list[str]:
        return [
            f"{members}?which={what}&from={week.begins}&to={week.ends}" if number else ""
            for week, number in zip(course, numbers, strict=True)
        ]

    entered, left = [week.entered for week in course], [week.left for week in course]
    return [
        charts.lines(
            _("Customers in the segment, by week"), labels, [Series(_("Customers"), [w.members for w in course])],
            first=_("Week from"),
        ),
        charts.bars(
            _("Entering and leaving, by week"), labels,
            [
                Series(_("Entered"), entered, links=links("entered", entered), look=3),
                Series(_("Left"), [-each for each in left], links=links("left", left), look=2),
            ],
            stacked=True, first=_("Week from"),
        ),
    ]  # fmt: skip


@editors
@require_POST
def describe(request: SignedIn, segment: Segment) -> HttpResponse:
    form = SegmentForm(request.POST, noun=segment, auto_id="segment-%s", label_suffix="")
    now = database_now()
    if done(form, lambda said: segmenting.describe(segment, said, by=request.user, now=now)):
        say(request, _("The segment is changed."))
        return redirect("segment", code=segment.code)
    return answer(request, segment, status=422, more={"form": form, "is_editing": True})


@editors
@require_POST
def publish(request: SignedIn, segment: Segment) -> HttpResponse:
    """Publish the draft that was looked at: `version` tells which."""
    seen = request.POST.get("version", "")
    return did(
        request,
        lambda: segmenting.publish(
            segment, read_at_version=int(seen) if seen.isdecimal() and len(seen) < 10 else 0, by=request.user,
            now=database_now(),
        ),
        _("The rule is in force. Customers are being sorted by it; this takes a moment."),
        where=reverse("segment", args=[segment.code]),
    )  # fmt: skip


@editors
@require_POST
def discard(request: SignedIn, segment: Segment) -> HttpResponse:
    segmenting.discard_draft(segment)
    say(request, _("The draft is thrown away; the rule in force stays as it is."))
    return redirect("segment", code=segment.code)


@editors
@require_POST
def again(request: SignedIn, segment: Segment, number: int) -> HttpResponse:
    """Go back to what an earlier version said."""
    version = segment.versions.filter(number=number).first()
    if version is None:
        raise Http404
    return did(
        request,
        lambda: segmenting.publish_again(version, by=request.user, now=database_now()),
        _("Version %s is in force again, as a new version.") % number,
        where=reverse("segment", args=[segment.code]),
    )


@editors
@require_POST
def withdraw(request: SignedIn, segment: Segment) -> HttpResponse:
    return did(
        request,
        lambda: segmenting.withdraw(segment, by=request.user, now=database_now()),
        _("The segment is withdrawn; whoever is in it leaves it."),
        where=reverse("segment", args=[segment.code]),
    )


@signed_in
@require_POST
def place(request: SignedIn, code: str) -> HttpResponse:
    """One place up or down in the order; whoever is in several segments is treated by the first."""
    segment = fetch(request, code)
    if not segmenting.may_define(request.user):
        raise PermissionDenied(_("Administrators decide the order of segments."))
    step = {"earlier": -1, "later": 1}.get(request.POST.get("to", ""), 0)
    order = list(Segment.objects.order_by("priority").values_list("pk", flat=True))
    return did(
        request,
        lambda: segmenting.move(
            segment, order.index(segment.pk) + 1 + step, by=request.user, now=database_now()
        ),
        _("The order is changed."),
        where=reverse("segments"),
    )
