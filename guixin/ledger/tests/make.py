"""Events of a shop that sells nothing: enough to record, seal and deliver."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from guixin.ledger import Event
from guixin.ledger.models import Outgoing

NOON = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class DoorOpened(Event):
    """Somebody opened the door."""

    kind: ClassVar[str] = "test.door_opened"
    sentence: ClassVar[str] = "Door %(door)s was opened by %(hand)s"
    door: int = 1


@dataclass(frozen=True, kw_only=True)
class BellRang(Event):
    """The bell rang."""

    kind: ClassVar[str] = "test.bell_rang"


def opened(door: int = 1, **more) -> DoorOpened:
    return DoorOpened(happened_at=NOON, about=("door", door), door=door, **more)


def rang(**more) -> BellRang:
    return BellRang(happened_at=NOON, about=("bell", 1), **more)


def outgoing(lane: str = "case:1", channel: str = "test", **more) -> Outgoing:
    return Outgoing.objects.create(channel=channel, lane=lane, payload={}, next_try_at=NOON, **more)
