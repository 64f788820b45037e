"""Customers as the one search finds them: by any word of their name, or of where they work.

What is found are ids; a name is shown by `Customer.shown_to` alone, which masks it. Triggers note who is new, called
otherwise, merged or gone (migration 0020), whatever wrote it, and a worker reads them again.
"""

from collections.abc import Collection, Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.search import kinds
from guixin.understand.models import Customer

FOUND_AS = "customer"


def texts(keys: Collection[int]) -> Iterator[kinds.Text]:
    """One who was merged is found as the one that remains."""
    for each in Customer.objects.standing().filter(pk__in=keys).exclude(name=""):
        yield kinds.Text(
            key=each.pk,
            title=each.name,
            body=each.organisation,
            language=each.language,
            changed_at=each.created_at,
            is_offered=False,  # who it is about is no help with what is written
        )


def visible_to(person: Person | None) -> QuerySet | None:
    scope = scope_of(person)
    return None if scope.sees_everything or scope.is_front_desk else Customer.objects.visible_to(person)


def offer() -> None:
    """`guixin/reactions.py` calls it once."""
    kinds.register(
        kinds.Kind(
            name=FOUND_AS, words=_("Customers"), page="customer", icon="mine", rows=Customer, texts=texts,
            visible_to=visible_to, is_names=True, place=60,
        )
    )  # fmt: skip
