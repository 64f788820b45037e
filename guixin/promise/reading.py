"""What a department must know is read within the firm's standard for it, or the head of the department hears, then the next
authority: a promise between colleagues like the monthly statement, kept by the same clocks."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Person
from guixin.promise.book import Circumstances
from guixin.promise.indispensable import always_promised
from guixin.promise.keeping import Promise, Stop, start, stop, void
from guixin.promise.matters import Matter
from guixin.promise.models import Clock, Escalation, Measure
from guixin.understand.knowledge_events import KnowledgeShared, KnowledgeShareOver
from guixin.understand.models import Knowledge, KnowledgeShare

Pages = Callable[[Collection[KnowledgeShare]], dict[int, str]]
_pages: dict[str, Pages] = {}


def shown_on(evidence_kind: str, pages: Pages) -> None:
    """What rests on evidence of this kind is read on a page of its own: by the id of a share, its address."""
    _pages[evidence_kind] = pages


def addresses(shares: Collection[KnowledgeShare]) -> dict[int, str]:
    """Where each of these is read; with their items and departments joined."""
    found = {each.pk: f"/knowledge/{each.knowledge_id}" for each in shares}
    for kind, pages in _pages.items():
        if some := [each for each in shares if each.knowledge.evidence_kind == kind]:
            found |= pages(some)
    return found


def own_page(item: Knowledge, person: Person) -> str:
    """Where this person reads what the item rests on; blank: on the item's own page."""
    pages = _pages.get(item.evidence_kind)
    if pages is None:
        return ""
    mine = item.shares.filter(readings__person=person).select_related("knowledge", "department")
    return next(iter(pages(list(mine.order_by("-pk")[:1])).values()), "")


def begin(events: Sequence[KnowledgeShared]) -> None:
    """A department must know something: its head answers for everybody's having read it in time."""
    ladder = Ladder.at(events[0].happened_at)
    start(
        [
            Promise(
                about=event.about,
                case_id=None,
                version=always_promised(
                    Measure.READ, Circumstances(department_id=event.department_id), event.happened_at
                ),
                department_id=event.department_id,
                holder_id=ladder.head_of(event.department_id),
                started_at=event.happened_at,
                until=event.read_until,
            )
            for event in events
        ]
    )


def end(events: Sequence[KnowledgeShareOver]) -> None:
    """Everybody has read it, which keeps the promise; or it no longer matters, which is no verdict on anybody."""
    for event in events:
        if event.all_saw_it:
            stop([Stop(event.about, Measure.READ, event.happened_at)], event.happened_at, event.actor_id)
        else:
            about = Clock.objects.of(*event.about).open()
            void(about, "no longer to be read", event.happened_at, event.actor_id)


def raised_to(person) -> set[int]:
    """The shares that climbed to this person, wherever their post is: a deputy from elsewhere must be able to read."""
    rows = Escalation.objects.filter(to_person_id=person.pk, clock__about_kind=KnowledgeShare.ABOUT)
    return set(rows.values_list("clock__about_id", flat=True))


def seen_by(ids: Collection[int], person: Any) -> QuerySet:
    """Whoever sees what it is about, and to whom it climbed, wherever their post is."""
    climbed = Escalation.objects.filter(to_person_id=person.pk, clock__about_kind=KnowledgeShare.ABOUT)
    seen = KnowledgeShare.objects.filter(
        Q(knowledge__in=Knowledge.objects.visible_to(person)) | Q(pk__in=climbed.values("clock__about_id")),
        pk__in=ids,
    )
    return seen.select_related("knowledge", "department")


def as_matters(rows: Sequence[Any]) -> dict[int, Matter]:
    where = addresses(rows)
    return {
        row.pk: Matter(
            subject=f"{row.knowledge.get_kind_display()} · {row.knowledge.title} → {row.department.name}",
            address=where[row.pk],
        )
        for row in rows
    }
