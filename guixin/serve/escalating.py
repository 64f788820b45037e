"""Up the ladder for other reasons than lateness (an unsatisfied customer, the same complaint again, by hand), and
what an authority does with a case that came up: take it over, instruct, give it to somebody else, keep it quiet.

Each of these answers the escalation (`promise.escalating.act`): the reminders rest until the moment named, never for
good. More time is decided in `promise.extending`.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Department, Person
from guixin.promise.escalating import act
from guixin.promise.indispensable import always_promised
from guixin.promise.keeping import Promise
from guixin.promise.models import Clock, Escalation, Measure
from guixin.serve import events
from guixin.serve.models import Case, Message, Task
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


@transaction.atomic
def take_over(
    escalation: Escalation, *, by: Person, look_again_at: datetime, now: datetime, note: str = ""
) -> None:
    """The authority does it: the late task is theirs now, or, where the customer was promised, the case."""
    case, task = _raised_about(escalation)
    act(
        escalation, by=by, note=note.strip() or str(_("I take this over.")), look_again_at=look_again_at, now=now,
        how=Escalation.How.TOOK_OVER,
    )  # fmt: skip
    _give_to(by, case, task, by=by, now=now)


@transaction.atomic
def instruct(
    escalation: Escalation, instruction: str, *, by: Person, look_again_at: datetime, now: datetime
) -> Message:
    """Say what is to be done: an internal note on the case, and everybody at work on it hears of it."""
    case, task = _raised_about(escalation)
    act(
        escalation, by=by, note=instruction.strip(), look_again_at=look_again_at, now=now,
        how=Escalation.How.INSTRUCTED,
    )  # fmt: skip
    message = Message.objects.create(
        case=case, task=task, kind=Message.Kind.NOTE, body=instruction.strip(), by=by, at=now
    )
    record(
        events.Instructed(
            happened_at=now,
            actor_id=by.pk,
            about=task.about if task else case.about,
            case_id=case.pk,
            escalation_id=escalation.pk,
            message_id=message.pk,
            level=escalation.level,
        )
    )
    return message


@transaction.atomic
def reassign(
    escalation: Escalation, *, by: Person, reason: str, look_again_at: datetime, now: datetime,
    person: Person | None = None, department: Department | None = None,
) -> None:  # fmt: skip
    """Give it to somebody else: the task to a colleague or another department, the case to another owner."""
    from guixin.serve.handling import pass_on

    case, task = _raised_about(escalation)
    if (person is None) == (department is None):
        raise CannotEscalate(_("Choose a person or a department, one of them."))
    act(
        escalation, by=by, note=reason.strip(), look_again_at=look_again_at, now=now,
        how=Escalation.How.REASSIGNED,
    )  # fmt: skip
    if person is not None:
        _give_to(person, case, task, by=by, now=now)
    elif task is not None and department is not None:
        pass_on(task, department, reason, by=by, now=now)
    else:
        raise CannotEscalate(_("A case has an owner, who is a person; choose one."))


@transaction.atomic
def silence(
    escalation: Escalation, *, by: Person, reason: str, look_again_at: datetime, now: datetime
) -> None:
    """No reminders until then, and why. The case stays as late as it is."""
    if escalation.case_id:
        _raised_about(escalation)
    act(
        escalation, by=by, note=reason.strip(), look_again_at=look_again_at, now=now,
        how=Escalation.How.SILENCED,
    )  # fmt: skip


def _raised_about(escalation: Escalation) -> tuple[Case, Task | None]:
    """The open case, locked, and the task whose promise was broken, if it was a task's and is still at work."""
    if escalation.case_id is None:
        raise CannotEscalate(_("This is not about a case; open the matter itself and decide there."))
    case = locked_open(Case.objects.get(pk=escalation.case_id))
    of_task = Clock.objects.filter(about_kind="task")
    clock = of_task.filter(pk=escalation.clock_id).first() if escalation.clock_id else None
    task = Task.objects.open().filter(pk=clock.about_id).first() if clock else None
    return case, task


def _give_to(person: Person, case: Case, task: Task | None, *, by: Person, now: datetime) -> None:
    from guixin.serve.changing import change_owner
    from guixin.serve.handling import hand_to

    if task is not None:
        hand_to(task, person, by=by, now=now)
    else:
        change_owner(case, person, by=by, now=now)


def stop_acting(acted: Sequence) -> None:
    """Reaction: an authority acted on an escalation, so its promise to act is kept (or late)."""
    from guixin.promise.keeping import Stop, stop

    for event in acted:
        stop(
            [Stop(("escalation", event.escalation_id), Measure.ACT, event.happened_at)],
            event.happened_at,
            event.actor_id,
        )
