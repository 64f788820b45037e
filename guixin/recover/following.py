"""What follows for a recovery from elsewhere: what was promised reached the customer, the case went into another or to another owner."""

from collections.abc import Sequence

from guixin.organisation.ladder import Ladder
from guixin.promise.models import Clock
from guixin.promise.moving import hand_over
from guixin.recover.models import Recovery, RecoveryStep
from guixin.recover.plans import step_done
from guixin.serve.events import CasesMerged, OwnerChanged
from guixin.serve.goodwill_events import GoodwillHandedOver


def step_is_given(told: Sequence[GoodwillHandedOver]) -> None:
    """Reaction: what was promised for a step is paid or handed over, so the step is done."""
    by_goodwill = {event.goodwill_id: event for event in told}
    steps = RecoveryStep.objects.filter(goodwill__in=by_goodwill, state=RecoveryStep.State.PLANNED)
    for step in steps.select_related("recovery").select_for_update(of=("self",)).order_by("pk"):
        event = by_goodwill[step.goodwill_id or 0]
        step_done(step, "", event.actor_id, event.happened_at)


def follow_the_case(told: Sequence[CasesMerged]) -> None:
    """Reaction: the recovery of a case that was merged goes along, unless the other has one of its own."""
    for event in told:
        if not Recovery.objects.running().filter(case=event.case_id).exists():
            Recovery.objects.running().filter(case=event.merged_case_id).update(case=event.case_id)


def follow_the_owner(told: Sequence[OwnerChanged]) -> None:
    """Reaction: whoever owns the case answers for its recovery, and for the steps nobody else was to do."""
    for event in told:
        recovery = Recovery.objects.running().select_for_update().filter(case=event.case_id).first()
        if recovery is None or recovery.holder_id == event.new_owner_id:
            continue
        mine = recovery.steps.filter(owner=recovery.holder_id, state=RecoveryStep.State.PLANNED)
        mine.update(owner=event.new_owner_id)
        Recovery.objects.filter(pk=recovery.pk).update(holder=event.new_owner_id)
        hand_over(
            Clock.objects.of(*recovery.about).open(), holder_id=event.new_owner_id, now=event.happened_at,
            department_id=Ladder.at(event.happened_at).department_of(event.new_owner_id), actor_id=event.actor_id,
        )  # fmt: skip
