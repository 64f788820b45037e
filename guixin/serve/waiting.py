"""Waiting for the customer: the clocks that allow it stand still."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.promise.pausing import pause, resume
from guixin.serve import events
from guixin.serve.models import Case, Message
from guixin.serve.replying import CannotReply, change_columns
from guixin.serve.routing import locked_open


@transaction.atomic
def wait_for_customer(case: Case, question: str, *, by: Person, now: datetime) -> Case:
    """Ask the customer something and wait. The question is kept: nobody pauses a clock in silence."""
    case = locked_open(case)
    if case.state == Case.State.WAITING:
        raise CannotReply(_("We are already waiting for the customer."))
    if not question.strip():
        raise CannotReply(_("Say what you need from the customer; they will read it."))
    message = Message.objects.create(
        case=case, kind=Message.Kind.NEWS, body=question.strip(), by=by, at=now, channel=case.channel
    )
    pause(case.pk, "waiting for the customer", at=now, now=now, actor_id=by.pk)
    change_columns(case, state=Case.State.WAITING)
    record(
        events.CustomerTold(
            happened_at=now,
            actor_id=by.pk,
            about=case.about,
            case_id=case.pk,
            message_id=message.pk,
            message_kind=message.kind,
            channel=message.channel,
        ),
        events.WaitingForCustomer(happened_at=now, actor_id=by.pk, about=case.about, case_id=case.pk),
    )
    return case


@transaction.atomic
def customer_answered(case: Case, *, now: datetime, by: Person | None = None) -> Case:
    """The wait is over: every deadline has moved by the working time that was waited."""
    case = locked_open(case)
    if case.state != Case.State.WAITING:
        raise CannotReply(_("We are not waiting for the customer."))
    resume(case.pk, at=now, actor_id=by.pk if by else None)
    change_columns(case, state=Case.State.ANSWERED if case.answered_at else Case.State.OPEN)
    record(
        events.CustomerAnswered(
            happened_at=now, actor_id=by.pk if by else None, about=case.about, case_id=case.pk
        )
    )
    return case
