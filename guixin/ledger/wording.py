"""What happened, as a sentence in the reader's language."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext

from guixin.ledger.events import event_class

_CODES: dict[str, dict[Any, Any]] = {}
_SHOWN: dict[str, list[tuple[str, Callable[[str], str]]]] = {}


def coded(fact: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Say that the fact of this name is a code in the ledger and these words for people. Beside the choices, once.

    A fact may name several, as `name, owner`; packages that write the same fact each say their own.
    """
    _CODES.setdefault(fact, {}).update(choices)


def shown_by(fact: str, words: Callable[[str], str], *, of: str = "") -> None:
    """Say how the fact of this name is shown, in the events whose kind begins with `of`: a code by the name the noun has
    now, a sum as the reader's language writes it."""
    _SHOWN.setdefault(fact, []).append((of, words))


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
        {name: _shown(kind, name, value) for name, value in facts.items()}
    )


def _shown(kind: str, name: str, value: Any) -> Any:
    if not isinstance(value, str | int):
        return value
    for of, words in _SHOWN.get(name, ()):
        if kind.startswith(of):
            return words(str(value))
    codes = _CODES.get(name)
    if codes is None:
        return value
    if isinstance(value, str) and ", " in value:
        return gettext(", ").join(str(codes.get(each, each)) for each in value.split(", "))
    return codes.get(value, value)
