"""Asking for more time (延期): before the deadline, never after it; the next authority decides."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation import authority, decisions, in_force
from guixin.organisation.ladder import Ladder
from guixin.organisation.verdicts import Subject
from guixin.promise import events
from guixin.promise.escalating import rest_ladder
from guixin.promise.holding import hold
from guixin.promise.keeping import catch_up, facts_of, lock
from guixin.promise.models import Clock, Extension
from guixin.promise.moving import extend
from guixin.promise.terms import all_calendars
from guixin.web.refusals import Refused
from guixin.worktime import NoWorkingTime, TooFarAway, due_at, elapsed, opens_next


class CannotExtend(Refused):
    """The extension is not possible, and why."""


SubjectOf = Callable[[int, tuple[str, int]], Subject]
_subjects: list[SubjectOf] = []


def subjects_by(subject_of: SubjectOf) -> None:
    """How severe a case is, and whether it is a repeat, is known to the package of cases, which lends this function."""
    _subjects[:] = [subject_of]


def _subject(clock: Clock) -> Subject:
    about = ("clock", clock.pk)
    if clock.case_id is not None and _subjects:
        return _subjects[0](clock.case_id, about)
    return Subject(about=about, case_id=clock.case_id)


def minutes_asked(clock: Clock, old_due_at: datetime, until: datetime) -> int:
    """How much working time the extension is, in the calendar of the promise; at least a minute."""
    return max(-(-elapsed(old_due_at, until, all_calendars()[clock.calendar_id]) // timedelta(minutes=1)), 1)


def _may_grant(person_id: int, clock: Clock, minutes: int, asked_by: int, now: datetime) -> bool:
    return authority.would_fit(
        person_id, "extension", minutes, subject=_subject(clock), now=now, asked_by=asked_by
    )


def _next_authority(
    clock: Clock, asked_by: int, minutes: int, now: datetime, not_again: frozenset[int] = frozenset()
) -> int:
    """The next one up; where the authority matrix speaks of extensions, the next whose limit suffices."""
    ladder = Ladder.at(now)
    if not in_force.governs("extension"):
        return ladder.next_authority(clock.department_id, asked_by, 1, now).person_id
    for level in range(1, 9):
        told = ladder.next_authority(clock.department_id, asked_by, level, now)
        if told.person_id not in not_again and _may_grant(told.person_id, clock, minutes, asked_by, now):
            return told.person_id
        if told.is_top:
            break
    raise CannotExtend(
        _("Nobody above you may grant %(time)s more here; ask for less.") % {"time": decisions.hours(minutes)}
    )


@transaction.atomic
def ask(clock: Clock, *, by, until: datetime, reason: str, now: datetime) -> Extension:
    """Ask the next authority for more time. Refused once the deadline has passed, even by a second."""
    case_id = clock.case_id
    if case_id is None:
        raise CannotExtend(_("This promise belongs to no case; its date is changed where it was agreed."))
    hold([case_id])
    clock = lock(Clock.objects.filter(pk=clock.pk)).get()
    if not clock.is_open:
        raise CannotExtend(_("This promise is no longer running."))
    if clock.state == Clock.State.PAUSED:
        raise CannotExtend(
            _("The clock stands still while we wait for the customer; there is nothing to extend.")
        )
    if now >= clock.deadline:
        raise CannotExtend(_("The deadline has passed; an extension is asked for before it, never after."))
    if until <= clock.deadline:
        raise CannotExtend(_("The new date must lie after the present deadline."))
    if not reason.strip():
        raise CannotExtend(_("Say why more time is needed; the customer will be told."))
    if clock.extensions.filter(state=Extension.State.ASKED).exists():
        raise CannotExtend(_("An extension was already asked for and is not decided yet."))
    minutes = minutes_asked(clock, clock.deadline, until)
    authority_id = _next_authority(clock, by.pk, minutes, now)
    extension = Extension.objects.create(
        clock=clock,
        case_id=case_id,
        asked_by=by,
        asked_at=now,
        reason=reason.strip(),
        old_due_at=clock.deadline,
        wanted_until=until,
        authority_id=authority_id,
    )
    record(
        events.ExtensionAsked(
            happened_at=now,
            actor_id=by.pk,
            **facts_of(clock),
            extension_id=extension.pk,
            wanted_until=until,
            authority_id=authority_id,
            personal={"reason": extension.reason},
        )
    )
    return extension


@transaction.atomic
def decide(
    extension: Extension, *, by, granted: bool, now: datetime, until: datetime | None = None, note: str = ""
) -> Extension:
    """Grant (perhaps to another date) or refuse. Only the authority asked, or one standing above it.

    Where the authority matrix speaks of extensions, granting more than one's limit sends the request further up
    instead: it comes back still asked for, with another authority.

    The clock goes on while the request waits: if its deadline passes meanwhile it is breached, and a later
    grant gives the new date for the future, and lets the ladder rest until then, but does not unmake the breach.
    """
    hold([extension.case_id])
    clock = lock(Clock.objects.filter(pk=extension.clock_id)).get()
    extension = Extension.objects.select_for_update().get(pk=extension.pk)
    if extension.state == Extension.State.EXPIRED:
        raise CannotExtend(_("This promise is no longer running."))
    if extension.state != Extension.State.ASKED:
        raise CannotExtend(_("This request has already been decided."))
    if by.pk == extension.asked_by_id:
        raise CannotExtend(_("Nobody grants their own request."))
    if not may_decide(extension, by, now):
        raise CannotExtend(_("Only the authority that was asked, or one above it, decides."))
    until = until or extension.wanted_until
    if granted and not clock.is_open:
        raise CannotExtend(_("This promise is no longer running."))
    if granted and until <= now:
        raise CannotExtend(_("The new date must lie ahead."))
    catch_up([clock], now)
    if granted and not clock.is_breached and clock.due_at and until <= clock.due_at:
        raise CannotExtend(_("The new date must lie after the present deadline."))
    if granted and in_force.governs("extension"):
        minutes = minutes_asked(clock, extension.old_due_at, until)
        use, _said = authority.try_to_use(
            by, "extension", minutes, subject=_subject(clock), now=now, asked_by=extension.asked_by_id
        )
        if use is None:
            return _pass_up(extension, clock, minutes, by, now)
    extension.state = Extension.State.GRANTED if granted else Extension.State.REFUSED
    extension.decided_by, extension.decided_at, extension.decision_note = by, now, note.strip()
    extension.new_due_at = until if granted else None
    extension.save(update_fields=["state", "decided_by", "decided_at", "decision_note", "new_due_at"])
    if granted and clock.is_open and not clock.is_breached:
        extend(clock, until, "extension granted", now, by.pk)  # why: beside ExtensionAsked, erasable
        clock.refresh_from_db()
    elif granted:
        rest_ladder(clock.pk, until)
    record(
        events.ExtensionDecided(
            happened_at=now,
            actor_id=by.pk,
            **facts_of(clock),
            extension_id=extension.pk,
            granted=granted,
            new_due_at=extension.new_due_at,
            personal={"note": extension.decision_note} if extension.decision_note else {},
        )
    )
    return extension


def _pass_up(extension: Extension, clock: Clock, minutes: int, by, now: datetime) -> Extension:
    """More than whoever decides may grant: it goes on by itself to the next whose limit suffices."""
    before = extension.authority_id
    extension.authority_id = _next_authority(
        clock, extension.asked_by_id, minutes, now, not_again=frozenset({by.pk})
    )
    extension.save(update_fields=["authority"])
    record(
        events.ExtensionPassedUp(
            happened_at=now,
            actor_id=by.pk,
            **facts_of(clock),
            extension_id=extension.pk,
            authority_id=extension.authority_id,
            from_authority_id=before,
        )
    )
    return extension


def expire_with_their_clocks(ended: Sequence[events.ClockStopped | events.ClockVoided]) -> None:
    """Reaction: the promise ended; a request nobody decided has nothing left to ask for."""
    by_clock = {event.clock_id: event for event in ended}
    asked = Extension.objects.filter(clock_id__in=by_clock, state=Extension.State.ASKED)
    expired = list(asked.select_for_update(of=("self",)).select_related("clock").order_by("pk"))
    for extension in expired:
        extension.state = Extension.State.EXPIRED
        extension.decided_at = by_clock[extension.clock_id].happened_at
        extension.save(update_fields=["state", "decided_at"])
    record(
        *(
            events.ExtensionExpired(
                happened_at=by_clock[extension.clock_id].happened_at,
                **facts_of(extension.clock),
                extension_id=extension.pk,
                authority_id=extension.authority_id,
            )
            for extension in expired
        )
    )


FEW_HOURS, ONE_DAY = timedelta(hours=4), timedelta(hours=8)
NOON = time(12)


def suggested_times(clock: Clock) -> list[tuple[str, datetime]]:
    """What people usually ask for, counted in the working time the promise was made in, the nearest first.

    Returns (code, moment): "hours" is four working hours more, "noon" is twelve o'clock on the next working day,
    "day" is eight working hours more, each after the present deadline.
    """
    calendar = all_calendars()[clock.calendar_id]
    start = clock.deadline
    try:
        next_morning = datetime.combine(
            start.astimezone(calendar.zone).date() + timedelta(days=1), time(), calendar.zone
        )
        noon = datetime.combine(
            opens_next(calendar, next_morning).astimezone(calendar.zone).date(), NOON, calendar.zone
        )
        found = [
            ("hours", due_at(start, FEW_HOURS, calendar)),
            ("noon", noon),
            ("day", due_at(start, ONE_DAY, calendar)),
        ]
    except (NoWorkingTime, TooFarAway):
        return []
    return sorted(found, key=lambda each: each[1])


def may_decide(extension: Extension, person, now: datetime) -> bool:
    """The authority asked, whoever stands in for it today, or anyone above it."""
    if person.pk == extension.authority_id:
        return True
    ladder = Ladder.at(now)
    department_id = extension.clock.department_id
    asked = extension.asked_by_id
    return any(
        ladder.next_authority(department_id, asked, level, now).person_id == person.pk
        for level in range(1, 9)
    )
