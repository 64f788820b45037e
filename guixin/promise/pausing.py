"""Clocks stand still while we wait for the customer, and run again when the answer is there."""

from datetime import datetime

from django.db import transaction

from guixin.ledger import record
from guixin.promise import events
from guixin.promise.escalating import raise_steps
from guixin.promise.keeping import adopt, facts_of, lock, running_all, save
from guixin.promise.models import Clock, Pause


@transaction.atomic
def pause(
    case_id: int, reason: str, *, at: datetime, now: datetime, actor_id: int | None = None
) -> list[Clock]:
    """Stop the time of every promise of the case whose standard allows it. Returns the paused clocks.

    What fell due before `at` is recorded first. A broken promise pauses too: its ladder rests.
    """
    waiting = Clock.objects.filter(
        case_id=case_id, state=Clock.State.RUNNING, version__pauses_for_customer=True
    )
    clocks = list(lock(waiting))
    steps, said = [], []
    for clock, run in zip(clocks, running_all(clocks), strict=True):
        steps += [(clock, *step) for step in run.steps_until(at, inclusive=False)]
        adopt(clock, run)
        clock.state, clock.next_at, clock.was_paused = Clock.State.PAUSED, None, True
        if not clock.is_breached:
            clock.due_at = None
        said.append(events.ClockPaused(happened_at=at, actor_id=actor_id, **facts_of(clock)))
    Pause.objects.bulk_create(
        Pause(clock=clock, from_at=max(at, clock.started_at), reason=reason) for clock in clocks
    )
    save(clocks)
    raise_steps(steps, now)
    record(*said)
    return clocks


@transaction.atomic
def resume(case_id: int, *, at: datetime, actor_id: int | None = None) -> list[Clock]:
    """End the open pauses of the case: each deadline moves by the working time that was waited."""
    clocks = list(lock(Clock.objects.filter(case_id=case_id, state=Clock.State.PAUSED)))
    for waited in Pause.objects.filter(clock__in=clocks, to_at__isnull=True):
        waited.to_at = max(at, waited.from_at)
        waited.save(update_fields=["to_at"])
    said = []
    for clock, run in zip(clocks, running_all(clocks), strict=True):
        clock.state = Clock.State.RUNNING
        adopt(clock, run)
        said.append(
            events.ClockResumed(happened_at=at, actor_id=actor_id, **facts_of(clock), due_at=clock.due_at)
        )
    save(clocks)
    record(*said)
    return clocks
