"""What somebody holds besides cases, and passing it to others: each package says so for its own things.

    passed_on("contact", Sort(...))          # in the AppConfig.ready of the package

Handing over the work of an absent colleague (serve/handing_over.py) asks every sort what the colleague holds, passes it
on in sets, and can take it back. What is `for_good` (the customers somebody looks after, a segment they answer for) moves
only where that is wanted: somebody on leave for a week keeps theirs.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from guixin.organisation.models import Person


@dataclass(frozen=True)
class Held:
    """One thing somebody holds.

    department_id   whose people may hold it; None: anybody with a post
    least_rank      whoever takes it needs a post at least as high: passing work on passes no authority on
    never           people who must not hold it: nobody answers their own proposal
    only            the people who could, whatever their posts: those who have a skill; None: no such thing
    stays           why it cannot be passed on at all
    """

    kind: str
    pk: int
    case_id: int | None = None
    department_id: int | None = None
    least_rank: int = 0
    never: frozenset[int] = frozenset()
    only: frozenset[int] | None = None
    stays: str = ""


@dataclass(frozen=True)
class Moving:
    by: Person
    now: datetime
    part_of: int | None = None  # the bulk change it belongs to: whoever receives many is told once


Wanted = Mapping[int, int]  # ids -> the people who shall hold them


@dataclass(frozen=True)
class Sort:
    """One sort of thing.

    counted     3 -> "3 planned contacts"
    held        what this person holds now
    holders     of these ids: who holds each; what is closed meanwhile is missing
    pass_on     do it, with entries and clocks; whoever holds it already is left alone
    columns     where it stands who holds it: "promise.Proposal.reviewer" (see tests/test_what_a_person_holds.py)

    Of a sort all of which `stays`, only what is held is asked.
    """

    counted: Callable[[int], str]
    held: Callable[[Person, datetime], Iterable[Held]]
    holders: Callable[[Collection[int]], Mapping[int, int | None]] = lambda ids: {}
    pass_on: Callable[[Wanted, Moving], None] = lambda wanted, how: None
    for_good: bool = False
    columns: tuple[str, ...] = ()


_sorts: dict[str, Sort] = {}


def passed_on(kind: str, sort: Sort) -> None:
    """Say how things of this kind are held and passed on. The order of registration is the order they are shown in."""
    _sorts[kind] = sort


def sorts() -> Mapping[str, Sort]:
    return _sorts


def rows(
    kind: str, open_rows: Callable[[], QuerySet], field: str, after: Callable[[Sequence[Any], Wanted, Moving], None],
    counted: Callable[[int], str], *, for_good: bool = False, versioned: bool = False,
    held: Callable[[Any, Person, datetime], Held] | None = None,
) -> None:  # fmt: skip
    """A sort whose holder stands in one column.

    open_rows   those that can be passed on at all
    field       the column, such as "owner_id"
    after       entries and clocks, with the rows as they were before; inside the same transaction
    versioned   the row has a version, which moves, so that an edit begun before does not overwrite the change
    """

    def of(person: Person, now: datetime) -> list[Held]:
        return [
            held(row, person, now) if held else Held(kind, row.pk)
            for row in open_rows().filter(**{field: person.pk}).order_by("pk")
        ]

    def holders(ids: Collection[int]) -> dict[int, int | None]:
        return dict(open_rows().filter(pk__in=ids).values_list("pk", field))

    def pass_on(wanted: Wanted, how: Moving) -> None:
        found = open_rows().filter(pk__in=wanted).select_for_update(of=("self",)).order_by("pk")
        there = [row for row in found if getattr(row, field) != wanted[row.pk]]
        more = {"version": F("version") + 1} if versioned else {}
        for taker in {wanted[row.pk] for row in there}:
            theirs = [row.pk for row in there if wanted[row.pk] == taker]
            type(there[0])._default_manager.filter(pk__in=theirs).update(**{field: taker}, **more)
        if there:
            after(there, wanted, how)

    column = f"{open_rows().model._meta.label}.{field.removesuffix('_id')}"
    passed_on(kind, Sort(counted, of, holders, pass_on, for_good, (column,)))
