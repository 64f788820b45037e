"""Segments: what their rule says, who came and went."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class SegmentPublished(Event):
    """The rule of a segment has a new version; a worker sorts the customers by it. `about` is the segment."""

    kind: ClassVar[str] = "understand.segment_published"
    sentence: ClassVar[str] = _("Segment %(segment)s version %(number)s was published")

    segment: str
    number: int


@dataclass(frozen=True, kw_only=True)
class SegmentWithdrawn(Event):
    """A segment is no longer in force; those in it leave it. `about` is the segment."""

    kind: ClassVar[str] = "understand.segment_withdrawn"
    sentence: ClassVar[str] = _("Segment %(segment)s was withdrawn")

    segment: str
    number: int


@dataclass(frozen=True, kw_only=True)
class SegmentChanged(Event):
    """Name, purpose, owner or place of a segment changed; its rule did not."""

    kind: ClassVar[str] = "understand.segment_changed"
    sentence: ClassVar[str] = _("Segment %(segment)s was changed: %(changed)s")

    segment: str
    changed: str


@dataclass(frozen=True, kw_only=True)
class SegmentEntered(Event):
    """A customer came to match the rule of a segment. What the rule looked at stands on the membership."""

    kind: ClassVar[str] = "understand.segment_entered"
    sentence: ClassVar[str] = _("Entered the segment “%(name)s”")

    segment_id: int
    segment: str
    name: str
    membership_id: int


@dataclass(frozen=True, kw_only=True)
class SegmentLeft(Event):
    """A customer no longer matches the rule of a segment, or the segment was withdrawn."""

    kind: ClassVar[str] = "understand.segment_left"
    sentence: ClassVar[str] = _("Left the segment “%(name)s”")

    segment_id: int
    segment: str
    name: str
    membership_id: int


@dataclass(frozen=True, kw_only=True)
class SegmentExported(Event):
    """The customers of a segment left the house as a file, masked. `about` is the segment."""

    kind: ClassVar[str] = "understand.segment_exported"
    sentence: ClassVar[str] = _("%(customers)s customers of segment %(segment)s were exported")

    segment: str
    customers: int
