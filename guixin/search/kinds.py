"""What can be found: each package registers the kinds of things it owns, and this one never learns what they are.

`reactions.py` calls each package's `offer()`. A kind says how its rows read as texts, who sees them, and the name of the
page that shows one; the desks resolve it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from guixin.organisation.models import Person


@dataclass(frozen=True, kw_only=True)
class Text:
    """What one row says, to be found by.

    key         its id
    ref         what its page is called by, if not the id
    names       spellings that lead to it as they are: the initials of a name
    is_public   customers may find it
    is_offered  it may be suggested while somebody writes: a closed case, an article in force
    worth       how much better than others like it, from what people said of it; -0.5 to 0.5
    """

    key: int
    title: str
    body: str
    changed_at: datetime
    ref: str = ""
    language: str = "zh-hans"
    names: tuple[str, ...] = ()
    is_public: bool = False
    is_offered: bool = True
    worth: float = 0.0


def _nothing_more(keys: Collection[int]) -> Mapping[int, Any]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One sort of thing that is found.

    name        as it stands in `Document.kind`; permanent
    words       its heading, several of them: _("Knowledge")
    page        name of the address that shows one, with `ref` as its one argument
    icon        of web/icons.svg
    rows        the model
    texts       what the rows with these ids say; a row that must not be found is left out
    visible_to  the rows a person sees, or None for all of them. A person of None is a customer
    shown       what else the row of a suggestion shows of each, by id, asked for once: `one.shown` in its template
    is_names    they are called something and say nothing: found by `asking.named` alone, under terms of their own, so that a
                million of them weigh on no word of a text
    place       the smaller, the further up where several kinds stand below each other
    """

    name: str
    words: Any
    page: str
    icon: str
    rows: type[Model]
    texts: Callable[[Collection[int]], Iterable[Text]]
    visible_to: Callable[[Person | None], QuerySet | None]
    shown: Callable[[Collection[int]], Mapping[int, Any]] = _nothing_more
    is_names: bool = False
    place: int = 50

    def stretches(self, *, at_once: int = 2_000) -> Iterator[list[int]]:
        """All ids there are, in stretches."""
        last = 0
        while found := list(
            self.rows._default_manager.filter(pk__gt=last)
            .order_by("pk")
            .values_list("pk", flat=True)[:at_once]
        ):
            yield found
            last = found[-1]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def kind_called(name: str) -> Kind | None:
    return _kinds.get(name)


def all_kinds() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda kind: (kind.place, kind.name))


def forget(name: str) -> None:
    """For those who registered it for a while."""
    _kinds.pop(name, None)
