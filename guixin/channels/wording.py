"""What happened, as a sentence in the reader's language: for notices, mails and the log of the demo."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from guixin.ledger.events import event_class
from guixin.organisation.authority import DECISIONS
from guixin.promise.models import Escalation, Measure
from guixin.serve.models import FollowUp, Message

# Facts that are codes in the ledger and words for people.
_CODES = {
    "measure": dict(Measure.choices),
    "cause": dict(Escalation.Cause.choices),
    "outcome": dict(FollowUp.Outcome.choices),
    "message_kind": dict(Message.Kind.choices),
    "decision": {code: decision.name for code, decision in DECISIONS.items()},
}


class _Facts(dict):
    """An old entry may lack what a newer sentence mentions."""

    def __missing__(self, key: str) -> str:
        return "–"


def in_words(kind: str, facts: Mapping[str, Any]) -> str:
    """The sentence of this kind of event, with measures and the like named rather than coded."""
    cls = event_class(kind)
    if cls is None or not cls.sentence:
        return kind
    shown = {name: _CODES.get(name, {}).get(value, value) for name, value in facts.items() if _plain(value)}
    return gettext(cls.sentence_for(shown)) % _Facts(shown)


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | float | None)
