"""Contacts: planned for a working day, made, moved, cancelled. What is talked about may end as the next contact."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.models import Person
from guixin.understand import contact_events as events
from guixin.understand.contact_days import end_of_day, instant_of
from guixin.understand.models import Contact, ContactKind, Customer
from guixin.web.refusals import Refused


class CannotContact(Refused):
    """The contact cannot be planned or written down like this."""

    about_input = True


class ContactSettled(Refused):
    """It was made or cancelled meanwhile."""


@transaction.atomic
def plan(
    customer: Customer, kind: str, on: date, *, owner: Person, by: Person | None, now: datetime, subject: str = "",
    at: time | None = None, person: Customer | None = None,
) -> Contact:  # fmt: skip
    """A contact on this day. Missed when the working day of its owner ends without it."""
    _known(kind)
    if customer.merged_into_id:
        raise CannotContact(_("This customer was merged into another one; plan it with that one."))
    due = end_of_day(owner, on, now)
    if due <= now:
        raise CannotContact(_("This day is over; write down what happened instead."))
    made = Contact.objects.create(
        customer=customer, kind=kind, subject=subject.strip(), owner=owner, person=person,
        state=Contact.State.PLANNED, planned_on=on, planned_at=instant_of(owner, on, at, now) if at else None,
        due_at=due, next_at=due,
    )  # fmt: skip
    record(events.ContactPlanned(**_about(made, by, now), planned_on=on.isoformat(), due_at=due))
    return made


@transaction.atomic
def log(
    customer: Customer, kind: str, *, owner: Person, by: Person | None, now: datetime, outcome: str = "good",
    subject: str = "", notes: str = "", next_step: str = "", made_at: datetime | None = None,
    person: Customer | None = None, next_on: date | None = None,
) -> Contact:  # fmt: skip
    """A contact that took place, planned or not; `next_on` plans the next one with the next step as its subject."""
    _known(kind)
    _said(notes, subject, outcome, made_at, now)
    made = Contact.objects.create(
        customer=customer, kind=kind, subject=subject.strip(), owner=owner, person=person,
        state=Contact.State.MADE, made_at=made_at or now, outcome=outcome, notes=notes.strip(),
        next_step=next_step.strip(),
    )  # fmt: skip
    record(events.ContactMade(**_about(made, by, made.made_at or now), contact_outcome=outcome))
    _next(made, next_on, by, now)
    return made


@transaction.atomic
def make(
    contact: Contact, *, by: Person, now: datetime, outcome: str = "good", notes: str = "", next_step: str = "",
    made_at: datetime | None = None, next_on: date | None = None,
) -> Contact:  # fmt: skip
    """The planned contact took place. Whether it was missed is told by its day, not by when somebody writes it down."""
    contact = _planned(contact)
    _said(notes, contact.subject, outcome, made_at, now)
    contact.state, contact.made_at, contact.next_at = Contact.State.MADE, made_at or now, None
    contact.outcome, contact.notes, contact.next_step = outcome, notes.strip(), next_step.strip()
    if contact.missed_at and contact.made_at <= contact.missed_at:
        contact.missed_at = None  # it was in time; only the note was late
    contact.save(update_fields=["state", "made_at", "next_at", "outcome", "notes", "next_step", "missed_at"])
    record(events.ContactMade(**_about(contact, by, contact.made_at), contact_outcome=outcome))
    _next(contact, next_on, by, now)
    return contact


@transaction.atomic
def move(
    contact: Contact,
    on: date,
    *,
    by: Person,
    now: datetime,
    at: time | None = None,
    owner: Person | None = None,
) -> Contact:
    """Another day, or somebody else. That it was missed before stays in the ledger; the ladder begins anew."""
    contact = _planned(contact)
    owner = owner or contact.owner
    due = end_of_day(owner, on, now)
    if due <= now:
        raise CannotContact(_("This day is over; write down what happened instead."))
    contact.owner, contact.planned_on, contact.due_at, contact.next_at = owner, on, due, due
    contact.planned_at = instant_of(owner, on, at, now) if at else None
    contact.missed_at, contact.level, contact.raised_to, contact.moved = None, 0, None, True
    contact.save(
        update_fields=[
            "owner", "planned_on", "planned_at", "due_at", "next_at", "missed_at", "level", "raised_to", "moved",
        ]
    )  # fmt: skip
    record(events.ContactMoved(**_about(contact, by, now), planned_on=on.isoformat(), due_at=due))
    return contact


@transaction.atomic
def cancel(contact: Contact, reason: str, *, by: Person, now: datetime) -> Contact:
    """It will not take place; why must be said, because a missed one must not vanish in silence."""
    contact = _planned(contact)
    if not reason.strip():
        raise CannotContact(_("Say why it will not take place."))
    contact.state, contact.reason, contact.next_at = Contact.State.CANCELLED, reason.strip(), None
    contact.save(update_fields=["state", "reason", "next_at"])
    record(events.ContactCancelled(**_about(contact, by, now), personal={"reason": reason.strip()}))
    return contact


def _planned(contact: Contact) -> Contact:
    contact = Contact.objects.select_for_update(of=("self",)).select_related("owner").get(pk=contact.pk)
    if not contact.is_planned:
        raise ContactSettled(_("This contact was made or cancelled already."))
    return contact


def _next(contact: Contact, on: date | None, by: Person | None, now: datetime) -> None:
    if on:
        plan(
            contact.customer, contact.kind, on, owner=contact.owner, person=contact.person,
            subject=contact.next_step or contact.subject, by=by, now=now,
        )  # fmt: skip


def _known(kind: str) -> None:
    if kind not in ContactKind.values:
        raise CannotContact(_("There is no such kind of contact."))


def _said(notes: str, subject: str, outcome: str, made_at: datetime | None, now: datetime) -> None:
    if outcome not in Contact.Outcome.values:
        raise CannotContact(_("Say how it went."))
    if not notes.strip() and not subject.strip() and outcome != Contact.Outcome.NOT_REACHED:
        raise CannotContact(_("Say in a few words what it was about."))
    if made_at and made_at > now:
        raise CannotContact(_("What has taken place lies in the past; plan what lies ahead."))


def _about(contact: Contact, by: Person | None, at: datetime) -> dict:
    return {
        "happened_at": at, "actor_id": by.pk if by else None, "about": ("customer", contact.customer_id),
        "contact_id": contact.pk, "contact_kind": contact.kind, "owner_id": contact.owner_id,
    }  # fmt: skip
