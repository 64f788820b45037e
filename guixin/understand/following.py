"""What belongs to a customer follows them when two become one, and goes back when the merge is undone.

A model says so itself, in any package:

    @follows_customer("need")
    class Need(models.Model):
        customer = models.ForeignKey("understand.Customer", …)

`what` is permanent: it stands in `Merge.moved` beside the ids that moved. With `once` a row stays behind where the
customer who remains has one with the same values already (one value of an attribute, one role at a company); it is
seen again when the merge is undone. Rows that came later stay with the one that remains, as cases do.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef

Model = TypeVar("Model", bound=models.Model)


@dataclass(frozen=True)
class Follower:
    model: type[models.Model]
    field: str
    once: tuple[str, ...]
    among: models.Q
    words: Callable[[Any], str] | None  # one row in words, for whoever takes a customer apart


_followers: dict[str, Follower] = {}


def follows_customer(
    what: str, field: str = "customer", once: Iterable[str] = (), among: models.Q | None = None,
    words: Callable[[Any], str] | None = None,
) -> Callable[[type[Model]], type[Model]]:  # fmt: skip
    """Register the rows of a model, by the field that names the customer. `once` is asked among the rows of `among`."""

    def register(model: type[Model]) -> type[Model]:
        _followers[what] = Follower(model, field, tuple(once), among or models.Q(), words)
        return model

    return register


def carry(customer: models.Model, into: models.Model) -> dict[str, list[int]]:
    """Move every row to the customer who remains, one statement a model. Returns the ids by what they are."""
    moved = {}
    for what, each in _followers.items():
        rows = each.model._default_manager.filter(**{each.field: customer})
        if each.once:
            same = {name: OuterRef(name) for name in each.once}
            theirs = each.model._default_manager.filter(each.among, **{each.field: into}, **same)
            rows = rows.exclude(each.among & models.Q(Exists(theirs)))
        ids = sorted(rows.values_list("pk", flat=True))
        if ids:
            moved[what] = ids
            each.model._default_manager.filter(pk__in=ids).update(**{each.field: into})
    return moved


def give_back(moved: dict[str, list[int]], kept: models.Model, merged: models.Model) -> None:
    """What had come with the merge and is still there goes back."""
    for what, each in _followers.items():
        if ids := moved.get(what):
            rows = each.model._default_manager.filter(pk__in=ids, **{each.field: kept})
            rows.update(**{each.field: merged})


def parts_of(customer: models.Model, at_most: int = 20) -> list[tuple[str, str]]:
    """(key, words) of the newest rows of each model that says what a row is; for `move_parts`."""
    return [
        (f"{what}:{row.pk}", each.words(row))
        for what, each in _followers.items()
        if each.words
        for row in each.model._default_manager.filter(**{each.field: customer}).order_by("-pk")[:at_most]
    ]


def move_parts(keys: Iterable[str], customer: models.Model, to: models.Model) -> None:
    """These rows of the one are the other's: what `parts_of` named. Others are left where they are."""
    wanted: dict[str, list[int]] = {}
    for key in keys:
        what, _colon, pk = key.partition(":")
        if what in _followers and pk.isdecimal():
            wanted.setdefault(what, []).append(int(pk))
    give_back(wanted, customer, to)
