"""What the promise package announces."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class StandardPublished(Event):
    """A standard has new terms. Clocks already running keep the version they were promised."""

    kind: ClassVar[str] = "promise.standard_published"
    sentence: ClassVar[str] = _("Standard %(standard)s version %(number)s was published")
    standard: str
    number: int
    budget_minutes: int


@dataclass(frozen=True, kw_only=True)
class ClockEvent(Event):
    """What every event about a clock says. `about` is what the promise is about, a case or a task."""

    clock_id: int
    measure: str
    department_id: int


@dataclass(frozen=True, kw_only=True)
class ClockStep(ClockEvent):
    """A step of a clock came; `happened_at` is when it was due, not when we noticed."""

    level: int
    round: int
    to_person_id: int | None
    from_person_id: int | None
    is_top: bool
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class ClockWarned(ClockStep):
    """The deadline is near: the one who holds the promise is reminded (level 0)."""

    kind: ClassVar[str] = "promise.clock_warned"
    sentence: ClassVar[str] = _("Reminder: %(measure)s is due soon")


@dataclass(frozen=True, kw_only=True)
class ClockBreached(ClockStep):
    """A promise ran out before it was kept (超时): level 1, the first authority above is told."""

    kind: ClassVar[str] = "promise.clock_breached"
    sentence: ClassVar[str] = _("The promise “%(measure)s” was broken")


@dataclass(frozen=True, kw_only=True)
class ClockEscalated(ClockStep):
    """Still not kept: the next level of the ladder, or the top reminded again (round ≥ 1)."""

    kind: ClassVar[str] = "promise.clock_escalated"
    sentence: ClassVar[str] = _("Escalated to level %(level)s: %(measure)s is late")


@dataclass(frozen=True, kw_only=True)
class ClockStopped(ClockEvent):
    """A promise was fulfilled. `kept` compares the time it happened with the deadline."""

    kind: ClassVar[str] = "promise.clock_stopped"
    sentence: ClassVar[str] = _("The promise “%(measure)s” was fulfilled")
    kept: bool
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class ClockVoided(ClockEvent):
    """A promise ended without judgement, and why: merged, sent back, superseded."""

    kind: ClassVar[str] = "promise.clock_voided"
    sentence: ClassVar[str] = _("The promise “%(measure)s” ended: %(reason)s")
    reason: str


@dataclass(frozen=True, kw_only=True)
class ClockStuck(ClockEvent):
    """A step could not be worked out (a calendar without working time, say); it is tried again later."""

    kind: ClassVar[str] = "promise.clock_stuck"
    sentence: ClassVar[str] = _("The clock “%(measure)s” could not be worked out: %(reason)s")
    reason: str


@dataclass(frozen=True, kw_only=True)
class ClockPaused(ClockEvent):
    """The clock stands still while we wait for the customer."""

    kind: ClassVar[str] = "promise.clock_paused"
    sentence: ClassVar[str] = _("The clock “%(measure)s” stands still")


@dataclass(frozen=True, kw_only=True)
class ClockResumed(ClockEvent):
    """The clock runs again, with the deadline moved by the pause."""

    kind: ClassVar[str] = "promise.clock_resumed"
    sentence: ClassVar[str] = _("The clock “%(measure)s” runs again")
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class ClockMoved(ClockEvent):
    """A deadline changed, and why: extension, stricter promise, calendar edit. The old value is kept here."""

    kind: ClassVar[str] = "promise.clock_moved"
    sentence: ClassVar[str] = _("The deadline of “%(measure)s” moved: %(reason)s")
    old_due_at: datetime
    new_due_at: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class ClockHandedOver(ClockEvent):
    """Another department or person now has to keep the promise; the time already used stays used."""

    kind: ClassVar[str] = "promise.clock_handed_over"
    sentence: ClassVar[str] = _("The promise “%(measure)s” passed to another department")
    from_department_id: int


@dataclass(frozen=True, kw_only=True)
class ExtensionAsked(ClockEvent):
    """More time was asked for, before the deadline."""

    kind: ClassVar[str] = "promise.extension_asked"
    sentence: ClassVar[str] = _("An extension was asked for “%(measure)s”")
    extension_id: int
    wanted_until: datetime
    authority_id: int


@dataclass(frozen=True, kw_only=True)
class ExtensionDecided(ClockEvent):
    """The authority granted or refused more time."""

    kind: ClassVar[str] = "promise.extension_decided"
    sentence: ClassVar[str] = _("The extension for “%(measure)s” was decided")
    extension_id: int
    granted: bool
    new_due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ExtensionPassedUp(ClockEvent):
    """Whoever was asked may not grant that much; the request went on to the next authority by itself."""

    kind: ClassVar[str] = "promise.extension_passed_up"
    sentence: ClassVar[str] = _("The request for more time on “%(measure)s” went further up")
    extension_id: int
    authority_id: int
    from_authority_id: int


@dataclass(frozen=True, kw_only=True)
class ExtensionExpired(ClockEvent):
    """The promise ended before anybody decided over the extension asked for it."""

    kind: ClassVar[str] = "promise.extension_expired"
    sentence: ClassVar[str] = _("Nobody decided over the extension for “%(measure)s” while it mattered")
    extension_id: int
    authority_id: int


@dataclass(frozen=True, kw_only=True)
class EscalationActed(Event):
    """An authority acted on an escalation and said by when it looks again.

    `how`: acted, took_over, instructed, reassigned or silenced."""

    kind: ClassVar[str] = "promise.escalation_acted"
    sentence: ClassVar[str] = _("Level %(level)s acted on the escalation")
    escalation_id: int
    level: int
    how: str
    look_again_at: datetime
