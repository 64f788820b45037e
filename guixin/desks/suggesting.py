"""What may help with what somebody is writing: articles, lessons, knowledge and closed cases, and why."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guixin.organisation.models import Person
from guixin.search import asking
from guixin.search.kinds import Kind
from guixin.serve.helping import what_helps
from guixin.serve.models import Case


@dataclass(frozen=True)
class Suggestion:
    """One row; `shown` is what its kind wants to show of it besides."""

    found: asking.Found
    address: str
    why: str
    shown: Any = None

    @property
    def templates(self) -> tuple[str, str]:
        """A kind that wants to look otherwise, or can be used for something, has a row of its own."""
        return f"desks/_suggestion_{self.found.kind.name}.html", "desks/_suggestion.html"


@dataclass(frozen=True)
class Group:
    kind: Kind
    rows: list[Suggestion]


def suggestions(
    person: Person, text: str, *, case: Case | None = None, is_search: bool = False
) -> list[Group]:
    """By kind, each with its best first; `is_search`: the text was typed to find something, not to tell it."""
    return grouped(what_helps(person, text, case=case, is_search=is_search))


def grouped(found: list[asking.Found]) -> list[Group]:
    """Of each kind together; what a row shows besides is asked for once for each kind."""
    keys: dict[str, list[int]] = defaultdict(list)
    for each in found:
        keys[each.kind.name].append(each.key)
    found = sorted(found, key=lambda each: (each.kind.place, each.kind.name))
    groups = []
    for kind, hits in groupby(found, key=lambda each: each.kind):
        shown = kind.shown(keys[kind.name])
        rows = [
            Suggestion(each, reverse(kind.page, args=[each.ref]), why(each), shown.get(each.key))
            for each in hits
        ]
        groups.append(Group(kind, rows))
    return groups


def why(found: asking.Found) -> str:
    """In a few words."""
    return _("sounds alike") if found.is_close else _(", ").join(found.why)


def of_case(person: Person, case: Case) -> list[Group]:
    """What may help with a case that is there."""
    return suggestions(person, "", case=case)
