"""Contacts and series of them: planned, made, moved, missed."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class ContactEvent(Event):
    """Something about a contact with a customer, who is what it is about; `contact_kind` is call, visit, meeting,
    seminar, social or message. What was talked about stands on the contact."""

    contact_id: int
    contact_kind: str
    owner_id: int


@dataclass(frozen=True, kw_only=True)
class ContactPlanned(ContactEvent):
    """A contact is planned for a day; `planned_on` is that day, `due_at` when it will have been missed."""

    kind: ClassVar[str] = "understand.contact_planned"
    sentence: ClassVar[str] = _("%(contact_kind)s planned for %(planned_on)s")

    planned_on: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class ContactMade(ContactEvent):
    """A contact took place; `outcome` says how it went."""

    kind: ClassVar[str] = "understand.contact_made"
    sentence: ClassVar[str] = _("%(contact_kind)s: %(contact_outcome)s")

    contact_outcome: str


@dataclass(frozen=True, kw_only=True)
class ContactMoved(ContactEvent):
    """A planned contact was put on another day, or given to somebody else."""

    kind: ClassVar[str] = "understand.contact_moved"
    sentence: ClassVar[str] = _("%(contact_kind)s moved to %(planned_on)s")

    planned_on: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class ContactPassedOn(ContactEvent):
    """A planned contact is somebody else's now, on the same day: the work of `from_id` was handed over."""

    kind: ClassVar[str] = "understand.contact_passed_on"
    sentence: ClassVar[str] = _("%(contact_kind)s passed on to a colleague")

    from_id: int
    part_of: int | None = None  # the handing over this belongs to


@dataclass(frozen=True, kw_only=True)
class ContactCancelled(ContactEvent):
    """A planned contact will not take place; the reason stands on the contact."""

    kind: ClassVar[str] = "understand.contact_cancelled"
    sentence: ClassVar[str] = _("%(contact_kind)s cancelled")


@dataclass(frozen=True, kw_only=True)
class ContactMissed(ContactEvent):
    """The day planned for a contact ended and nobody made it. `happened_at` is the end of that working day, not when we
    noticed; `to_person_id` is its owner."""

    kind: ClassVar[str] = "understand.contact_missed"
    sentence: ClassVar[str] = _("%(contact_kind)s planned for %(planned_on)s was missed")

    planned_on: str
    to_person_id: int


@dataclass(frozen=True, kw_only=True)
class ContactRaised(ContactEvent):
    """A missed contact was still not made a working day later: the next authority above its owner hears of it."""

    kind: ClassVar[str] = "understand.contact_raised"
    sentence: ClassVar[str] = _(
        "%(contact_kind)s planned for %(planned_on)s is still missed; level %(level)s"
    )

    planned_on: str
    level: int
    to_person_id: int


@dataclass(frozen=True, kw_only=True)
class ContactSeriesChanged(Event):
    """A customer is contacted regularly, differently from now on, or no longer. `change` is "planned", "changed" or
    "ended"."""

    kind: ClassVar[str] = "understand.contact_series_changed"
    sentence: ClassVar[str] = _("Regular contacts: %(series_change)s")

    plan_id: int
    series_change: str
