"""Deadlines that move, and the six rules of what moves them. See decisions/0006-six-rules-for-clocks.md.

The customer's side of every rule is one sentence: a running promise may become stricter, and only a granted
extension makes it later.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from guixin.ledger import record
from guixin.promise import events
from guixin.promise.holding import hold
from guixin.promise.keeping import adopt, as_saved, catch_up, facts_of, lock, save
from guixin.promise.models import Clock, StandardVersion
from guixin.promise.steps import Running
from guixin.promise.terms import all_calendars, all_versions
from guixin.worktime import elapsed

_A_MOMENT = timedelta(seconds=1)


def recompute(clocks: Iterable[Clock], reason: str, now: datetime, actor_id: int | None = None) -> int:
    """Work out every open deadline again after a calendar changed. Returns how many moved.

    Steps already taken stay taken. A deadline that would now lie in the past falls due at once, not in
    retrospect: nobody could have kept a promise by a calendar that did not say so yet.
    """
    return _move(clocks, lambda clock, run: None, reason, now, actor_id)


def tighten(
    promised: Sequence[tuple[Clock, StandardVersion]], reason: str, now: datetime, actor_id: int | None = None
) -> int:
    """Put clocks under another version where that is stricter (severity, grade). Never later; a broken one stays.

    Counted from the original start. If that moment has passed already, the whole new budget is counted from
    now, but never beyond the deadline that stood before.
    """
    versions, terms = {clock.pk: version for clock, version in promised}, all_versions().terms

    def stricter(clock: Clock, run: Running) -> None:
        if run.breached_at:
            return
        version, old_due = versions[clock.pk], run.promised_at()
        calendar_id = version.calendar_id or clock.calendar_id
        fresh = Running(clock.started_at, version.budget, all_calendars()[calendar_id], run.terms, run.pauses)
        if fresh.promised_at() <= now:
            fresh.budget = elapsed(clock.started_at, now, fresh.calendar, run.pauses) + version.budget
        if fresh.promised_at() < old_due:
            clock.version, clock.calendar_id, clock.budget = version, calendar_id, fresh.budget
            run.budget, run.calendar, run.terms = fresh.budget, fresh.calendar, terms[version.pk]
            run.not_before = clock.not_before = None

    return _move([clock for clock, _ in promised], stricter, reason, now, actor_id)


def bring_forward(
    clock: Clock, due: datetime, reason: str, now: datetime, actor_id: int | None = None
) -> int:
    """Let the clock fall due at `due` if that is earlier: the stricter promise of a case merged into this."""

    def earlier(clock: Clock, run: Running) -> None:
        if due < run.promised_at():
            _reach(clock, run, due)

    return _move([clock], earlier, reason, now, actor_id)


def extend(clock: Clock, until: datetime, reason: str, now: datetime, actor_id: int | None = None) -> int:
    """A granted extension: the clock falls due at `until`; the reminder comes again before the new date."""

    def longer(clock: Clock, run: Running) -> None:
        _reach(clock, run, until)
        if run.next_level == 1:
            run.next_level, run.next_round = 0, clock.extensions.filter(state="granted").count()

    return _move([clock], longer, reason, now, actor_id)


def _reach(clock: Clock, run: Running, until: datetime) -> None:
    """Let the budget end at `until`, exactly, also when nobody works at that moment."""
    run.budget = clock.budget = max(elapsed(clock.started_at, until, run.calendar, run.pauses), _A_MOMENT)
    run.not_before = clock.not_before = None
    if run.promised_at() < until:
        run.not_before = clock.not_before = until


@transaction.atomic
def hand_over(
    clocks: Iterable[Clock], *, department_id: int, holder_id: int | None, now: datetime,
    actor_id: int | None = None,
) -> None:  # fmt: skip
    """Another department or person must now keep these promises. No deadline moves by that.

    The time already used stays used, the calendar stays the one the promise was made in; the ladder above
    is the new department's from here on, and levels already reached are not told again. What fell due before was
    the old department's, also if no worker has seen it yet.
    """
    clocks = list(lock(Clock.objects.filter(pk__in=[clock.pk for clock in clocks]).open()))
    catch_up(clocks, now)
    said = []
    for clock in clocks:
        before = clock.department_id
        clock.department_id, clock.holder_id = department_id, holder_id
        if before != department_id:
            said.append(
                events.ClockHandedOver(
                    happened_at=now, actor_id=actor_id, **facts_of(clock), from_department_id=before
                )
            )
    save(clocks)
    record(*said)


def _move(
    clocks: Iterable[Clock],
    change: Callable[[Clock, Running], None],
    reason: str,
    now: datetime,
    actor_id: int | None,
) -> int:
    """Apply a change of facts to open clocks, in one transaction, and record every deadline it moved."""
    with transaction.atomic():
        wanted = Clock.objects.filter(pk__in=[clock.pk for clock in clocks]).open()
        hold(set(wanted.values_list("case_id", flat=True)))
        clocks = list(lock(wanted))
        said, changed = [], []
        for clock, run in zip(clocks, catch_up(clocks, now), strict=True):
            if clock.state == Clock.State.RUNNING and clock.next_at is None:
                continue  # broken, and its ladder has come to its end
            before = as_saved(clock)
            paused = clock.state == Clock.State.PAUSED
            old_due = clock.due_at
            if paused:
                run.pauses = [(start, end or now) for start, end in run.pauses]
            change(clock, run)
            if not run.breached_at and run.promised_at() <= now and not (old_due and old_due <= now):
                run.not_before = clock.not_before = now
            adopt(clock, run)
            new_due = clock.due_at
            if paused:
                clock.next_at, clock.due_at = None, old_due
            elif new_due and old_due and new_due != old_due:
                said.append(
                    events.ClockMoved(
                        happened_at=now,
                        actor_id=actor_id,
                        **facts_of(clock),
                        old_due_at=old_due,
                        new_due_at=new_due,
                        reason=reason,
                    )
                )
            if as_saved(clock) != before:
                changed.append(clock)
        save(changed)
        record(*said)
        return len(said)
