"""What is announced about calls we promised to make."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class CallBackEvent(Event):
    """What every event about a call-back says."""

    department_id: int
    customer_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class CallBackAsked(CallBackEvent):
    """A customer wants to be called, and we promised when."""

    kind: ClassVar[str] = "serve.call_back_asked"
    sentence: ClassVar[str] = _("A call-back was promised")
    line: str
    window_from: datetime
    window_to: datetime


@dataclass(frozen=True, kw_only=True)
class CallBackMoved(CallBackEvent):
    """The customer chose another time; the earlier promise ended without judgement."""

    kind: ClassVar[str] = "serve.call_back_moved"
    sentence: ClassVar[str] = _("The customer chose another time for the call-back")
    window_from: datetime
    window_to: datetime


@dataclass(frozen=True, kw_only=True)
class CallBackCancelled(CallBackEvent):
    """The customer does not want to be called any more."""

    kind: ClassVar[str] = "serve.call_back_cancelled"
    sentence: ClassVar[str] = _("The call-back was cancelled")


@dataclass(frozen=True, kw_only=True)
class CallBackTaken(CallBackEvent):
    """Somebody makes the call."""

    kind: ClassVar[str] = "serve.call_back_taken"
    sentence: ClassVar[str] = _("The call-back was taken")
    taken_by_id: int


@dataclass(frozen=True, kw_only=True)
class CallBackGivenBack(CallBackEvent):
    """Whoever had taken the call gave it back to the department."""

    kind: ClassVar[str] = "serve.call_back_given_back"
    sentence: ClassVar[str] = _("The call-back was given back to the department")


@dataclass(frozen=True, kw_only=True)
class CallBackMade(CallBackEvent):
    """The customer was reached. `how` says whether it was answered at once, became a case, or joined one."""

    kind: ClassVar[str] = "serve.call_back_made"
    sentence: ClassVar[str] = _("The customer was called back")
    how: str
    tries: int


@dataclass(frozen=True, kw_only=True)
class CallBackNotReached(CallBackEvent):
    """Nobody answered; we try again in the window given."""

    kind: ClassVar[str] = "serve.call_back_not_reached"
    sentence: ClassVar[str] = _("The customer was not reached by phone; we try again")
    tries: int
    window_from: datetime
    window_to: datetime


@dataclass(frozen=True, kw_only=True)
class CallBackGivenUp(CallBackEvent):
    """Nobody answered as often as the line tries; the customer is told."""

    kind: ClassVar[str] = "serve.call_back_given_up"
    sentence: ClassVar[str] = _("The customer was not reached by phone after %(tries)s tries")
    tries: int


@dataclass(frozen=True, kw_only=True)
class CallBackLineChanged(Event):
    """A department's hours for ringing back were set up, changed, closed or opened again."""

    kind: ClassVar[str] = "serve.call_back_line_changed"
    sentence: ClassVar[str] = _("The hours of call-backs were changed")
    code: str
    what: str
