"""The customer says whether it is solved: on the tracking page, or through the API behind it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guixin.serve.closing import reopen
from guixin.serve.escalating import dissatisfied
from guixin.serve.following_up import record_outcome
from guixin.serve.models import Case, FollowUp
from guixin.serve.replying import CannotReply, change_columns, customer_adds


@transaction.atomic
def customer_confirms(case: Case, *, now: datetime, comment: str = "") -> None:
    """Solved: the follow-up is done if one is planned, else the owner reads it."""
    if planned := _planned(case):
        record_outcome(planned, FollowUp.Outcome.SATISFIED, now=now, comment=comment)
    else:
        customer_adds(case, comment.strip() or _("The customer confirms: solved."), now=now)


@transaction.atomic
def customer_objects(case: Case, comment: str, *, now: datetime) -> None:
    """Not solved: open again under the same number, and raised to the next authority.

    A case we had not answered yet is not raised by it: there the customer only adds what is wrong.
    """
    if not comment.strip():
        raise CannotReply(_("Say what is not solved yet."))
    if planned := _planned(case):
        record_outcome(planned, FollowUp.Outcome.DISSATISFIED, now=now, comment=comment)
        return
    if case.is_open:
        was_answered = case.state == Case.State.ANSWERED
        customer_adds(case, comment, now=now)
        if not was_answered:
            return
        change_columns(case, state=Case.State.OPEN)
    else:
        case = reopen(case, comment, now=now)
    dissatisfied(case, reason=comment.strip(), department_id=None, now=now, by=None)


def _planned(case: Case) -> FollowUp | None:
    return case.follow_ups.filter(state=FollowUp.State.PLANNED).first()
