"""Closing the number, and opening it again."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Department, Person
from guixin.promise.keeping import Stop, stop, void
from guixin.promise.models import Clock, Measure
from guixin.promise.models.standard import TO_CUSTOMER
from guixin.serve import events
from guixin.serve.classifying import CannotClose, Classification, check
from guixin.serve.meanwhile import refuse_if_said_since
from guixin.serve.models import Case, Closing, FollowUp, Reopening, Task, Visit
from guixin.serve.models.case import NO_DEADLINE
from guixin.serve.promises import begin, promises_to_customer, refresh_queues, spelled_out
from guixin.serve.replying import change_columns
from guixin.serve.routing import locked_open
from guixin.serve.suggesting import noted
from guixin.web.refusals import Refused


class CannotReopen(Refused):
    """The case cannot be reopened, and why."""


@transaction.atomic
def close(
    case: Case, *, by: Person, now: datetime, department: Department | None = None, quality_point: str = "",
    cause: str = "", severity: int | None = None, summary: str = "", seen: int | None = None,
) -> Closing:  # fmt: skip
    """Close the number. Never without the customer having been told; a complaint never unclassified.

    seen    the newest message whoever closes it has read; refused if somebody else spoke since (`SaidMeanwhile`)
    """
    case = locked_open(case)
    refuse_if_said_since(case, seen, by=by)
    if case.answered_at is None:  # set by a reply, cleared by a reopening
        raise CannotClose(_("The customer has not been told the result yet."))
    if at_work := list(Task.objects.filter(case=case).unfinished().select_related("department")):
        names = ", ".join(
            sorted({task.department.shown_name(get_language() or "zh-hans") for task in at_work})
        )
        raise CannotClose(_("Still at work: %s. Wait for the result or withdraw the task.") % names)
    if Visit.objects.open().filter(case=case).exists():
        raise CannotClose(
            _(
                "The visitors are still to come. Say what became of the visit: it took place, or it was called off."
            )
        )
    classification = Classification(department, quality_point, cause, severity)
    check(classification, kind=case.kind)
    closing = Closing.objects.create(
        case=case, generation=case.generation, at=now, by=by, department=department, cause=cause,
        quality_point=quality_point, severity=severity, summary=summary, suggested=noted(case) or None,
    )  # fmt: skip
    stop([Stop(case.about, Measure.RESOLVE, now)], now, by.pk)
    void(Clock.objects.filter(case_id=case.pk).open(), "case closed", now, by.pk)
    change_columns(case, state=Case.State.CLOSED, closed_at=max(now, case.opened_at), queue_at=NO_DEADLINE)
    record(
        events.CaseClosed(
            happened_at=now,
            actor_id=by.pk,
            about=case.about,
            case_id=case.pk,
            generation=case.generation,
            case_kind=case.kind,
            owner_id=case.owner_id,
            department_id=department.pk if department else None,
            quality_point=quality_point,
            cause=cause,
            severity=severity,
        )
    )
    return closing


@transaction.atomic
def reopen(case: Case, reason: str, *, now: datetime, by: Person | None = None) -> Case:
    """The same number again, with a new generation of promises from now. What was judged stays judged."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if case.state != Case.State.CLOSED:
        raise CannotReopen(_("Only a closed case can be reopened."))
    if not reason.strip():
        raise CannotReopen(_("Say why it is opened again."))
    FollowUp.objects.filter(case=case, state=FollowUp.State.PLANNED).update(state=FollowUp.State.DROPPED)
    void(Clock.objects.filter(case_id=case.pk).open(), "case reopened", now, by.pk if by else None)
    # A case merged into this one may have brought promises of a higher generation.
    used = Clock.objects.of("case", case.pk).filter(measure__in=TO_CUSTOMER).aggregate(last=Max("generation"))
    generation = max(case.generation, used["last"] or 0) + 1
    Reopening.objects.create(case=case, generation=generation, at=now, by=by, reason=reason.strip())
    department_id = Ladder.at(now).department_of(case.owner_id)
    change_columns(
        case, state=Case.State.OPEN, closed_at=None, answered_at=None, generation=generation,
        department_id=department_id,
    )  # fmt: skip
    clocks = begin(promises_to_customer(case, department_id=department_id, at=now)).get(case.about, [])
    refresh_queues({case.pk}, set())
    record(
        events.CaseReopened(
            happened_at=now,
            actor_id=by.pk if by else None,
            about=case.about,
            case_id=case.pk,
            generation=generation,
            promises=spelled_out(clocks),
            personal={"reason": reason.strip()},
        )
    )
    case.refresh_from_db()
    return case
