"""Up the ladder for other reasons than lateness: an unsatisfied customer, the same complaint again, by hand."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Department, Person
from guixin.promise.indispensable import always_promised
from guixin.promise.keeping import Promise
from guixin.promise.models import Escalation, Measure
from guixin.serve import events
from guixin.serve.models import Case, Task
from guixin.serve.promises import begin, circumstances
from guixin.serve.routing import locked_open, refresh_case
from guixin.web.refusals import Refused


class CannotEscalate(Refused):
    """It cannot be raised like this, and why."""

    about_input = True


@transaction.atomic
def by_hand(
    case: Case, *, reason: str, by: Person, now: datetime, department: Department | None = None
) -> Escalation:
    """Anybody who sees the case may raise it to the next authority, with a reason."""
    case = locked_open(case)
    if not reason.strip():
        raise CannotEscalate(_("Say why this goes up; the authority reads it first."))
    return _raise(
        case, Escalation.Cause.BY_HAND, reason.strip(), department_id=department.pk if department else None,
        now=now, by=by,
    )  # fmt: skip


def dissatisfied(
    case: Case, *, reason: str, department_id: int | None, now: datetime, by: Person | None
) -> Escalation:
    """The customer is not satisfied: the next authority of the department that was the cause hears of it."""
    return _raise(case, Escalation.Cause.DISSATISFIED, reason, department_id=department_id, now=now, by=by)


def escalate_repeats(opened: Sequence[events.CaseOpened]) -> None:
    """The same complaint again: each goes to the next authority at once."""
    cases = Case.objects.in_bulk([event.case_id for event in opened])
    for event in opened:
        _raise(
            cases[event.case_id],
            Escalation.Cause.REPEAT,
            "",
            department_id=event.department_id,  # the owner's: the departments have only just been asked
            holder_id=event.owner_id,
            now=event.happened_at,
            by=None,
        )


def _raise(
    case: Case, cause: Escalation.Cause, reason: str, *, department_id: int | None, now: datetime,
    by: Person | None, holder_id: int | None = None,
) -> Escalation:  # fmt: skip
    """One level higher than ever before on this case, with a clock for the authority to act."""
    if department_id is None:
        at_work = Task.objects.filter(case=case).open().order_by("queue_at", "pk").first()
        department_id = at_work.department_id if at_work else case.department_id
        holder_id = at_work.handler_id if at_work else case.owner_id
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    level = Case.objects.values_list("level", flat=True).get(pk=case.pk) + 1
    told = Ladder.at(now).next_authority(department_id, holder_id, level, now)
    escalation = Escalation.objects.create(
        case_id=case.pk,
        cause=cause,
        level=level,
        department_id=department_id,
        from_person_id=holder_id or case.owner_id,
        to_person_id=told.person_id,
        is_top=told.is_top,
        skipped=[
            {"person_id": one.person_id, "reason": str(one.reason), "deputy_id": one.deputy_id}
            for one in told.skipped
        ],
        reason=reason,
        happened_at=now,
        made_at=now,
    )
    Case.objects.filter(pk=case.pk).update(level=level)
    case.level = level
    begin(
        [
            Promise(
                about=("escalation", escalation.pk),
                case_id=case.pk,
                version=always_promised(Measure.ACT, circumstances(case).at(department_id), now),
                department_id=department_id,
                holder_id=told.person_id,
                started_at=now,
            )
        ]
    )
    refresh_case(case.pk)
    record(
        events.CaseEscalated(
            happened_at=now,
            actor_id=by.pk if by else None,
            about=case.about,
            case_id=case.pk,
            escalation_id=escalation.pk,
            cause=cause,
            level=level,
            department_id=department_id,
            from_person_id=escalation.from_person_id,
            to_person_id=told.person_id,
            personal={"reason": reason} if reason else {},
        )
    )
    return escalation


def stop_acting(acted: Sequence) -> None:
    """Reaction: an authority acted on an escalation, so its promise to act is kept (or late)."""
    from guixin.promise.keeping import Stop, stop

    for event in acted:
        stop(
            [Stop(("escalation", event.escalation_id), Measure.ACT, event.happened_at)],
            event.happened_at,
            event.actor_id,
        )
