"""Merge, link, split: nothing is lost, and no promise made to either customer gets later."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.promise.keeping import void
from guixin.promise.models import Clock, Escalation, Measure
from guixin.promise.moving import bring_forward
from guixin.promise.pausing import resume
from guixin.serve import events, orders
from guixin.serve.handling import ball_returns, go_on
from guixin.serve.intake import Arrival, open_case
from guixin.serve.models import Attachment, Case, CaseLink, HardProblem, Message, Task
from guixin.serve.models.case import NO_DEADLINE
from guixin.serve.replying import change_columns
from guixin.serve.routing import found_departments, locked_open, refresh_case
from guixin.serve.visit_deciding import take_visit_along
from guixin.web.refusals import Refused


class CannotMerge(Refused):
    """These cases cannot be put together like this, and why."""


@transaction.atomic
def merge(case: Case, into: Case, *, by: Person, now: datetime) -> Case:
    """`case` goes into `into`: tasks and messages move with their clocks, the number stays findable.

    For each promise to the customer the stricter of the two deadlines holds from here on; a promise the
    remaining case did not have moves over to it. Breaches already recorded stay with the number they happened to.
    """
    if case.pk == into.pk:
        raise CannotMerge(_("A case cannot be merged into itself."))
    # Locked in the order of their ids, so that two merges crossing each other wait instead of deadlocking.
    both = {one.pk: locked_open(one) for one in sorted((case, into), key=lambda one: one.pk)}
    case, into = both[case.pk], both[into.pk]
    if case.state == Case.State.WAITING and into.state != Case.State.WAITING:
        resume(
            case.pk, at=now, actor_id=by.pk
        )  # nobody would wake its clocks in a case that waits for nobody
    theirs = {clock.measure: clock for clock in Clock.objects.of("case", into.pk).open()}
    superseded = []
    for clock in Clock.objects.of("case", case.pk).open():
        other = theirs.get(clock.measure)
        if (
            clock.measure == Measure.ROUTE
        ):  # the remaining case has its departments, or its own search for one
            superseded.append(clock)
        elif other and clock.due_at and other.due_at:
            bring_forward(other, clock.due_at, f"merged with {case.number}", now, by.pk)
            superseded.append(clock)
        else:
            _move_clock(clock, into)
    void(superseded, f"merged into {into.number}", now, by.pk)
    Task.objects.filter(case=case).update(case=into)
    Clock.objects.filter(case_id=case.pk).exclude(about_kind="case").update(case_id=into.pk)
    Message.objects.filter(case=case).update(case=into)
    Attachment.objects.filter(case=case).update(case=into)
    Escalation.objects.filter(case_id=case.pk, acted_at=None).update(case_id=into.pk)  # still to be acted on
    asked_twice = HardProblem.objects.open().filter(case=into).values("skill")
    asked = HardProblem.objects.filter(
        case=case
    )  # a field has one open question a case; the second one stays
    asked.exclude(pk__in=asked.open().filter(skill__in=asked_twice)).update(case=into)
    take_visit_along(case, into, by=by, now=now)
    orders.bring_along(case, into)
    Case.objects.filter(merged_into=case).update(merged_into=into)
    if case.answered_at and not into.answered_at:
        change_columns(into, answered_at=case.answered_at)  # the reply is in the one conversation now
    if into.state == Case.State.ANSWERED and case.state != Case.State.ANSWERED:
        change_columns(into, state=Case.State.OPEN)  # there is something again that nobody has answered
    change_columns(case, state=Case.State.MERGED, merged_into=into, queue_at=NO_DEADLINE)
    if case.level > into.level:
        change_columns(into, level=case.level)
    ball_returns(into, now)
    refresh_case(into.pk)
    record(
        events.CasesMerged(
            happened_at=now,
            actor_id=by.pk,
            about=into.about,
            case_id=into.pk,
            merged_case_id=case.pk,
            merged_number=case.number,
        )
    )
    into.refresh_from_db()
    return into


@transaction.atomic
def link(case: Case, other: Case, *, by: Person, now: datetime) -> CaseLink:
    """Two cases that belong together stay two, and each shows the other."""
    if case.pk == other.pk:
        raise CannotMerge(_("A case cannot be linked with itself."))
    first, second = sorted((case, other), key=lambda one: one.pk)
    made, fresh = CaseLink.objects.get_or_create(
        case=second, other=first, kind=CaseLink.Kind.RELATED, defaults={"made_at": now, "made_by": by}
    )
    if fresh:
        record(_linked(case, other, CaseLink.Kind.RELATED, by, now))
    return made


@transaction.atomic
def split(
    case: Case, subject: str, *, by: Person, now: datetime, story: str = "", category: str = "",
    task: Task | None = None,
) -> Case:  # fmt: skip
    """Take one matter out into a case of its own, with the same customer; a task may go with it.

    The new case is promised as of the moment the first one arrived: splitting makes nothing later.
    """
    case = locked_open(case)
    if task and task.case_id != case.pk:
        raise CannotMerge(_("This task belongs to another case."))
    fresh = open_case(
        Arrival(
            kind=case.kind,
            subject=subject,
            story=story,
            category=category or case.category,
            product=case.product,
            severity=case.severity,
            channel=case.channel,
            language=case.language,
            customer=case.customer,
            owner_id=case.owner_id,
            opened_at=case.opened_at,
            departments=None if task else (),
        ),
        now=now,
        by=by,
    )
    CaseLink.objects.create(case=fresh, other=case, kind=CaseLink.Kind.SPLIT, made_at=now, made_by=by)
    orders.copy_to(fresh, case, by=by, now=now)
    if task:
        Task.objects.filter(pk=task.pk).update(case=fresh)
        Clock.objects.of("task", task.pk).update(case_id=fresh.pk)
        Message.objects.filter(task=task).update(case=fresh)
        Attachment.objects.filter(task=task).update(case=fresh)
        found_departments(fresh, [Task.objects.get(pk=task.pk)])
        if case.state == Case.State.WAITING:
            resume(fresh.pk, at=now, actor_id=by.pk)  # the new case waits for nobody
        go_on(case, now=now, by=by)
        refresh_case(case.pk)
    record(_linked(fresh, case, CaseLink.Kind.SPLIT, by, now))
    return fresh


def _move_clock(clock: Clock, into: Case) -> None:
    """A promise the remaining case has not got (or whose clock stands still) goes on there as it is."""
    turns = Clock.objects.of("case", into.pk).filter(measure=clock.measure)
    last = turns.aggregate(last=Max("generation"))["last"] or 0
    Clock.objects.filter(pk=clock.pk).update(
        about_id=into.pk, case_id=into.pk, generation=max(last + 1, clock.generation)
    )


def _linked(case: Case, other: Case, kind: str, by: Person, now: datetime) -> events.CaseLinked:
    return events.CaseLinked(
        happened_at=now,
        actor_id=by.pk,
        about=case.about,
        case_id=case.pk,
        other_case_id=other.pk,
        other_number=other.number,
        link_kind=kind,
    )
