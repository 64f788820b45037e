"""Recoveries: those that wait for the reader, and one of them with its steps, promises and what it came to."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from guixin.desks.acts import Offer, Reader, asked_for_alone, form_alone, offers, with_refused
from guixin.desks.in_kind import in_kind_words, price_words
from guixin.desks.ladders import ShownClock, shown_clocks
from guixin.desks.nouns import NOUNS, shown_by
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.promise.models import Clock, Escalation
from guixin.recover.models import Justice, Recovery, RecoveryStep
from guixin.serve import queues
from guixin.serve.models import Case
from guixin.web import money

WHICH = ("mine", "running", "all")


@dataclass(frozen=True)
class ShownStep:
    step: RecoveryStep
    proposed: str  # the value a rule proposes, in words
    promised: str
    acts: list[Offer]


@dataclass(frozen=True)
class ShownJustice:
    """One of the three: the steps that answer to it, or why it is skipped. Neither: it is forgotten still."""

    words: str
    steps: list[RecoveryStep]
    skipped: str

    @property
    def state(self) -> str:
        if any(step.state == RecoveryStep.State.DONE for step in self.steps):
            return "done"
        return "skipped" if self.skipped else "planned" if self.steps else "missing"


@signed_in
@require_safe
def listed(request: SignedIn) -> HttpResponse:
    """`?which=mine` waits for me, `running`, or all I may see; the newest first."""
    which = request.GET.get("which", "mine")
    which = which if which in WHICH else "mine"
    seen = Recovery.objects.visible_to(request.user)
    rows = {"mine": seen.waiting_for(request.user), "running": seen.running()}.get(which, seen)
    rows = rows.select_related("case", "holder").prefetch_related("steps")
    found = queues.page_of(queues.Listed(rows, order=("-begun_at",)), request.GET.get("after"))
    due = _next_due(found.rows)
    return page(
        request,
        "desks/recoveries.html",
        {
            "recoveries": [(row, *_how_far(row), due.get(row.pk)) for row in found.rows],
            "which": which,
            "after": found.after,
            "is_first": "after" not in request.GET,
            "now": database_now(),
        },
    )


def _how_far(recovery: Recovery) -> tuple[int, int]:
    """Steps done, of all that are not left out."""
    steps = [each for each in recovery.steps.all() if each.state != RecoveryStep.State.DROPPED]
    return sum(each.state == RecoveryStep.State.DONE for each in steps), len(steps)


def _next_due(rows: Sequence[Recovery]) -> dict:
    clocks = Clock.objects.of(Recovery.ABOUT, *(row.pk for row in rows)).open().order_by("-due_at")
    return dict(clocks.values_list("about_id", "due_at"))


@signed_in
@require_safe
def one(request: SignedIn, pk: str) -> HttpResponse:
    recovery = NOUNS["recovery"].fetch(request.user, pk)
    if asked_for_alone(request):
        reader = Reader.of(request)
        found = offers("recovery", recovery, reader)
        for step in _steps(recovery):
            found += offers("recovery_step", step, reader)
        return form_alone(request, next((each for each in found if each.name == reader.wanted), None), {})
    return answer_with_recovery(request, recovery)


@shown_by("recovery_step")
def answer_with_step(
    request: SignedIn, step: RecoveryStep, refused: Offer | None = None, status: int = 200
) -> HttpResponse:
    return answer_with_recovery(request, step.recovery, refused, status)


@shown_by("recovery")
def answer_with_recovery(
    request: SignedIn, recovery: Recovery, refused: Offer | None = None, status: int = 200
) -> HttpResponse:
    now, reader, steps = database_now(), Reader.of(request, refused), _steps(recovery)
    shown = [_shown(step, reader) for step in steps]
    groups = {
        "acts": offers("recovery", recovery, reader),
        **{str(each.step.pk): each.acts for each in shown},
    }
    return page(
        request,
        "desks/recovery.html",
        {
            "recovery": recovery,
            "case": Case.objects.visible_to(request.user).filter(pk=recovery.case_id).first(),
            "steps": shown,
            "justices": _justices(recovery, steps),
            "clocks": clocks_of(recovery, now),
            "price": price_words(recovery.case),
            "in_kind": in_kind_words(recovery, steps, get_language() or "zh-hans"),
            "acts": with_refused(groups, "acts", refused)["acts"],
            "here": f"/recoveries/{recovery.pk}",
            "now": now,
        },
        status=status,
    )


def _steps(recovery: Recovery) -> list[RecoveryStep]:
    steps = list(
        recovery.steps.select_related("owner", "done_by", "goodwill__request__to_person").order_by("pk")
    )
    for step in steps:
        step.recovery = recovery
    return steps


def _shown(step: RecoveryStep, reader: Reader) -> ShownStep:
    return ShownStep(
        step,
        money.shown(step.amount, step.currency) if step.amount else "",
        money.shown(step.goodwill.amount, step.goodwill.currency) if step.goodwill else "",
        offers("recovery_step", step, reader),
    )


def _justices(recovery: Recovery, steps: list[RecoveryStep]) -> list[ShownJustice]:
    skipped = {each.justice: each.reason for each in recovery.skipped.all()}
    wanted = [step for step in steps if step.state != RecoveryStep.State.DROPPED]
    return [
        ShownJustice(
            str(each.label), [step for step in wanted if step.justice == each], skipped.get(each.value, "")
        )
        for each in Justice
    ]


def clocks_of(recovery: Recovery, now) -> list[ShownClock]:
    clocks = list(
        Clock.objects.of(*recovery.about)
        .select_related("version__standard", "department", "holder")
        .order_by("due_at", "pk")
    )
    raised = list(
        Escalation.objects.filter(clock__in=clocks).select_related("to_person").order_by("happened_at")
    )
    return shown_clocks(clocks, raised, now)
