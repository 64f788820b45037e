"""What an event is. Each package's own `events.py` holds the ones it announces."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, ClassVar

_classes: dict[str, type["Event"]] = {}


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened, with the facts known at that moment.

    A subclass is the only home of its name (`kind`, permanent), of its sentence for people, and its
    docstring is the public documentation. Fields beyond those below are the facts: plain JSON values,
    ids and numbers, never model instances and never personal data. What identifies a person goes into
    `personal`, which is stored beside the entry, outside the hashed payload, so that it can be erased.
    """

    kind: ClassVar[str]
    sentence: ClassVar[str] = ""  # msgid with %(fact)s placeholders

    happened_at: datetime
    actor_id: int | None = None  # the person who did it; None: the system did
    about: tuple[str, int]  # ("task", 1042)
    case_id: int | None = None
    personal: dict[str, Any] = field(default_factory=dict)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "kind" in cls.__dict__:
            known = _classes.setdefault(cls.kind, cls)
            if (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
                raise TypeError(
                    f"Two events are called {cls.kind}: {known.__qualname__}, {cls.__qualname__}."
                )
            _classes[cls.kind] = cls

    @classmethod
    def sentence_for(cls, facts: dict[str, Any]) -> str:
        """The msgid for an entry with these facts; one class may say more than one thing."""
        return cls.sentence

    def facts(self) -> dict[str, Any]:
        """The fields of the subclass, as they go into the ledger."""
        return {name: _plain(getattr(self, name)) for name in _fact_names(type(self))}


_COMMON = {f.name for f in fields(Event)}
_names: dict[type, tuple[str, ...]] = {}


def _fact_names(cls: type[Event]) -> tuple[str, ...]:
    if cls not in _names:
        _names[cls] = tuple(f.name for f in fields(cls) if f.name not in _COMMON)
    return _names[cls]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def event_class(kind: str) -> type[Event] | None:
    """The class behind a stored kind; None for one that no longer exists in the code."""
    return _classes.get(kind)


def event_classes() -> list[type[Event]]:
    return sorted(_classes.values(), key=lambda cls: cls.kind)
