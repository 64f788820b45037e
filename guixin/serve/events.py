"""What the serve package announces: the life of a case, in the past tense."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class CaseOpened(Event):
    """A customer brought us something. It has an owner and its promises run."""

    kind: ClassVar[str] = "serve.case_opened"
    sentence: ClassVar[str] = _("Case %(number)s was opened")
    number: str
    case_kind: str
    category: str
    severity: int
    channel: str
    customer_id: int | None
    owner_id: int
    department_id: int
    promises: list[dict[str, Any]]  # [{"measure", "standard", "version", "due_at"}]
    segment_id: int | None = (
        None  # the customer's, and the version of the service package it was promised by that
    )
    package_version_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class CaseRouted(Event):
    """A rule fired, or a supervisor decided over it: these departments have a share."""

    kind: ClassVar[str] = "serve.case_routed"
    sentence: ClassVar[str] = _("Routed by “%(rule)s”")
    rule: str
    rule_id: int | None
    departments: list[int]

    @classmethod
    def sentence_for(cls, facts: dict[str, Any]) -> str:
        return cls.sentence if facts.get("rule") else _("The departments were decided by hand")


@dataclass(frozen=True, kw_only=True)
class CaseUnrouted(Event):
    """No department has this case: the coordinator must find one, with a clock running."""

    kind: ClassVar[str] = "serve.case_unrouted"
    sentence: ClassVar[str] = _("No department has this case; the coordinator looks for one")
    coordinator_id: int


@dataclass(frozen=True, kw_only=True)
class CaseChanged(Event):
    """Somebody edited the case. Old and new values of what may be said openly; texts only by name."""

    kind: ClassVar[str] = "serve.case_changed"
    sentence: ClassVar[str] = _("The case was changed")
    fields: list[str]
    old: dict[str, Any]
    new: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class OwnerChanged(Event):
    """Another person is responsible for the case from here to the closing."""

    kind: ClassVar[str] = "serve.owner_changed"
    sentence: ClassVar[str] = _("The case has a new owner")
    old_owner_id: int
    new_owner_id: int
    part_of: int | None = None  # the bulk change or handing over; whoever receives many is told once


@dataclass(frozen=True, kw_only=True)
class CustomerTold(Event):
    """Something was said to the customer: acknowledgement, preliminary reply, reply, visit, progress."""

    kind: ClassVar[str] = "serve.customer_told"
    sentence: ClassVar[str] = _("The customer was told (%(message_kind)s)")
    message_id: int
    message_kind: str
    channel: str


@dataclass(frozen=True, kw_only=True)
class NoteWritten(Event):
    """An internal note."""

    kind: ClassVar[str] = "serve.note_written"
    sentence: ClassVar[str] = _("A note was written")
    message_id: int


@dataclass(frozen=True, kw_only=True)
class AttachmentsAdded(Event):
    """Files were added to a case: with a message, or by themselves. Their names are no fact; they may name people."""

    kind: ClassVar[str] = "serve.attachments_added"
    sentence: ClassVar[str] = _("Files were added: %(count)s")
    count: int
    attachments: list[str]
    message_id: int | None
    from_customer: bool


@dataclass(frozen=True, kw_only=True)
class RecordPrinted(Event):
    """Somebody made a paper of the case (投诉处理单), with the customer masked or, with a reason, in full."""

    kind: ClassVar[str] = "serve.record_printed"
    sentence: ClassVar[str] = _("The record was printed")
    in_full: bool


@dataclass(frozen=True, kw_only=True)
class ColleagueMentioned(Event):
    """A note calls a colleague by @name."""

    kind: ClassVar[str] = "serve.colleague_mentioned"
    sentence: ClassVar[str] = _("You were mentioned in a note")
    message_id: int
    person_id: int


@dataclass(frozen=True, kw_only=True)
class ReplyNotSent(Event):
    """A reply was held for some seconds, and meanwhile the case no longer allowed it. The writer has the words back."""

    kind: ClassVar[str] = "serve.reply_not_sent"
    sentence: ClassVar[str] = _("A reply could not be sent")
    held_reply_id: int
    writer_id: int


@dataclass(frozen=True, kw_only=True)
class CustomerAdded(Event):
    """The customer added something to the case."""

    kind: ClassVar[str] = "serve.customer_added"
    sentence: ClassVar[str] = _("The customer added information")
    message_id: int


@dataclass(frozen=True, kw_only=True)
class CustomerUrged(Event):
    """The customer urges us (催办)."""

    kind: ClassVar[str] = "serve.customer_urged"
    sentence: ClassVar[str] = _("The customer urged us")
    message_id: int


@dataclass(frozen=True, kw_only=True)
class WaitingForCustomer(Event):
    """We asked the customer something and the clocks that allow it stand still."""

    kind: ClassVar[str] = "serve.waiting_for_customer"
    sentence: ClassVar[str] = _("Waiting for the customer")


@dataclass(frozen=True, kw_only=True)
class CustomerAnswered(Event):
    """The wait is over and the clocks run again."""

    kind: ClassVar[str] = "serve.customer_answered"
    sentence: ClassVar[str] = _("The customer answered; the clocks run again")


@dataclass(frozen=True, kw_only=True)
class CaseSnoozed(Event):
    """The owner put the case to sleep, until a time or (none) until something happens. No promise stands still for it."""

    kind: ClassVar[str] = "serve.case_snoozed"
    sentence: ClassVar[str] = _("The owner put the case to sleep; the promises run on")
    owner_id: int
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class CaseWoken(Event):
    """A case that slept is back in its owner's lists. `cause`: time, deadline, customer, department, by_hand."""

    kind: ClassVar[str] = "serve.case_woken"
    sentence: ClassVar[str] = _("The case is awake again (%(cause)s)")
    owner_id: int
    cause: str


@dataclass(frozen=True, kw_only=True)
class CaseClosed(Event):
    """The number is closed, with its classification."""

    kind: ClassVar[str] = "serve.case_closed"
    sentence: ClassVar[str] = _("The case was closed")
    generation: int
    case_kind: str
    owner_id: int
    department_id: int | None
    quality_point: str
    cause: str
    severity: int | None


@dataclass(frozen=True, kw_only=True)
class CaseReopened(Event):
    """The same number is open again, with a new generation of promises."""

    kind: ClassVar[str] = "serve.case_reopened"
    sentence: ClassVar[str] = _("The case was reopened")
    generation: int
    promises: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class CaseEscalated(Event):
    """Raised to higher authority for another reason than lateness: dissatisfied, repeat, by hand."""

    kind: ClassVar[str] = "serve.case_escalated"
    sentence: ClassVar[str] = _("Escalated to level %(level)s (%(cause)s)")
    escalation_id: int
    cause: str
    level: int
    department_id: int
    from_person_id: int | None
    to_person_id: int


@dataclass(frozen=True, kw_only=True)
class Instructed(Event):
    """An authority told those at work on the case what to do; the words are a note of the case."""

    kind: ClassVar[str] = "serve.instructed"
    sentence: ClassVar[str] = _("Level %(level)s gave an instruction")
    escalation_id: int
    message_id: int
    level: int


@dataclass(frozen=True, kw_only=True)
class CasesMerged(Event):
    """One case went into another. `about` is the one that remains."""

    kind: ClassVar[str] = "serve.cases_merged"
    sentence: ClassVar[str] = _("Case %(merged_number)s was merged into this one")
    merged_case_id: int
    merged_number: str


@dataclass(frozen=True, kw_only=True)
class CaseLinked(Event):
    """Two cases belong together."""

    kind: ClassVar[str] = "serve.case_linked"
    sentence: ClassVar[str] = _("Linked with case %(other_number)s (%(link_kind)s)")
    other_case_id: int
    other_number: str
    link_kind: str


@dataclass(frozen=True, kw_only=True)
class FollowUpPlanned(Event):
    """The system will have the customer asked."""

    kind: ClassVar[str] = "serve.follow_up_planned"
    sentence: ClassVar[str] = _("A follow-up was planned")
    generation: int
    planned_for: datetime
    holder_id: int


@dataclass(frozen=True, kw_only=True)
class FollowUpDone(Event):
    """The customer was asked, and what came of it."""

    kind: ClassVar[str] = "serve.follow_up_done"
    sentence: ClassVar[str] = _("Follow-up: %(outcome)s")
    outcome: str
    department_at_fault_id: int | None


@dataclass(frozen=True, kw_only=True)
class FollowUpHandedOver(Event):
    """Another colleague will ask the customer after the closing."""

    kind: ClassVar[str] = "serve.follow_up_handed_over"
    sentence: ClassVar[str] = _("Another colleague will make the follow-up")
    old_holder_id: int
    new_holder_id: int
    part_of: int | None = None


@dataclass(frozen=True, kw_only=True)
class WorkReceived(Event):
    """Somebody received many cases, tasks or other pieces of work at once, from a colleague or by a bulk change."""

    kind: ClassVar[str] = "serve.work_received"
    sentence: ClassVar[str] = _("%(number)s pieces of work are yours from now on")
    to_person_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class ManyChanged(Event):
    """One act on many cases was done: how many changed, how many refused. Each case has its own entry besides."""

    kind: ClassVar[str] = "serve.many_changed"
    sentence: ClassVar[str] = _("%(done)s were changed together")
    act: str
    done: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class ManyUndone(Event):
    """A change of many was taken back, as far as the cases were still as it had left them."""

    kind: ClassVar[str] = "serve.many_undone"
    sentence: ClassVar[str] = _("%(undone)s changes made together were taken back")
    act: str
    undone: int
    kept: int


@dataclass(frozen=True, kw_only=True)
class TemplatePublished(Event):
    """Words that are often said were put into force, or changed: a new version."""

    kind: ClassVar[str] = "serve.template_published"
    sentence: ClassVar[str] = _("Template “%(name)s”, version %(number)s")
    code: str
    number: int
    name: str


@dataclass(frozen=True, kw_only=True)
class TemplateWithdrawn(Event):
    """A template is offered to nobody any more."""

    kind: ClassVar[str] = "serve.template_withdrawn"
    sentence: ClassVar[str] = _("Template “%(name)s” was withdrawn")
    code: str
    number: int
    name: str
