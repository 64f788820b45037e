"""Cases as the search finds them: what it is about, what the customer told, and what we told the customer."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.search import indexing, kinds
from guixin.serve.models import Case, Message

FOUND_AS = "case"
AT_ONCE = 20  # more than this are left to a worker: nobody waits for them one by one
TOLD = (Message.Kind.REPLY, Message.Kind.PRELIMINARY)


def texts(keys: Collection[int]) -> Iterator[kinds.Text]:
    """A case that was merged is found as the one it became part of; a closed one may be suggested."""
    rows = Case.objects.filter(pk__in=keys).exclude(state=Case.State.MERGED)
    cases = list(
        rows.only("number", "state", "subject", "story", "product", "language", "opened_at", "closed_at")
    )
    told: dict[int, list[str]] = defaultdict(list)
    closed = [case.pk for case in cases if case.state == Case.State.CLOSED]
    if closed:
        said = Message.objects.filter(case__in=closed, kind__in=TOLD).order_by("pk")
        for case_id, body in said.values_list("case_id", "body"):
            told[case_id].append(body)
    for case in cases:
        yield kinds.Text(
            key=case.pk,
            ref=case.number,
            title=case.subject,
            body="\n".join([case.story, case.product, *told[case.pk]]),
            language=case.language,
            changed_at=case.closed_at or case.opened_at,
            is_offered=case.state == Case.State.CLOSED,
        )


def visible_to(person: Person | None) -> QuerySet | None:
    if person is None:
        return Case.objects.none()
    scope = scope_of(person)
    return None if scope.sees_everything or scope.is_front_desk else Case.objects.visible_to(person)


def shown(keys: Collection[int]) -> Mapping[int, Any]:
    """Of each case the last that was told to its customer."""
    said = Message.objects.filter(case__in=list(keys), kind__in=TOLD).order_by("case", "-pk").distinct("case")
    return dict(said.values_list("case_id", "body"))


def keep_found(happened: Sequence[Any]) -> None:
    """Reaction: what a case says has changed, or whether it may be suggested."""
    keys = {event.case_id for event in happened}
    keys |= {event.merged_case_id for event in happened if hasattr(event, "merged_case_id")}
    if len(keys) > AT_ONCE:
        indexing.note(FOUND_AS, sorted(keys))
    else:
        indexing.index(FOUND_AS, sorted(keys))


def find_later(happened: Sequence[Any]) -> None:
    """Reaction: cases of the past come by the thousand, and are found when a worker has read them."""
    indexing.note(FOUND_AS, sorted({event.case_id for event in happened}))


def offer() -> None:
    """`guixin/reactions.py` calls it once."""
    kinds.register(
        kinds.Kind(
            name=FOUND_AS, words=_("Similar cases"), page="case", icon="list", rows=Case, texts=texts,
            visible_to=visible_to, shown=shown, place=40,
        )
    )  # fmt: skip
