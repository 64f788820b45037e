"""What this package announces."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from guixin.ledger import Event
from guixin.ledger.wording import coded

coded(
    "changed",
    {
        "created": gettext_lazy("begun"),
        "purpose": gettext_lazy("purpose"),
        "owner": gettext_lazy("who answers for it"),
        "priority": gettext_lazy("place in the order"),
        "opened": gettext_lazy("opened"),
        "closed": gettext_lazy("takes no more answers"),
        "reopened": gettext_lazy("reopened"),
        "product": gettext_lazy("product"),
        "line": gettext_lazy("product line"),
        "currency": gettext_lazy("currency"),
        "segment": gettext_lazy("segment"),
        "market": gettext_lazy("market"),
        "begins_on": gettext_lazy("first day"),
        "ends_on": gettext_lazy("last day"),
        "wording": gettext_lazy("the questions"),
    }.items(),
)


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


@dataclass(frozen=True, kw_only=True)
class CustomerTakenIn(Event):
    """A customer was put on record without a case: by hand, by a program or from a list."""

    kind: ClassVar[str] = "understand.customer_taken_in"
    sentence: ClassVar[str] = _("The customer was put on record")


@dataclass(frozen=True, kw_only=True)
class CustomerDescribed(Event):
    """What the firm wants to know of its customers was filled in or changed. Codes of the attributes; what stood there
    before is personal."""

    kind: ClassVar[str] = "understand.customer_described"
    sentence: ClassVar[str] = _("What we know of the customer was changed: %(attributes)s")

    attributes: str


@dataclass(frozen=True, kw_only=True)
class AttributeDefined(Event):
    """The administrator decided to ask for one thing more, to ask for it differently, or no longer. `attribute_change` is
    "defined", "changed", "withdrawn" or "restored"."""

    kind: ClassVar[str] = "understand.attribute_defined"
    sentence: ClassVar[str] = _("Attribute %(code)s: %(attribute_change)s")

    code: str
    attribute_change: str


@dataclass(frozen=True, kw_only=True)
class ConsentWordingPublished(Event):
    """Customers who are asked for this consent are shown a new text from now on."""

    kind: ClassVar[str] = "understand.consent_wording_published"
    sentence: ClassVar[str] = _("The wording of the consent “%(purpose)s” has version %(number)s")

    purpose: str
    number: int


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Event):
    """The customer agreed to be reached for a purpose, by one channel or (blank) by any. `wording` is the version of the
    text they were shown, 0 for none."""

    kind: ClassVar[str] = "understand.consent_given"
    sentence: ClassVar[str] = _("Agreed: %(purpose)s")

    consent_id: int
    purpose: str
    channel: str
    wording: int


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Event):
    """The customer took a consent back, or objected to what needs none. From this moment nothing may be sent for it."""

    kind: ClassVar[str] = "understand.consent_withdrawn"
    sentence: ClassVar[str] = _("No longer wants: %(purpose)s")

    consent_id: int
    purpose: str
    channel: str


@dataclass(frozen=True, kw_only=True)
class ContactPersonNoted(Event):
    """Somebody works at this company and has a say there, or another one than before. `about` is the company."""

    kind: ClassVar[str] = "understand.contact_person_noted"
    sentence: ClassVar[str] = _("Customer %(person_id)s is a contact person")

    person_id: int
    roles: list[str]


@dataclass(frozen=True, kw_only=True)
class ContactPersonLeft(Event):
    """Somebody no longer works at this company. `about` is the company."""

    kind: ClassVar[str] = "understand.contact_person_left"
    sentence: ClassVar[str] = _("Customer %(person_id)s is no longer a contact person")

    person_id: int


@dataclass(frozen=True, kw_only=True)
class CustomersFoundDifferent(Event):
    """Two who looked like one are two; nobody is asked about them again."""

    kind: ClassVar[str] = "understand.customers_found_different"
    sentence: ClassVar[str] = _("Is not the same as customer %(other_customer_id)s")

    other_customer_id: int


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


@dataclass(frozen=True, kw_only=True)
class NeedNoted(Event):
    """A customer needs or expects something; the words stand on the need. `evidence_kind` and `evidence_id` name the
    record it came from."""

    kind: ClassVar[str] = "understand.need_noted"
    sentence: ClassVar[str] = _("A need was noted: %(theme)s")

    need_id: int
    theme: str
    weight: int
    source: str
    evidence_kind: str
    evidence_id: int | None


@dataclass(frozen=True, kw_only=True)
class NeedEnded(Event):
    """A need no longer holds: it is met, or was never one."""

    kind: ClassVar[str] = "understand.need_ended"
    sentence: ClassVar[str] = _("A need no longer holds: %(theme)s")

    need_id: int
    theme: str


@dataclass(frozen=True, kw_only=True)
class RateSet(Event):
    """A currency is worth so much of the firm's own from a day on. `about` is the rate."""

    kind: ClassVar[str] = "understand.rate_set"
    sentence: ClassVar[str] = _("1 %(currency)s is worth %(rate)s from %(since)s on")

    currency: str
    since: str
    rate: str


@dataclass(frozen=True, kw_only=True)
class GradeRulesPublished(Event):
    """Customers are graded by a new version of the rules from the next grading on. `about` is the version."""

    kind: ClassVar[str] = "understand.grade_rules_published"
    sentence: ClassVar[str] = _("Version %(number)s of the grading rules was published")

    number: int


@dataclass(frozen=True, kw_only=True)
class CustomersGraded(Event):
    """Every customer with purchases was graded. `about` is the grading."""

    kind: ClassVar[str] = "understand.customers_graded"
    sentence: ClassVar[str] = _("%(customers)s customers were graded; %(changed)s changed")

    customers: int
    changed: int
