"""What a department does with its task: accept, ask, answer, pass on, send back, return a result."""

from collections import Counter as TallyOf
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.ledger.bulk import update_rows
from guixin.organisation.access import scope_of
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Department, Person
from guixin.promise.keeping import Stop, stop, void
from guixin.promise.models import Clock, Measure
from guixin.promise.moving import hand_over
from guixin.serve import task_events as events
from guixin.serve.attaching import Kept, attach
from guixin.serve.changing import balls_return
from guixin.serve.models import Case, Message, Task, Transfer
from guixin.serve.models.policy import policy
from guixin.serve.models.task import TaskQuerySet
from guixin.serve.routing import (
    announce,
    found_departments,
    hand_to_coordinator,
    locked_open,
    refresh_case,
    start_clocks,
)
from guixin.web.refusals import Refused

LOOKED_BACK = 50  # transfers that say where a department's tasks usually go


class CannotHandle(Refused):
    """The task cannot be handled like this, and why."""


@transaction.atomic
def accept(task: Task, *, by: Person, now: datetime) -> Task:
    """Take the task: from here on this person answers for it."""
    task = _locked(task)
    if task.state == Task.State.ACCEPTED and task.handler_id == by.pk:
        return task  # a double click
    if task.state != Task.State.GIVEN:
        raise CannotHandle(_("Somebody else has already accepted this task."))
    task.state, task.accepted_at, task.handler = Task.State.ACCEPTED, _not_before_given(task, now), by
    _save(task, "state", "accepted_at", "handler")
    stop([Stop(task.about, Measure.ACCEPT, now)], now, by.pk)
    hand_over(_clocks(task), department_id=task.department_id, holder_id=by.pk, now=now, actor_id=by.pk)
    record(events.TaskAccepted(**_facts(task, by, now), handler_id=by.pk))
    return task


@transaction.atomic
def ask(task: Task, question: str, *, by: Person, now: datetime, files: Sequence[Kept] = ()) -> Message:
    """The handler asks the owner. The clocks go on: asking is not an answer."""
    task = _locked(task)
    message = _say(task, Message.Kind.QUESTION, question, by, now, files=files)
    record(events.TaskQuestionAsked(**_facts(task, by, now)))
    return message


@transaction.atomic
def answer(question: Message, body: str, *, by: Person, now: datetime, files: Sequence[Kept] = ()) -> Message:
    """The owner (or a colleague) answers the handler's question."""
    if question.kind != Message.Kind.QUESTION or question.task is None:
        raise CannotHandle(_("This is not a question of a department."))
    task = _locked(question.task)
    message = _say(task, Message.Kind.ANSWER, body, by, now, answers=question, files=files)
    record(events.TaskQuestionAnswered(**_facts(task, by, now)))
    return message


@transaction.atomic
def hand_to(task: Task, person: Person, *, by: Person, now: datetime) -> Task:
    """Somebody decides who does it: this person answers for the task from now on, whoever did before."""
    task = _locked(task)
    if task.state == Task.State.ACCEPTED and task.handler_id == person.pk:
        return task
    if not Ladder.at(now).seats_of(person.pk):
        raise CannotHandle(_("%s holds no post and cannot take a task.") % person.name)
    task.state, task.handler = Task.State.ACCEPTED, person
    task.accepted_at = task.accepted_at or _not_before_given(task, now)
    _save(task, "state", "accepted_at", "handler")
    stop([Stop(task.about, Measure.ACCEPT, now)], now, by.pk)
    hand_over(_clocks(task), department_id=task.department_id, holder_id=person.pk, now=now, actor_id=by.pk)
    record(events.TaskHandedOver(**_facts(task, by, now), handler_id=person.pk))
    return task


@transaction.atomic
def return_result(task: Task, result: str, *, by: Person, now: datetime, files: Sequence[Kept] = ()) -> Task:
    """The department's answer goes back to the owner, who tells the customer. The next stage starts."""
    task = _locked(task)
    if not result.strip():
        raise CannotHandle(_("Say what the result is; the owner has to tell the customer."))
    task.handler = task.handler or by
    task.accepted_at = task.accepted_at or _not_before_given(task, now)
    task.state, task.ended_at, task.result = Task.State.DONE, max(now, task.accepted_at), result.strip()
    _save(task, "state", "ended_at", "result", "handler", "accepted_at")
    _say(task, Message.Kind.RESULT, result, by, now, files=files)
    stop([Stop(task.about, measure, now) for measure in (Measure.ACCEPT, Measure.RESULT)], now, by.pk)
    record(events.ResultReturned(**_facts(task, by, now)))
    go_on(task.case, now=now, by=by)
    return task


@transaction.atomic
def pass_on(task: Task, department: Department, reason: str, *, by: Person, now: datetime) -> Task:
    """Another department takes the task over. Its deadline does not move; it has to be accepted anew."""
    task = _locked(task)
    if department.pk == task.department_id:
        raise CannotHandle(_("The task is already with this department."))
    if not reason.strip():
        raise CannotHandle(_("Say why it goes to another department."))
    before = task.department_id
    Transfer.objects.create(
        task=task, kind=Transfer.Kind.PASSED_ON, from_department_id=before, to_department=department,
        by=by, at=now, reason=reason.strip(),
    )  # fmt: skip
    task.department, task.handler, task.state, task.accepted_at = department, None, Task.State.GIVEN, None
    _save(task, "department", "handler", "state", "accepted_at")
    # Who passes a task on has looked at it: the old promise to accept is judged as of now.
    stop([Stop(task.about, Measure.ACCEPT, now)], now, by.pk)
    hand_over(_clocks(task), department_id=department.pk, holder_id=None, now=now, actor_id=by.pk)
    turn = Clock.objects.of("task", task.pk).filter(measure=Measure.ACCEPT).count() + 1
    started = start_clocks([task], now=now, generation=turn, measures=(Measure.ACCEPT,))
    record(events.TaskPassedOn(**_facts(task, by, now), from_department_id=before))
    announce([task], started, now=now, by=by)
    found_departments(task.case, [task])
    return task


@transaction.atomic
def send_back(task: Task, reason: str, *, by: Person, now: datetime) -> Task:
    """“Not ours”, with a reason, inside the firm's short window. The coordinator finds another department."""
    task = _locked(task)
    window = timedelta(minutes=policy().send_back_within_minutes)
    arrived = (
        task.transfers.filter(kind=Transfer.Kind.PASSED_ON)
        .order_by("-at")
        .values_list("at", flat=True)
        .first()
        or task.given_at
        or now
    )
    if now > arrived + window:
        raise CannotHandle(
            _("A task can be sent back within %(minutes)s minutes of being given; now pass it on instead.")
            % {"minutes": policy().send_back_within_minutes}
        )
    if not reason.strip():
        raise CannotHandle(_("Say why this is not yours, so that the next choice is a better one."))
    task.state, task.ended_at = Task.State.SENT_BACK, _not_before_given(task, now)
    _save(task, "state", "ended_at")
    Transfer.objects.create(
        task=task, kind=Transfer.Kind.SENT_BACK, from_department_id=task.department_id, by=by, at=now,
        reason=reason.strip(),
    )  # fmt: skip
    void(_clocks(task), "sent back", now, by.pk)
    record(events.TaskSentBack(**_facts(task, by, now)))
    # Also while other departments are at work: this share of the case is nobody's now.
    hand_to_coordinator([task.case], now=now)
    ball_returns(task.case, now)
    refresh_case(task.case_id)
    return task


@transaction.atomic
def withdraw(task: Task, *, by: Person, reason: str, now: datetime) -> Task:
    """The task is no longer wanted. What was already broken stays in the ledger."""
    case = locked_open(task.case)
    task = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if task.state not in (*Task.OPEN, Task.State.PLANNED):
        raise CannotHandle(_("This task has already ended."))
    withdraw_all(Task.objects.filter(pk=task.pk), by=by, reason=reason, now=now)
    task.refresh_from_db()
    task.case = case
    go_on(case, now=now, by=by)
    return task


def withdraw_all(tasks: TaskQuerySet, *, by: Person, reason: str, now: datetime) -> set[int]:
    """These unfinished tasks are no longer wanted. The caller holds their cases locked, and says how each goes on.

    Returns the cases.
    """
    gone = list(tasks.select_for_update(of=("self",)).order_by("pk"))
    update_rows(
        "serve_task",
        "id",
        {"state": "text", "ended_at": "timestamptz", "version": "integer"},
        [(task.pk, Task.State.WITHDRAWN, _not_before_given(task, now), task.version + 1) for task in gone],
    )
    void(Clock.objects.of("task", *(task.pk for task in gone)).open(), "withdrawn", now, by.pk)
    personal = {"reason": reason} if reason else {}
    record(*(events.TaskWithdrawn(**_facts(task, by, now), personal=personal) for task in gone))
    return {task.case_id for task in gone}


def go_on_all(cases: Sequence[Case], *, now: datetime, by: Person) -> None:
    """As `go_on`, for many cases: only where the next stage starts does each cost its own."""
    unfinished = Task.objects.filter(case__in=cases).unfinished().values_list("case_id", "state")
    waiting = {pk for pk, _state in unfinished} - {pk for pk, state in unfinished if state in Task.OPEN}
    for case in cases:
        if case.pk in waiting:
            go_on(case, now=now, by=by)
    owners = {case.pk: case.owner_id for case in cases if case.pk not in waiting}
    balls_return(owners, Ladder.at(now))


def go_on(case: Case, *, now: datetime, by: Person) -> None:
    """When a stage is done the next one starts; when all is done the ball is back with the owner."""
    unfinished = list(Task.objects.filter(case=case).unfinished().select_for_update(of=("self",)))
    if any(task.is_open for task in unfinished):
        ball_returns(case, now)
        return
    if not unfinished:
        ball_returns(case, now)
        return
    stage = min(task.stage for task in unfinished)
    following = [task for task in unfinished if task.stage == stage]
    for task in following:
        task.case, task.state, task.given_at = case, Task.State.GIVEN, now
        _save(task, "state", "given_at")
    started = start_clocks(following, now=now)
    announce(following, started, now=now, by=by)
    found_departments(case, following)


def ball_returns(case: Case, now: datetime) -> None:
    """`department` shows who has the ball: the first department still working, else the owner's own."""
    at_work = Task.objects.filter(case=case).open().order_by("queue_at", "pk").first()
    department_id = at_work.department_id if at_work else Ladder.at(now).department_of(case.owner_id)
    if department_id != case.department_id:
        Case.objects.filter(pk=case.pk).update(department_id=department_id)
        case.department_id = department_id


def _locked(task: Task) -> Task:
    """The open task of an open case, both locked, the case first as everywhere."""
    case = locked_open(task.case)
    task = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    task.case = case
    if not task.is_open:
        raise CannotHandle(_("This task is no longer open."))
    return task


def _save(task: Task, *fields: str) -> None:
    task.version = F("version") + 1
    task.save(update_fields=[*fields, "version"])
    task.refresh_from_db(fields=["version"])


def _not_before_given(task: Task, now: datetime) -> datetime:
    """The host's clock may have been set back since the task was given or accepted."""
    return max(filter(None, (now, task.given_at, task.accepted_at)))


def _clocks(task: Task):
    return Clock.objects.of("task", task.pk).open()


def _facts(task: Task, by: Person, now: datetime) -> dict:
    return {
        "happened_at": now,
        "actor_id": by.pk,
        "about": task.about,
        "case_id": task.case_id,
        "department_id": task.department_id,
    }


def _say(
    task: Task, kind: Message.Kind, body: str, by: Person, now: datetime, answers: Message | None = None,
    files: Sequence[Kept] = (),
) -> Message:  # fmt: skip
    if not body.strip():
        raise CannotHandle(_("There is nothing written yet."))
    message = Message.objects.create(
        case_id=task.case_id, task=task, kind=kind, body=body.strip(), by=by, at=now, answers=answers
    )
    attach(files, case=task.case, task=task, message=message, by=by, now=now)
    return message


def may_handle(task: Task, person: Person) -> bool:
    """People of the department, whoever sees it from above, and the case's owner's front desk."""
    scope = scope_of(person)
    return (
        scope.sees_everything
        or task.handler_id == person.pk
        or task.department_id in scope.own_department_ids
        or task.department_id in scope.department_ids
    )


def likely_departments(task: Task, at_most: int = 4) -> list[int]:
    """Where tasks of this department usually go when they are not its own, the most frequent first."""
    passed = Transfer.objects.filter(from_department=task.department_id, to_department__isnull=False)
    recent = passed.order_by("-pk").values_list("to_department_id", flat=True)[:LOOKED_BACK]
    return [pk for pk, _times in TallyOf(recent).most_common(at_most) if pk != task.department_id]
