"""Knowledge as the search finds it."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.search import kinds
from guixin.understand.models import Knowledge
from guixin.understand.models.knowledge import keeps_knowledge

OVER = -0.5  # what no longer holds stands behind what does


def texts(keys: Collection[int]) -> Iterator[kinds.Text]:
    for item in Knowledge.objects.filter(pk__in=keys):
        yield kinds.Text(
            key=item.pk,
            title=item.title,
            body="\n".join([item.words, item.subject, item.topic, item.source_words]),
            changed_at=item.captured_at,
            is_offered=item.is_open,
            worth=0.0 if item.is_open else OVER,
        )


def visible_to(person: Person | None) -> QuerySet | None:
    scope = scope_of(person)
    if person is not None and (keeps_knowledge(scope) or scope.is_front_desk):
        return None
    return Knowledge.objects.visible_to(person)


def shown(keys: Collection[int]) -> Mapping[int, Any]:
    return Knowledge.objects.in_bulk(list(keys))


def offer() -> None:
    """`guixin/reactions.py` calls it once."""
    kinds.register(
        kinds.Kind(
            name=Knowledge.FOUND_AS, words=_("Knowledge"), page="knowledge_item", icon="book", rows=Knowledge,
            texts=texts, visible_to=visible_to, shown=shown, place=30,
        )
    )  # fmt: skip
