"""What is announced about requests to those who may decide more."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class AuthorityRequestEvent(Event):
    """What every event about a request says; `about` is what is to be decided about, a case or something on it."""

    request_id: int
    decision: str
    asked_by_id: int
    to_person_id: int


@dataclass(frozen=True, kw_only=True)
class AuthorityAsked(AuthorityRequestEvent):
    """Something is above somebody's limit; it went up to the first authority whose limit suffices.

    `amount` in minor units of the currency, in minutes, or one time. `why` says which limit it exceeds."""

    kind: ClassVar[str] = "promise.authority_asked"
    sentence: ClassVar[str] = _("A decision is asked for: %(decision)s")
    amount: int
    currency: str
    why: str


@dataclass(frozen=True, kw_only=True)
class AuthorityPassedUp(AuthorityRequestEvent):
    """Whoever was asked may not decide it (any more); it went further up by itself."""

    kind: ClassVar[str] = "promise.authority_passed_up"
    sentence: ClassVar[str] = _("A request went further up: %(decision)s")
    from_person_id: int


@dataclass(frozen=True, kw_only=True)
class AuthorityDecided(AuthorityRequestEvent):
    """A request was granted or refused; the reason stands in the personal part."""

    kind: ClassVar[str] = "promise.authority_decided"
    sentence: ClassVar[str] = _("The request was refused: %(decision)s")
    granted: bool
    use_id: int | None

    @classmethod
    def sentence_for(cls, facts: dict) -> str:
        return _("The request was granted: %(decision)s") if facts.get("granted") else cls.sentence


@dataclass(frozen=True, kw_only=True)
class AuthorityWithdrawn(AuthorityRequestEvent):
    """Who asked does not want it any more."""

    kind: ClassVar[str] = "promise.authority_withdrawn"
    sentence: ClassVar[str] = _("The request was withdrawn: %(decision)s")


@dataclass(frozen=True, kw_only=True)
class AuthorityAskedBack(AuthorityRequestEvent):
    """Who decides asks a question first, or who asked answers it; `tell_id` is who now has the word."""

    kind: ClassVar[str] = "promise.authority_asked_back"
    sentence: ClassVar[str] = _("A word about the request: %(decision)s")
    tell_id: int
