"""Communication plans: the list, one plan with what became of its messages, one message with what came back."""

from typing import Any

from django.contrib import messages as toasts
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guixin.channels.customer_messages import can_leave
from guixin.desks.communication_words import as_said, line_in_words
from guixin.desks.forms.communication import BounceForm, ReplyForm, language
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation.access import get_visible_or_404, scope_of
from guixin.promise import answering, communication
from guixin.promise.models import Channel, CommunicationPlan, CommunicationVersion, PlanMessage
from guixin.promise.models.communication import ADDRESSED_BY
from guixin.serve.overview import sees_all
from guixin.understand.masking import mask
from guixin.understand.models import Segment
from guixin.understand.segmenting import may_edit
from guixin.web.refusals import Refused
from guixin.web.toasts import say

LISTED = 50
State, Reason = PlanMessage.State, PlanMessage.Reason


@signed_in
@require_safe
def index(request: SignedIn) -> HttpResponse:
    """By segment, in the order of their priority: who is told something, by what, and how it went."""
    segments = list(Segment.objects.visible_to(request.user).published().select_related("owner"))
    plans = {
        each.segment_id: each
        for each in CommunicationPlan.objects.visible_to(request.user)
        .annotate(
            sent=Count("messages", filter=Q(messages__state=State.SENT)),
            waiting=Count("messages", filter=Q(messages__state__in=[State.WAITING, State.POSTED])),
            not_sent=Count("messages", filter=Q(messages__state=State.NOT_SENT)),
        )
        .select_related("segment")
    }
    versions = {
        each.plan_id: each
        for each in CommunicationVersion.objects.filter(plan__in=plans.values(), withdrawn_at__isnull=True).annotate(
            lines=Count("entries")
        )
    }  # fmt: skip
    rows = []
    for segment in segments:
        plan = plans.get(segment.pk)
        rows.append(
            {
                "segment": segment,
                "name": segment.shown_name(language()),
                "plan": plan,
                "version": versions.get(plan.pk) if plan else None,
                "may_edit": may_edit(segment, request.user),
            }
        )
    return page(request, "desks/communication_plans.html", {"rows": rows})


def fetch(request: SignedIn, code: str) -> CommunicationPlan:
    """The plan of this segment; for a segment in sight that has none yet, an unsaved one."""
    segment = get_visible_or_404(Segment.objects.select_related("owner"), request.user, code=code)
    plans = CommunicationPlan.objects.select_related("segment__owner", "draft_by")
    return plans.filter(segment=segment).first() or CommunicationPlan(segment=segment)


@signed_in
@require_safe
def show(request: SignedIn, code: str) -> HttpResponse:
    """What is in force, what became of its messages, and every version."""
    plan, now = fetch(request, code), database_now()
    versions: list[CommunicationVersion] = []
    if plan.pk:
        versions = list(
            plan.versions.select_related("published_by", "calendar").prefetch_related("entries").order_by("-number")
        )  # fmt: skip
    current = next((each for each in versions if each.withdrawn_at is None), None)
    of_plan = PlanMessage.objects.filter(plan=plan) if plan.pk else PlanMessage.objects.none()
    return page(
        request,
        "desks/communication_plan.html",
        {
            "plan": plan,
            "segment": plan.segment,
            "name": plan.segment.shown_name(language()),
            "version": current,
            "lines": _lines(current, of_plan),
            "closed_channels": _closed(current),
            "counts": _counts(of_plan),
            "history": versions,
            "may_edit": may_edit(plan.segment, request.user),
            "may_open": sees_all(scope_of(request.user)),
            "now": now,
        },
    )


def _lines(version: CommunicationVersion | None, of_plan: QuerySet[PlanMessage]) -> list[dict[str, Any]]:
    if version is None:
        return []
    counted = {
        row["entry__code"]: row
        for row in of_plan.values("entry__code").annotate(
            sent=Count("pk", filter=Q(state__in=[State.SENT, State.PLANNED])),
            not_sent=Count("pk", filter=Q(state=State.NOT_SENT)),
        )
    }
    return [
        line_in_words(as_said(each)) | {"counted": counted.get(each.code, {"sent": 0, "not_sent": 0})}
        for each in sorted(version.entries.all(), key=lambda entry: entry.pk)
    ]


def _closed(version: CommunicationVersion | None) -> list[str]:
    """Channels of the plan by which nothing can leave, because nobody has set the way out."""
    used = {each.channel for each in version.entries.all()} if version else set()
    return [str(Channel(each).label) for each in sorted(used) if not can_leave(each)]


def _counts(of_plan: QuerySet[PlanMessage]) -> dict[str, Any]:
    """How many in each state, the reasons of those not sent, and what came back; each opens its list."""
    rows = of_plan.values("state", "reason").annotate(n=Count("pk"))
    states = dict.fromkeys(State.values, 0)
    reasons: dict[str, int] = {}
    for row in rows:
        states[row["state"]] += row["n"]
        if row["state"] == State.NOT_SENT:
            reasons[row["reason"]] = row["n"]
    came_back = of_plan.aggregate(
        answered=Count("pk", filter=Q(replies__isnull=False), distinct=True),
        opted_out=Count("pk", filter=Q(opted_out_at__isnull=False), distinct=True),
    )
    return {
        "states": [(each, State(each).label, states[each]) for each in State.values],
        "reasons": [
            (each, Reason(each).label, n) for each, n in sorted(reasons.items(), key=lambda one: -one[1])
        ],
        **came_back,
    }


# -- the messages --------------------------------------------------------------------------------------------------


def _may_open(request: SignedIn) -> None:
    if not sees_all(scope_of(request.user)):
        raise PermissionDenied(_("Only those who see every customer see whom a plan reaches."))


@signed_in
@require_safe
def sent(request: SignedIn, code: str) -> HttpResponse:
    """Whom it reached and whom not, the newest first, narrowed by state, reason or line."""
    plan = fetch(request, code)
    _may_open(request)
    found = PlanMessage.objects.filter(plan=plan) if plan.pk else PlanMessage.objects.none()
    state, reason, entry = (request.GET.get(name, "")[:50] for name in ("state", "reason", "line"))
    if state:
        found = found.filter(state__in=[State.SENT, State.PLANNED] if state == "done" else [state])
    if reason:
        found = found.filter(reason=reason)
    if entry:
        found = found.filter(entry__code=entry.replace("\x00", ""))
    if request.GET.get("answered"):
        found = found.filter(replies__isnull=False).distinct()
    if request.GET.get("opted_out"):
        found = found.filter(opted_out_at__isnull=False)
    found = found.select_related("customer", "entry").prefetch_related("customer__identities", "replies")
    some = Paginator(found.order_by("-due_at", "-pk"), LISTED).get_page(request.GET.get("page"))
    return page(
        request,
        "desks/plan_messages.html",
        {
            "segment": plan.segment,
            "name": plan.segment.shown_name(language()),
            "rows": [_row(each, request) for each in some],
            "some": some,
            "states": State.choices,
            "state": state,
            "reason": Reason(reason).label if reason in Reason.values else "",
            "now": database_now(),
        },
    )


def _row(message: PlanMessage, request: SignedIn) -> dict[str, Any]:
    return {
        "message": message,
        "customer": message.customer.shown_to(request.user),
        "address": _address(message),
        "occasion": line_in_words(as_said(message.entry))["occasion"],
        "channel": Channel(message.channel or message.entry.channel).label,
        "answers": len(message.replies.all()),
    }


def _address(message: PlanMessage) -> str:
    kind = ADDRESSED_BY.get(message.channel or message.entry.channel)
    known = [each for each in message.customer.identities.all() if each.kind == kind]
    return mask(kind, max(known, key=lambda each: each.pk).normal) if kind and known else ""


def _message(request: SignedIn, pk: int) -> PlanMessage:
    messages = PlanMessage.objects.select_related("customer", "entry", "plan__segment__owner", "contact")
    message = get_visible_or_404(messages, request.user, pk=pk)
    _may_open(request)
    return message


@signed_in
@require_safe
def one(request: SignedIn, pk: int) -> HttpResponse:
    return _one(request, _message(request, pk))


def _one(
    request: SignedIn,
    message: PlanMessage,
    *,
    reply: ReplyForm | None = None,
    bounce: BounceForm | None = None,
) -> HttpResponse:
    forms = (reply, bounce)
    status = 422 if any(form and form.errors for form in forms) else 200
    return page(
        request,
        "desks/plan_message.html",
        {
            "message": message,
            "segment": message.plan.segment,
            "name": message.plan.segment.shown_name(language()),
            "row": _row(message, request),
            "replies": message.replies.select_related("contact__owner").order_by("at"),
            "reply": reply or ReplyForm(prefix="reply"),
            "bounce": bounce or BounceForm(prefix="bounce"),
            "may_answer": message.state == State.SENT,
            "now": database_now(),
        },
        status=status,
    )


@signed_in
@require_POST
def reply(request: SignedIn, pk: int) -> HttpResponse:
    """What the customer said to it, typed by whoever heard it."""
    message = _message(request, pk)
    form = ReplyForm(request.POST, prefix="reply")
    if form.is_valid():
        said = form.cleaned_data
        try:
            answering.reply(
                message, said["words"], by=request.user, now=database_now(), outcome=said["outcome"]
            )
        except Refused as why:
            form.add_error(None, str(why))
        else:
            say(request, _("Kept as a contact of the customer."))
            return redirect("plan_message", message.pk)
    return _one(request, message, reply=form)


@signed_in
@require_POST
def bounce(request: SignedIn, pk: int) -> HttpResponse:
    message = _message(request, pk)
    form = BounceForm(request.POST, prefix="bounce")
    if not form.is_valid():
        return _one(request, message, bounce=form)
    try:
        answering.bounced(message, form.cleaned_data["words"], now=database_now())
    except Refused as why:
        toasts.error(request, str(why))
    else:
        say(request, _("Noted: it did not arrive."))
    return redirect("plan_message", message.pk)


@signed_in
@require_POST
def withdraw(request: SignedIn, code: str) -> HttpResponse:
    plan = editable(request, code)
    if not plan.pk:
        raise Http404
    try:
        communication.withdraw(plan, by=request.user, now=database_now())
    except Refused as why:
        toasts.error(request, str(why))
    else:
        say(request, _("The plan is withdrawn; what waits is not sent."))
    return redirect("communication_plan", code)


def editable(request: SignedIn, code: str) -> CommunicationPlan:
    plan = fetch(request, code)
    if not may_edit(plan.segment, request.user):
        raise PermissionDenied(
            _("Plans are decided by administrators and by whoever answers for the segment.")
        )
    return plan
