"""Telling the customer, and what the customer tells us."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.promise.keeping import Stop, stop
from guixin.promise.models import Measure
from guixin.serve import events
from guixin.serve.mentioning import mentioned_in, readers
from guixin.serve.models import Case, Message
from guixin.serve.models.policy import policy
from guixin.serve.routing import locked_open
from guixin.web.refusals import Refused

Kind = Message.Kind

# What each kind of word to the customer fulfils: a reply also acknowledges, an acknowledgement is no reply.
FULFILS = {
    Kind.ACKNOWLEDGEMENT: (Measure.ACKNOWLEDGE,),
    Kind.PRELIMINARY: (Measure.ACKNOWLEDGE, Measure.PRELIMINARY),
    Kind.REPLY: (Measure.ACKNOWLEDGE, Measure.PRELIMINARY, Measure.REPLY),
    Kind.ON_SITE: (Measure.ACKNOWLEDGE, Measure.ON_SITE),
}


class CannotReply(Refused):
    """The words cannot be sent or kept like this, and why."""

    about_input = True


@transaction.atomic
def reply(
    case: Case, body: str, *, by: Person, now: datetime, kind: str = Kind.REPLY, channel: str = "",
    told_at: datetime | None = None,
) -> Message:  # fmt: skip
    """Tell the customer, and record that they were told.

    kind      acknowledgement, preliminary, reply (the result) or on_site
    told_at   when it was said, if that was earlier than now (a call noted afterwards); never before the case
    """
    case = locked_open(case)
    if kind not in FULFILS:
        raise CannotReply(_("“%s” is not something said to a customer.") % kind)
    if not body.strip():
        raise CannotReply(_("There is nothing written yet."))
    # What was said before a reopening was the old answer: it keeps none of the new promises.
    again = case.reopenings.order_by("-generation").values_list("at", flat=True).first()
    since = again or case.opened_at
    at = told_at or max(now, since)  # the host's clock may have been set back meanwhile
    if told_at and not since <= told_at <= now:
        raise CannotReply(_("The customer can only have been told between the opening of the case and now."))
    message = Message.objects.create(
        case=case, kind=kind, body=body.strip(), by=by, at=at, channel=channel or case.channel
    )
    if kind == Kind.REPLY:
        state = Case.State.ANSWERED if case.state == Case.State.OPEN else case.state
        change_columns(case, state=state, answered_at=at)
    stop([Stop(case.about, measure, at) for measure in FULFILS[Kind(kind)]], now, by.pk)
    record(
        events.CustomerTold(
            happened_at=at,
            actor_id=by.pk,
            about=case.about,
            case_id=case.pk,
            message_id=message.pk,
            message_kind=kind,
            channel=message.channel,
        )
    )
    return message


@transaction.atomic
def note(case: Case, body: str, *, by: Person, now: datetime) -> Message:
    """An internal note, also on a closed case. The customer never sees it; @name tells that colleague."""
    if not body.strip():
        raise CannotReply(_("There is nothing written yet."))
    called = mentioned_in(body)
    colleagues = readers(case, called) if called else []
    message = Message.objects.create(case=case, kind=Kind.NOTE, body=body.strip(), by=by, at=now)
    facts: dict[str, Any] = {
        "happened_at": now, "actor_id": by.pk, "about": case.about, "case_id": case.pk, "message_id": message.pk,
    }  # fmt: skip
    record(
        events.NoteWritten(**facts),
        *(events.ColleagueMentioned(**facts, person_id=each.pk) for each in colleagues),
    )
    return message


@transaction.atomic
def customer_adds(case: Case, body: str, *, now: datetime, by: Person | None = None) -> Message:
    """The customer adds something. If we were waiting for it, the clocks run again."""
    from guixin.serve.waiting import customer_answered

    case = locked_open(case)
    if not body.strip():
        raise CannotReply(_("There is nothing written yet."))
    message = Message.objects.create(case=case, kind=Kind.CUSTOMER, body=body.strip(), by=by, at=now)
    record(
        events.CustomerAdded(
            happened_at=now,
            actor_id=by.pk if by else None,
            about=case.about,
            case_id=case.pk,
            message_id=message.pk,
        )
    )
    if case.state == Case.State.WAITING:
        customer_answered(case, now=now, by=by)
    return message


@transaction.atomic
def customer_urges(case: Case, *, now: datetime, body: str = "") -> Message:
    """The customer urges (催办), at most once in the firm's interval; owner and departments hear of it."""
    case = locked_open(case)
    every = timedelta(hours=policy().urge_every_hours)
    if case.messages.filter(kind=Kind.URGE, at__gt=now - every).exists():
        raise CannotReply(_("You have already urged us today; we are on it."))
    message = Message.objects.create(case=case, kind=Kind.URGE, body=body.strip() or "催办", at=now)
    record(events.CustomerUrged(happened_at=now, about=case.about, case_id=case.pk, message_id=message.pk))
    return message


def change_columns(case: Case, **fields) -> None:
    """Write just these columns and move the version, so that somebody editing an older copy notices."""
    Case.objects.filter(pk=case.pk).update(**fields, version=F("version") + 1)
    case.refresh_from_db()
