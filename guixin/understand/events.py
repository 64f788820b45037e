"""What this package announces."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class CustomerRevealed(Event):
    """Somebody looked at a customer's personal data unmasked, and said why. `reason` is kept for the auditor."""

    kind: ClassVar[str] = "understand.customer_revealed"
    sentence: ClassVar[str] = _("Looked at the customer's personal data: %(reason)s")

    reason: str


@dataclass(frozen=True, kw_only=True)
class CustomerDataHandedOut(Event):
    """Everything held about a customer was made into one file, and why. `sha256` is of the file as it was handed out."""

    kind: ClassVar[str] = "understand.customer_data_handed_out"
    sentence: ClassVar[str] = _("All data held about the customer was handed out: %(reason)s")

    reason: str
    rows: int
    files: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class CustomerChanged(Event):
    """The record of a customer was edited. Names of the fields; what stood there before is personal."""

    kind: ClassVar[str] = "understand.customer_changed"
    sentence: ClassVar[str] = _("The customer's record was changed")

    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class IdentityAdded(Event):
    """A customer can be found by one thing more."""

    kind: ClassVar[str] = "understand.identity_added"
    sentence: ClassVar[str] = _("A way to find the customer was added (%(identity_kind)s)")

    identity_kind: str


@dataclass(frozen=True, kw_only=True)
class CustomersMerged(Event):
    """Two records were one customer. `about` is the one that remains; it can be undone."""

    kind: ClassVar[str] = "understand.customers_merged"
    sentence: ClassVar[str] = _("Customer %(merged_customer_id)s was merged into this one")

    merge_id: int
    merged_customer_id: int


@dataclass(frozen=True, kw_only=True)
class CustomersMergeUndone(Event):
    """The two are two again, each with what was theirs. `about` is the one that had remained."""

    kind: ClassVar[str] = "understand.customers_merge_undone"
    sentence: ClassVar[str] = _("The merge with customer %(merged_customer_id)s was undone")

    merge_id: int
    merged_customer_id: int


@dataclass(frozen=True, kw_only=True)
class IdentitySplitOff(Event):
    """A phone or an address belongs to somebody else, who is a customer of their own now."""

    kind: ClassVar[str] = "understand.identity_split_off"
    sentence: ClassVar[str] = _(
        "A way to find the customer (%(identity_kind)s) went to customer %(new_customer_id)s"
    )

    identity_kind: str
    new_customer_id: int


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
class CustomerGraded(Event):
    """A customer's grade (等级) came or changed. `why` holds the figures it rests on, as of that grading:
    orders, net (minor units of the firm's currency), recency_days, scores r, f, m, alive, lifetime_value, share (the
    place among all customers, 0 is the best) and rules (the version)."""

    kind: ClassVar[str] = "understand.customer_graded"
    sentence: ClassVar[str] = _("Graded %(grade)s")

    grade_before: str | None
    grade: str
    why: dict[str, Any]

    @classmethod
    def sentence_for(cls, facts: dict[str, Any]) -> str:
        return _("Grade %(grade_before)s became %(grade)s") if facts.get("grade_before") else cls.sentence


@dataclass(frozen=True, kw_only=True)
class PurchasesTakenIn(Event):
    """Lines of purchases and returns landed together, from a file or a program. `about` is the batch: the import's
    number, negative for what came by the API."""

    kind: ClassVar[str] = "understand.purchases_taken_in"
    sentence: ClassVar[str] = _("%(lines)s purchase lines of “%(source)s” were taken in")

    source: str
    lines: int
    without_customer: int


@dataclass(frozen=True, kw_only=True)
class SegmentExported(Event):
    """The customers of a segment left the house as a file, masked. `about` is the segment."""

    kind: ClassVar[str] = "understand.segment_exported"
    sentence: ClassVar[str] = _("%(customers)s customers of segment %(segment)s were exported")

    segment: str
    customers: int
