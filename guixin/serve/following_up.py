"""The follow-up (回访): planned by the system at closing; a dissatisfied customer reopens the same number."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Department, Person
from guixin.promise.book import book
from guixin.promise.keeping import Promise, Stop, stop
from guixin.promise.models import Measure
from guixin.serve import events
from guixin.serve.closing import reopen
from guixin.serve.escalating import dissatisfied
from guixin.serve.models import Case, FollowUp
from guixin.serve.models.policy import policy
from guixin.serve.promises import begin, circumstances
from guixin.web.refusals import Refused

Outcome = FollowUp.Outcome


class CannotFollowUp(Refused):
    """The outcome cannot be recorded like this, and why."""


def schedule(closed: Sequence[events.CaseClosed]) -> None:
    """Reaction: every closed case with a customer is asked about afterwards, by its owner, with a clock."""
    after, pages = policy().follow_up_after_days, book()
    cases = Case.objects.in_bulk([event.case_id for event in closed])
    closed_at = {event.case_id: event.happened_at for event in closed}
    planned, promises, said = [], [], []
    for event in closed:
        case = cases[event.case_id]
        if case.customer_id is None:
            continue
        planned.append(
            FollowUp(
                case=case,
                generation=event.generation,
                holder_id=case.owner_id,
                planned_for=event.happened_at + timedelta(days=after),
            )
        )
    FollowUp.objects.bulk_create(planned)
    for follow_up in planned:
        case = follow_up.case
        ladder = Ladder.at(follow_up.planned_for)
        if version := pages.promise(Measure.FOLLOW_UP, circumstances(case)):
            promises.append(
                Promise(
                    about=follow_up.about,
                    case_id=case.pk,
                    version=version,
                    department_id=ladder.department_of(case.owner_id),
                    holder_id=case.owner_id,
                    started_at=follow_up.planned_for,
                )
            )
        said.append(
            events.FollowUpPlanned(
                happened_at=closed_at[case.pk],
                about=follow_up.about,
                case_id=case.pk,
                generation=follow_up.generation,
                planned_for=follow_up.planned_for,
                holder_id=follow_up.holder_id,
            )
        )
    begin(promises)
    record(*said)


@transaction.atomic
def record_outcome(
    follow_up: FollowUp, outcome: str, *, now: datetime, by: Person | None = None, comment: str = "",
    department_at_fault: Department | None = None,
) -> FollowUp:  # fmt: skip
    """Write down what the customer said. `by` none: the customer said it on the tracking page.

    Dissatisfied: the case is reopened with the same number and goes to the next authority, that of the
    department at fault if one is named.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=follow_up.case_id)
    follow_up = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    if follow_up.state != FollowUp.State.PLANNED:
        raise CannotFollowUp(_("The outcome of this follow-up is already recorded."))
    if outcome not in Outcome.values:
        raise CannotFollowUp(_("The outcome is one of: satisfied, dissatisfied, not reached."))
    if outcome == Outcome.DISSATISFIED and not comment.strip():
        raise CannotFollowUp(_("Say what the customer is not satisfied with."))
    follow_up.state, follow_up.outcome, follow_up.comment = FollowUp.State.DONE, outcome, comment.strip()
    follow_up.department_at_fault, follow_up.done_at, follow_up.done_by = department_at_fault, now, by
    follow_up.save(update_fields=["state", "outcome", "comment", "department_at_fault", "done_at", "done_by"])
    stop([Stop(follow_up.about, Measure.FOLLOW_UP, now)], now, by.pk if by else None)
    record(
        events.FollowUpDone(
            happened_at=now,
            actor_id=by.pk if by else None,
            about=follow_up.about,
            case_id=case.pk,
            outcome=outcome,
            department_at_fault_id=department_at_fault.pk if department_at_fault else None,
            personal={"comment": follow_up.comment} if follow_up.comment else {},
        )
    )
    if outcome == Outcome.DISSATISFIED and case.state == Case.State.CLOSED:
        closing = case.closings.order_by("-generation").first()
        at_fault = (
            department_at_fault.pk if department_at_fault else (closing.department_id if closing else None)
        )
        case = reopen(case, follow_up.comment, now=now, by=by)
        dissatisfied(case, reason=follow_up.comment, department_id=at_fault, now=now, by=by)
    return follow_up
