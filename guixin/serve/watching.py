"""Watching a case (关注): being told what happens on it, without answering for it."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from guixin.ledger import Event
from guixin.ledger.bulk import fetch_rows
from guixin.organisation.models import Person
from guixin.serve.models import Case, Watch


def watch(case: Case, *, by: Person, now: datetime) -> None:
    Watch.objects.get_or_create(case=case, person=by, defaults={"since": now})


def unwatch(case: Case, *, by: Person) -> None:
    Watch.objects.filter(case=case, person=by).delete()


def is_watched(case: Case, person: Person) -> bool:
    return bool(fetch_rows(_WATCHED, [case.pk, person.pk]))


_WATCHED = "SELECT 1 FROM serve_watch WHERE case_id = %s AND person_id = %s"


def watchers_of(events: Sequence[Event]) -> list[tuple[int, Event]]:
    """Who watches the cases of these events, and may still see them. One question when nobody does."""
    watches = Watch.objects.filter(case_id__in={event.case_id for event in events}, person__is_active=True)
    watches = watches.exclude(person_id=F("case__owner_id"))  # the owner is told anyway
    seen: dict[int, list[int]] = {}
    for each in watches.select_related("person"):
        if Case.objects.visible_to(each.person).filter(pk=each.case_id).exists():
            seen.setdefault(each.case_id, []).append(each.person_id)
    return [(person_id, event) for event in events for person_id in seen.get(event.case_id or 0, ())]
