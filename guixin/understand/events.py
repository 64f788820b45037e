"""What this package announces."""

from dataclasses import dataclass
from typing import ClassVar

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
class PurchasesTakenIn(Event):
    """Lines of purchases and returns landed together, from a file or a program. `about` is the batch: the import's
    number, negative for what came by the API."""

    kind: ClassVar[str] = "understand.purchases_taken_in"
    sentence: ClassVar[str] = _("%(lines)s purchase lines of “%(source)s” were taken in")

    source: str
    lines: int
    without_customer: int


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
