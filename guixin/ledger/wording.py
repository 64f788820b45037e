"""What happened, as a sentence in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext

from guixin.ledger.events import event_class

_CODES: dict[str, dict[Any, Any]] = {}


def coded(fact: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Say that the fact of this name is a code in the ledger and these words for people. Beside the choices, once."""
    _CODES[fact] = dict(choices)


class _Facts(dict):
    """An old entry may lack what a newer sentence mentions."""

    def __missing__(self, key: str) -> str:
        return "–"


def in_words(kind: str, facts: Mapping[str, Any]) -> str:
    """The sentence of this kind of event, with measures and the like named rather than coded."""
    cls = event_class(kind)
    if cls is None or not cls.sentence:
        return kind
    return gettext(cls.sentence_for(dict(facts))) % _Facts(
        {name: _shown(name, value) for name, value in facts.items()}
    )


def _shown(name: str, value: Any) -> Any:
    return _CODES[name].get(value, value) if name in _CODES and isinstance(value, str | int) else value
