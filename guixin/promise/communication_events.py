"""What communication plans announce."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_noop

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class CommunicationPlanPublished(Event):
    """What the customers of a segment are told has a new version. `about` is the plan."""

    kind: ClassVar[str] = "promise.communication_plan_published"
    sentence: ClassVar[str] = gettext_noop(
        "Version %(number)s of the communication plan for %(segment)s was published"
    )
    segment: str
    number: int
    entries: int


@dataclass(frozen=True, kw_only=True)
class CommunicationPlanWithdrawn(Event):
    """Nothing more is said by the plan; what waited is not sent."""

    kind: ClassVar[str] = "promise.communication_plan_withdrawn"
    sentence: ClassVar[str] = gettext_noop("The communication plan for %(segment)s was withdrawn")
    segment: str
    number: int


@dataclass(frozen=True, kw_only=True)
class PlanMessageEvent(Event):
    """Something about a message of a communication plan, which `about` is. The words stand on the message."""

    customer_id: int
    segment: str
    occasion: str
    plan_channel: str


@dataclass(frozen=True, kw_only=True)
class PlanMessageSent(PlanMessageEvent):
    """A message of a plan left, and stands among the customer's contacts as `contact_id`."""

    kind: ClassVar[str] = "promise.plan_message_sent"
    sentence: ClassVar[str] = gettext_noop("Sent by %(plan_channel)s: %(occasion)s")
    contact_id: int


@dataclass(frozen=True, kw_only=True)
class PlanMessageNotSent(PlanMessageEvent):
    """A message of a plan was not sent, or came back. `not_sent` says why: address, consent, cap, value, left, plan,
    over, merged, owner, late, bounced."""

    kind: ClassVar[str] = "promise.plan_message_not_sent"
    sentence: ClassVar[str] = gettext_noop("Not sent by %(plan_channel)s: %(not_sent)s")
    not_sent: str


@dataclass(frozen=True, kw_only=True)
class PlanMessageAnswered(PlanMessageEvent):
    """The customer answered a message; what they said stands on the contact."""

    kind: ClassVar[str] = "promise.plan_message_answered"
    sentence: ClassVar[str] = gettext_noop("Answered: %(occasion)s")
    contact_id: int
