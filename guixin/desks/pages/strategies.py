"""The five-step strategy of each segment, as a page people work on together; and its earlier rounds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guixin.desks.forms.strategy import EvidenceForm, LearntForm, OutcomeForm, StepForm, TaskForm
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.now import promises_shown
from guixin.desks.pages.segments import needs_of
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.promise import moments, strategies
from guixin.promise.models import (
    Blueprint,
    CommunicationVersion,
    StrategyCycle,
    StrategyStep,
    StrategyTask,
)
from guixin.promise.packages import packages_in_force
from guixin.serve import queues
from guixin.serve.broken_moments import promises_broken
from guixin.understand.models import Segment
from guixin.understand.segmenting import may_edit
from guixin.web.refusals import Refused
from guixin.web.toasts import say

Kind = StrategyStep.Kind
HINTS: dict[str, Callable[[], str]] = {
    Kind.NEEDS: lambda: _(
        "What these customers expect and what hurts them most, with where you know it from."
    ),
    Kind.PROPOSITION: lambda: _("Why they should choose us: what they get that others do not give them."),
    Kind.PACKAGE: lambda: _("Which promises follow from it: the service package, and why it is this one."),
    Kind.IMPLEMENTATION: lambda: _("Who does what by when, so that the promises can be kept."),
    Kind.COMMUNICATION: lambda: _("What is said to them when and by which channel, and who says it."),
    Kind.REVIEW: lambda: _("What worked, what did not, and what the next round begins with."),
}


@dataclass(frozen=True)
class Refusal:
    """Which act on which step was refused, and why; blank where the form itself says it."""

    kind: str
    act: str
    why: str


@signed_in
@require_safe
def index(request: SignedIn) -> HttpResponse:
    """Every segment with the round it is in, how far it is, and what is late."""
    now = database_now()
    cycles = (
        StrategyCycle.objects.visible_to(request.user)
        .open()
        .annotate(
            done=Count("steps", filter=Q(steps__state="done"), distinct=True),
            late=Count("steps", filter=Q(steps__state__in=["open", "at_work"], steps__due_at__lt=now), distinct=True),
            late_tasks=Count(
                "steps__tasks",
                filter=Q(steps__tasks__done_at=None, steps__tasks__carried=False, steps__tasks__due_at__lt=now),
                distinct=True,
            ),
        )
    )  # fmt: skip
    by_segment = {cycle.segment_id: cycle for cycle in cycles}
    language = get_language() or "zh-hans"
    segments = Segment.objects.filter(Q(pk__in=by_segment) | Q(published_at__isnull=False, withdrawn_at=None))
    rows = [
        {
            "segment": each,
            "name": each.shown_name(language),
            "cycle": by_segment.get(each.pk),
            "may_begin": each.is_published and may_edit(each, request.user),
        }
        for each in segments.select_related("owner").order_by("priority")
    ]
    return page(request, "desks/strategies.html", {"rows": rows, "steps": len(Kind), "now": now})


@signed_in
@require_safe
def show(request: SignedIn, code: str) -> HttpResponse:
    segment = get_object_or_404(Segment.objects.select_related("owner"), code=code)
    return _answer(request, segment)


def _answer(
    request: SignedIn, segment: Segment, *, refused: Refusal | None = None, status: int = 200
) -> HttpResponse:
    """The page; what was typed where something was refused stands in its form."""
    now = database_now()
    every = list(
        StrategyCycle.objects.visible_to(request.user)
        .filter(segment=segment)
        .select_related("begun_by", "reviewed_by")
        .order_by("-number")
    )
    if not every:
        return page(
            request,
            "desks/strategy_none.html",
            {"segment": segment, "may_begin": segment.is_published and may_edit(segment, request.user)},
        )
    wanted = request.GET.get("round", "")
    cycle = next((each for each in every if str(each.number) == wanted), every[0])
    cycle.segment = segment
    package = packages_in_force().get(segment.pk)
    language = get_language() or "zh-hans"
    before = next((each for each in every if each.number == cycle.number - 1), None)
    steps = list(
        cycle.steps.select_related("owner", "done_by").prefetch_related("evidence__added_by", "tasks__owner").order_by("pk")
    )  # fmt: skip
    return page(
        request,
        "desks/strategy.html",
        {
            "segment": segment,
            "name": segment.shown_name(language),
            "cycle": cycle,
            "rounds": every,
            "steps": [_step(request, step, cycle, refused, now) for step in steps],
            "done": sum(step.state == StrategyStep.State.DONE for step in steps),
            "package": package,
            "communication": CommunicationVersion.objects.filter(
                plan__segment=segment, withdrawn_at__isnull=True
            ).first(),
            **_needs(segment, request),
            "package_name": package.package.shown_name(language) if package else "",
            "broken": _broken(cycle, now),
            "broken_before": _broken(before, now) if before else [],
            "is_open": cycle.reviewed_at is None,
            "now": now,
        },
        status=status,
    )


def _broken(cycle: StrategyCycle, now: datetime) -> list[dict[str, Any]]:
    """At which moments of truth promises were broken in a round, each with the address of the cases."""
    language = get_language() or "zh-hans"
    names = {each.code: each.shown_name(language) for each in Blueprint.objects.all()}
    address = f"{reverse('strategy_broken', args=[cycle.segment.code])}?round={cycle.number}&moment="
    return [
        {
            "found": each,
            "name": each.shown_name(language),
            "blueprint": names.get(each.blueprint, each.blueprint),
            "address": f"{address}{each.key}",
        }
        for each in moments.broken_in(cycle, now)
    ]


@signed_in
@require_safe
def broken(request: SignedIn, code: str) -> HttpResponse:
    """The promises that were broken in one round, at one moment of truth or at all of them, with their cases."""
    cycles = StrategyCycle.objects.visible_to(request.user).select_related("segment")
    number = request.GET.get("round", "")
    number = number if number.isdecimal() and len(number) < 10 else "1"
    cycle = get_object_or_404(cycles, segment__code=code, number=number)
    now, language = database_now(), get_language() or "zh-hans"
    every = moments.broken_in(cycle, now)
    found = None
    if moment := request.GET.get("moment", ""):
        found = next((each for each in every if each.key == moment), None)
        if found is None:
            raise Http404(moment)
    codes = found.standards if found else {code for each in every for code in each.standards}
    rows = promises_broken(cycle.segment_id, codes, cycle.begun_at, cycle.reviewed_at or now)
    try:
        listed = queues.page_of(
            queues.Listed(rows.select_related("department", "holder"), order=("breached_at",)),
            request.GET.get("after"),
        )
    except queues.NoSuchQueue as unknown:
        raise Http404(str(unknown)) from unknown
    return page(
        request,
        "desks/strategy_broken.html",
        {
            "cycle": cycle,
            "segment": cycle.segment.shown_name(language),
            "name": found.shown_name(language) if found else "",
            "found": found,
            "promises": promises_shown(listed.rows, request.user, now),
            "after": listed.after,
            "is_first": "after" not in request.GET,
            "now": now,
        },
    )


def _needs(segment: Segment, request: SignedIn) -> dict[str, Any]:
    """What the step of needs rests on: what is on record of these customers, for whoever may see the segment."""
    seen = Segment.objects.visible_to(request.user).filter(pk=segment.pk).exists()
    return needs_of(segment, request.user, at_most=5) if seen else {}


def _step(
    request: SignedIn,
    step: StrategyStep,
    cycle: StrategyCycle,
    refused: Refusal | None,
    now: datetime,
) -> dict[str, Any]:
    step.cycle = cycle
    is_open = cycle.reviewed_at is None
    may = is_open and strategies.may_work_on(step, request.user)
    forms: dict[str, Any] = {}
    if may and step.kind == Kind.REVIEW:
        forms["learnt"] = LearntForm(prefix="review", initial={"learnt": step.words})
    if may and step.is_open:
        forms["step"] = StepForm.of(step)
        forms["evidence"] = EvidenceForm(prefix=f"evidence-{step.kind}")
        if step.kind == Kind.IMPLEMENTATION:
            forms["task"] = TaskForm(prefix="task")
    refused = refused if refused and refused.kind == step.kind else None
    form, bound = _PLACES.get(refused.act if refused else "", ("", None))
    if bound and form in forms:
        forms[form] = bound(request, step)
    return {
        "step": step,
        "words": step.get_kind_display(),
        "hint": HINTS[step.kind](),
        "is_late": step.is_open and step.due_at is not None and step.due_at < now,
        "tasks": [
            {
                "task": task,
                "is_late": task.is_open and task.due_at < now,
                "may": is_open and task.is_open and (may or task.owner_id == request.user.pk),
            }
            for task in step.tasks.all()
        ],
        "forms": forms,
        "may_finish": may and step.is_open and step.kind != Kind.REVIEW,
        "may_take_up": may and step.state == StrategyStep.State.DONE and step.kind != Kind.REVIEW,
        "why": refused.why if refused else "",
    }


_PLACES: dict[str, tuple[str, Callable[[SignedIn, StrategyStep], Any]]] = {
    "words": ("step", lambda request, step: StepForm(request.POST, prefix=step.kind)),
    "evidence": (
        "evidence",
        lambda request, step: EvidenceForm(request.POST, prefix=f"evidence-{step.kind}"),
    ),
    "tasks": ("task", lambda request, step: TaskForm(request.POST, prefix="task")),
    "review": ("learnt", lambda request, step: LearntForm(request.POST, prefix="review")),
}


@signed_in
@require_POST
def begin(request: SignedIn, code: str) -> HttpResponse:
    segment = get_object_or_404(Segment, code=code)
    if not may_edit(segment, request.user):
        raise PermissionDenied(
            _("The strategy is decided by whoever answers for the segment, and by administrators.")
        )
    try:
        strategies.begin(segment, by=request.user, now=database_now())
    except Refused as why:
        messages.error(request, str(why))
    return redirect("strategy", code)


@signed_in
@require_POST
def act(request: SignedIn, code: str, kind: str, act: str) -> HttpResponse:
    """One act on one step: its words, finishing, taking up again, evidence, a task."""
    if kind not in Kind.values or act not in _ACTS:
        raise Http404(act)
    steps = StrategyStep.objects.filter(cycle__in=StrategyCycle.objects.visible_to(request.user).open())
    step = get_object_or_404(steps.select_related("cycle__segment"), cycle__segment__code=code, kind=kind)
    if not strategies.may_work_on(step, request.user):
        raise PermissionDenied(
            _("This step is worked on by its owner and by whoever answers for the segment.")
        )
    try:
        words = _ACTS[act](request, step)
    except Refused as why:
        return _refused(request, step, act, str(why), 422 if why.about_input else 409)
    if not words:
        return _refused(request, step, act, "", 422)
    say(request, words)
    return redirect(f"/strategies/{code}#{kind}")


def _refused(request: SignedIn, step: StrategyStep, act: str, why: str, status: int) -> HttpResponse:
    return _answer(request, step.cycle.segment, refused=Refusal(step.kind, act, why), status=status)


def _write(request: SignedIn, step: StrategyStep) -> str:
    form = StepForm(request.POST, prefix=step.kind)
    if not form.is_valid():
        return ""
    said = form.cleaned_data
    strategies.write(
        step, words=said["words"], owner=said["owner"], due_at=said["due_at"], read_at_version=said["version"],
        by=request.user, now=database_now(),
    )  # fmt: skip
    return _("Saved.")


def _finish(request: SignedIn, step: StrategyStep) -> str:
    strategies.finish(step, by=request.user, now=database_now())
    return _("“%s” is done.") % step.get_kind_display()


def _take_up(request: SignedIn, step: StrategyStep) -> str:
    strategies.take_up_again(step, by=request.user, now=database_now())
    return _("“%s” is at work again.") % step.get_kind_display()


def _evidence(request: SignedIn, step: StrategyStep) -> str:
    form = EvidenceForm(request.POST, prefix=f"evidence-{step.kind}")
    if not form.is_valid():
        return ""
    strategies.add_evidence(step, **form.cleaned_data, by=request.user, now=database_now())
    return _("Evidence added.")


def _task(request: SignedIn, step: StrategyStep) -> str:
    form = TaskForm(request.POST, prefix="task")
    if not form.is_valid():
        return ""
    said = form.cleaned_data
    strategies.give_task(
        step, said["what"], owner=said["owner"], due_at=said["due_at"], by=request.user, now=database_now()
    )
    return _("The task is given; its clock runs.")


def _review(request: SignedIn, step: StrategyStep) -> str:
    if step.kind != Kind.REVIEW:
        raise Http404
    form = LearntForm(request.POST, prefix="review")
    learnt = form.cleaned_data["learnt"] if form.is_valid() else ""
    following = strategies.review(step.cycle, learnt, by=request.user, now=database_now())
    return _("Round %s began with what was learnt.") % following.number


_ACTS: dict[str, Callable[[SignedIn, StrategyStep], str]] = {
    "words": _write,
    "finishing": _finish,
    "reopening": _take_up,
    "evidence": _evidence,
    "tasks": _task,
    "review": _review,
}


@signed_in
@require_POST
def finish_task(request: SignedIn, pk: int) -> HttpResponse:
    tasks = StrategyTask.objects.filter(step__cycle__in=StrategyCycle.objects.visible_to(request.user))
    task = get_object_or_404(tasks.select_related("step__cycle__segment", "step"), pk=pk)
    if task.owner_id != request.user.pk and not strategies.may_work_on(task.step, request.user):
        raise PermissionDenied(
            _("This step is worked on by its owner and by whoever answers for the segment.")
        )
    form = OutcomeForm(request.POST)
    outcome = form.cleaned_data["outcome"] if form.is_valid() else ""
    try:
        strategies.finish_task(task, outcome, by=request.user, now=database_now())
    except Refused as why:
        messages.error(request, str(why))
    else:
        say(request, _("The task is done."))
    return redirect(f"/strategies/{task.step.cycle.segment.code}#task-{task.pk}")
