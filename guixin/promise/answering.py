"""What becomes of a message after it was put into the post: sent, come back, answered, no longer wanted.

Everything that reached a customer, and everything they said to it, stands among their contacts (understand/contacting.py).
"""

from datetime import datetime

from django.core import signing
from django.db import connection, transaction
from django.utils.translation import gettext as _

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.promise import occasions
from guixin.promise.communication_events import PlanMessageAnswered, PlanMessageNotSent, PlanMessageSent
from guixin.promise.models import CommunicationVersion, MessageReply, PlanMessage
from guixin.promise.models.communication import ASKED_AS
from guixin.promise.posting import facts_of
from guixin.understand import consenting
from guixin.understand.contacting import log
from guixin.understand.models import Consent, Contact, ContactKind, Customer, Merge
from guixin.web.refusals import Refused

State, Reason = PlanMessage.State, PlanMessage.Reason
_SALT = "guixin.opt-out"
LONGEST = 5_000


class CannotAnswer(Refused):
    """What came back cannot be kept like this."""

    about_input = True


class NotSentYet(Refused):
    """Nothing left, so nothing can come back."""


# -- on its way ----------------------------------------------------------------------------------------------------


def still_wanted(message: PlanMessage) -> str:
    """Asked in the moment it leaves: blank, or the reason why not. Minutes or days may lie between post and here."""
    if message.customer.merged_into_id:
        return Reason.MERGED
    if message.state != State.POSTED:
        return message.reason or Reason.PLAN
    if not CommunicationVersion.objects.filter(plan=message.plan_id, withdrawn_at__isnull=True).exists():
        return Reason.PLAN
    asked = ASKED_AS[message.channel]
    return "" if consenting.may_contact(message.customer, message.entry.purpose, asked) else Reason.CONSENT


@transaction.atomic
def sent(message: PlanMessage, *, now: datetime) -> Contact:
    """It left: a contact of the customer, by whoever looks after them."""
    segment = message.plan.segment
    contact = log(
        message.customer, ContactKind.MESSAGE, owner=message.customer.owner or segment.owner, by=None, now=now,
        subject=message.subject, notes=message.body,
    )  # fmt: skip
    message.state, message.sent_at, message.reason, message.detail = State.SENT, now, "", ""
    message.contact = contact
    message.save(update_fields=["state", "sent_at", "reason", "detail", "contact"])
    record(PlanMessageSent(**facts_of(message, now), contact_id=contact.pk))
    return contact


@transaction.atomic
def not_sent(message: PlanMessage, reason: str, detail: str, *, now: datetime) -> None:
    """It came back, or nobody would have it."""
    message = _locked(message)
    if message.state == State.NOT_SENT:
        return
    message.state, message.reason, message.detail = State.NOT_SENT, reason, detail[:500]
    message.save(update_fields=["state", "reason", "detail"])
    record(PlanMessageNotSent(**facts_of(message, now), not_sent=reason))


@transaction.atomic
def bounced(message: PlanMessage, detail: str, *, now: datetime) -> PlanMessage:
    """The other side says it did not arrive: told by a person, or by the program that carries our messages."""
    message = _locked(message)
    if message.state not in (State.POSTED, State.SENT):
        raise NotSentYet(_("This message did not leave, so it cannot have come back."))
    not_sent(message, Reason.BOUNCED, detail.strip(), now=now)
    if message.contact_id:
        Contact.objects.filter(pk=message.contact_id).update(outcome=Contact.Outcome.NOT_REACHED)
    message.refresh_from_db()
    return message


# -- what comes back -----------------------------------------------------------------------------------------------


@transaction.atomic
def reply(
    message: PlanMessage, words: str, *, by: Person | None, now: datetime, outcome: str = Contact.Outcome.GOOD,
    key: str = "",
) -> Contact:  # fmt: skip
    """What the customer said to it, as a contact. The same `key` again is the same reply."""
    message = _locked(message)
    if message.state != State.SENT:
        raise NotSentYet(_("This message has not been sent, so nobody can have answered it."))
    if key and (there := message.replies.select_related("contact").filter(key=key).first()):
        return there.contact
    if not words.strip():
        raise CannotAnswer(_("Write down what the customer said."))
    contact = log(
        message.customer, ContactKind.MESSAGE, owner=by or message.customer.owner or message.plan.segment.owner, by=by,
        now=now, outcome=outcome, subject=_("Answer to “%s”") % message.subject, notes=words.strip()[:LONGEST],
    )  # fmt: skip
    MessageReply.objects.create(message=message, contact=contact, key=key, at=now)
    record(
        PlanMessageAnswered(
            **{**facts_of(message, now), "actor_id": by.pk if by else None}, contact_id=contact.pk
        )
    )
    return contact


def _locked(message: PlanMessage) -> PlanMessage:
    return (
        PlanMessage.objects.select_for_update(of=("self",))
        .select_related("customer__owner", "plan__segment__owner", "entry")
        .get(pk=message.pk)
    )


# -- no longer wanted ----------------------------------------------------------------------------------------------


def opt_out_token(message: PlanMessage) -> str:
    """The secret part of the link in a message. It is good for as long as the message is on record."""
    return signing.Signer(salt=_SALT).sign(str(message.pk))


def message_of(token: str) -> PlanMessage | None:
    """The message a link belongs to; None for one we never wrote."""
    try:
        pk = signing.Signer(salt=_SALT).unsign(token)
    except signing.BadSignature:
        return None
    messages = PlanMessage.objects.select_related("customer", "entry", "plan__segment")
    return messages.filter(pk=int(pk)).first()


def has_opted_out(message: PlanMessage) -> bool:
    """Whether the customer may no longer be told this."""
    customer = _standing(message.customer)
    return not consenting.may_contact(customer, message.entry.purpose, ASKED_AS[message.channel])


@transaction.atomic
def opt_out(message: PlanMessage, *, now: datetime) -> Consent:
    """The customer wants no more of this by any channel. Saying it twice does no harm."""
    customer = _standing(message.customer)
    said = consenting.withdraw(
        customer, message.entry.purpose, by=None, now=now,
        evidence=_("By the link in the message of %s") % f"{message.sent_at or now:%Y-%m-%d}",
    )  # fmt: skip
    PlanMessage.objects.filter(pk=message.pk, opted_out_at__isnull=True).update(opted_out_at=now)
    return said


def _standing(customer: Customer) -> Customer:
    while customer.merged_into_id:
        customer = Customer.objects.get(pk=customer.merged_into_id)
    return customer


# -- two records that are one --------------------------------------------------------------------------------------

# Of what both records are to be told of the same line, one remains: what has left, else what is wanted first. It is
# asked by line of a plan, not by event: entering a segment twice, once with each record, is one thing to the customer.
_ONCE = """
    WITH told AS (
        SELECT m.id, m.state, row_number() OVER (
            PARTITION BY m.way, m.occasion, CASE WHEN m.occasion <> 'date' THEN m.plan_id END,
                CASE WHEN m.occasion = 'date' THEN m.event
                     WHEN m.occasion = 'every' THEN split_part(m.event, ':', 2) || ':' || split_part(m.event, ':', 4) END
            ORDER BY (m.state IN ('posted', 'sent', 'planned')) DESC, m.due_at, m.id) AS place
        FROM promise_planmessage m
        WHERE m.customer_id = ANY(%(both)s) AND m.occasion = ANY(%(of_the_record)s)
          AND (m.state = 'waiting' OR (m.state IN ('posted', 'sent', 'planned') AND m.due_at > %(now)s - interval '90 days')))
    UPDATE promise_planmessage m SET state = 'not_sent', reason = 'merged', next_at = NULL
    FROM told WHERE told.id = m.id AND told.place > 1 AND m.state = 'waiting' RETURNING m.id
"""
# Also what a worker gave up meanwhile because its customer had become another.
_AGAIN = """
    UPDATE promise_planmessage SET state = 'waiting', reason = '', detail = '', next_at = due_at
    WHERE state = 'not_sent' AND reason = 'merged' AND (id = ANY(%s::bigint[]) OR customer_id = %s)
"""


def tell_once(merged: list) -> None:
    """Reaction: two customers are one, and are told once what both were to be told."""
    of_the_record = [code for code, each in occasions.known().items() if each.of_the_record]
    with connection.cursor() as cursor:
        for event in merged:
            both = [event.about[1], event.merged_customer_id]
            cursor.execute(_ONCE, {"both": both, "of_the_record": of_the_record, "now": event.happened_at})
            left_out = sorted(pk for (pk,) in cursor.fetchall())
            Merge.objects.get(pk=event.merge_id).carry("plan_message_left_out", left_out)


def tell_both(undone: list) -> None:
    """Reaction: they are two again; each is told what was left out because of the other. Too late is told by nobody."""
    with connection.cursor() as cursor:
        for event in undone:
            left_out = Merge.objects.get(pk=event.merge_id).moved.get("plan_message_left_out", [])
            cursor.execute(_AGAIN, [left_out, event.merged_customer_id])
