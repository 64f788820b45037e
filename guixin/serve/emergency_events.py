"""The emergency path: begun, in hand, reviewed."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class EmergencyBegun(Event):
    """The normal procedure was broken openly: the case is on the emergency path, with clocks of its own.

    `told`: who hears at once; `reviewer_id`: who must judge it afterwards."""

    kind: ClassVar[str] = "serve.emergency_begun"
    sentence: ClassVar[str] = _("Emergency path: the normal procedure is broken openly")
    emergency_id: int
    reviewer_id: int
    told: list[int]


@dataclass(frozen=True, kw_only=True)
class EmergencyInHand(Event):
    """What was urgent is done; the case goes on as any other."""

    kind: ClassVar[str] = "serve.emergency_in_hand"
    sentence: ClassVar[str] = _("The emergency is in hand")
    emergency_id: int


@dataclass(frozen=True, kw_only=True)
class EmergencyReviewed(Event):
    """A use of the emergency path was judged: `verdict` is justified or not_justified; `user_id` took the path."""

    kind: ClassVar[str] = "serve.emergency_reviewed"
    sentence: ClassVar[str] = _("The emergency was reviewed: not justified")
    emergency_id: int
    verdict: str
    user_id: int

    @classmethod
    def sentence_for(cls, facts: dict[str, Any]) -> str:
        return (
            _("The emergency was reviewed: justified")
            if facts.get("verdict") == "justified"
            else cls.sentence
        )
