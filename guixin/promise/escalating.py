"""Responsibility goes up the ladder: who hears of a step, what is written when they do, and what they do then."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.ledger.bulk import insert_rows
from guixin.ledger.recording import canonical
from guixin.organisation.ladder import Authority, Ladder, NoAuthority
from guixin.promise import events
from guixin.promise.holding import hold
from guixin.promise.models import Clock, Escalation
from guixin.web.refusals import Refused

Step = tuple[Clock, int, int, datetime]  # clock, level, round, due

_ESCALATION = {
    "case_id": "bigint", "clock_id": "bigint", "cause": "text", "level": "smallint", "round": "smallint",
    "department_id": "bigint", "from_person_id": "bigint", "to_person_id": "bigint", "is_top": "boolean",
    "skipped": "jsonb", "reason": "text", "happened_at": "timestamptz", "made_at": "timestamptz",
    "act_note": "text", "acted_how": "text", "over_at": "timestamptz",
}  # fmt: skip
LONGEST_REST = timedelta(days=31)  # an authority may let the ladder rest, but never for good


class AlreadyActed(Refused):
    """Somebody acted on this escalation before."""


class MustLookAgain(Refused):
    """Acting on an escalation names the moment it is looked at again."""

    about_input = True


def raise_steps(steps: Sequence[Step], now: datetime) -> None:
    """Write the escalation and the entry of every step, and let the firm react."""
    if not steps:
        return
    ladder = Ladder.at(now)
    rows, said = [], []
    highest = {clock.pk: (level, round_) for clock, level, round_, _due in steps}
    _leave_behind([pk for pk, step in highest.items() if step > (1, 0)], now)
    for clock, level, round_, due in sorted(steps, key=lambda step: step[3]):
        told = authority(ladder, clock, level + round_, now) if level else None
        to_id = told.person_id if told else clock.holder_id
        skipped = _skipped(told)
        rows.append(
            (clock.case_id, clock.pk, Escalation.Cause.LATE, level, round_, clock.department_id, clock.holder_id,
             to_id, bool(told and told.is_top), skipped, "", due, now, "", "",
             None if (level, round_) == highest[clock.pk] else now)
        )  # fmt: skip
        said.append(
            _event_of(level, round_)(
                happened_at=due,
                about=(clock.about_kind, clock.about_id),
                case_id=clock.case_id,
                clock_id=clock.pk,
                measure=clock.measure,
                department_id=clock.department_id,
                level=level,
                round=round_,
                to_person_id=to_id,
                from_person_id=clock.holder_id,
                is_top=bool(told and told.is_top),
                due_at=clock.due_at or due,  # paused right after this step
            )
        )
    insert_rows("promise_escalation", _ESCALATION, rows)
    record(*said)


def _leave_behind(clock_ids: list[int], now: datetime) -> None:
    """What goes up no longer waits for those below."""
    if clock_ids:
        Escalation.objects.filter(clock_id__in=clock_ids, level__gte=1, over_at__isnull=True).update(
            over_at=now
        )


def over_with_their_clocks(ended: Sequence[events.ClockStopped | events.ClockVoided]) -> None:
    """Reaction: a promise was kept, late or not at all; nobody has to decide about it any more.

    What was raised by hand has no clock of its own but the one for the authority to act.
    """
    at = ended[0].happened_at
    waiting = Escalation.objects.filter(level__gte=1, over_at__isnull=True)
    waiting.filter(clock_id__in=[event.clock_id for event in ended]).update(over_at=at)
    if raised := [event.about[1] for event in ended if event.about[0] == "escalation"]:
        waiting.filter(pk__in=raised).update(over_at=at)


def _event_of(level: int, round_: int) -> type[events.ClockStep]:
    """A second reminder (level 0, after an extension) is still a reminder."""
    if level == 0:
        return events.ClockWarned
    return events.ClockBreached if (level, round_) == (1, 0) else events.ClockEscalated


def authority(ladder: Ladder, clock: Clock, level: int, now: datetime) -> Authority | None:
    """Who stands `level` above the holder; None only in a firm where nobody holds a post yet."""
    try:
        return ladder.next_authority(clock.department_id, clock.holder_id, level, now)
    except NoAuthority:
        return None


def _skipped(told: Authority | None) -> str:
    if not told or not told.skipped:
        return "[]"
    return canonical(
        [
            {"person_id": one.person_id, "reason": str(one.reason), "deputy_id": one.deputy_id}
            for one in told.skipped
        ]  # type: ignore[arg-type]
    )


def rest_ladder(clock_id: int, until: datetime) -> None:
    """Let the ladder of a broken promise wait until then; what comes after moves by as much."""
    Clock.objects.filter(pk=clock_id, breached_at__isnull=False, next_at__lt=until).update(
        rested=F("rested") + (until - F("next_at")), next_at=until
    )


@transaction.atomic
def act(
    escalation: Escalation, *, by, note: str, look_again_at: datetime, now: datetime,
    how: Escalation.How = Escalation.How.ACTED,
) -> None:  # fmt: skip
    """The authority acts (instructs, takes over, decides) and names the moment it looks again.

    The reminders rest until then; if the promise is still not kept, they go on. Never silent for good.
    """
    from guixin.promise.keeping import catch_up, lock

    if look_again_at <= now:
        raise MustLookAgain(_("Say by when you will look at this again; it must lie ahead."))
    if look_again_at > now + LONGEST_REST:
        raise MustLookAgain(
            _("The reminders rest for %(days)s days at most; look at it again before.")
            % {"days": LONGEST_REST.days}
        )
    if not note.strip():
        raise MustLookAgain(_("Say what you decided."))
    hold([escalation.case_id])
    if escalation.clock_id:
        catch_up(list(lock(Clock.objects.filter(pk=escalation.clock_id))), now)
    updated = Escalation.objects.filter(pk=escalation.pk, acted_at__isnull=True).update(
        acted_at=now, acted_by=by, act_note=note, acted_how=how, look_again_at=look_again_at, over_at=now
    )
    if not updated:
        raise AlreadyActed(_("Somebody has already acted on this escalation."))
    if escalation.clock_id:
        _leave_behind([escalation.clock_id], now)  # one decision is enough, whoever else was told of it
        rest_ladder(escalation.clock_id, look_again_at)
    record(
        events.EscalationActed(
            happened_at=now,
            actor_id=by.pk,
            about=("escalation", escalation.pk),
            case_id=escalation.case_id,
            escalation_id=escalation.pk,
            level=escalation.level,
            how=how,
            look_again_at=look_again_at,
            personal={"note": note},
        )
    )
