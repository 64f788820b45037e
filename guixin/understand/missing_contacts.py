"""A planned contact whose day ended without it: its owner hears of it, then every working day the next authority.

Not a clock of `promise`: those belong to a case, and the customer was promised nothing. The ladder is the same one,
and so are the rules: verdicts by the planned day, claimed with SKIP LOCKED, the whole effect in one transaction. See
docs/developers/decisions.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from guixin.ledger import record
from guixin.organisation.ladder import Authority, Ladder, NoAuthority
from guixin.understand import contact_events as events
from guixin.understand.contact_days import calendar_for, closing
from guixin.understand.models import Contact

BATCH = 200


@transaction.atomic
def miss_due(now: datetime, limit: int = BATCH) -> int:
    """Take the next step of every contact that is due. Returns how many. `limit` at once; the rest next time."""
    due = list(
        Contact.objects.filter(next_at__lte=now, state=Contact.State.PLANNED)
        .select_related("owner")
        .order_by("next_at", "pk")
        .select_for_update(of=("self",), skip_locked=True)[:limit]
    )
    if not due:
        return 0
    ladder = Ladder.at(now)
    happened: list[events.ContactMissed | events.ContactRaised] = []
    for contact in due:
        # A worker that slept for days takes every step that fell due, each with its own time.
        while contact.next_at and contact.next_at <= now:
            happened.append(_step(contact, ladder, now))
    Contact.objects.bulk_update(due, ["missed_at", "level", "raised_to", "next_at"])
    record(*happened)
    return len(due)


def _step(contact: Contact, ladder: Ladder, now: datetime) -> events.ContactMissed | events.ContactRaised:
    at = contact.next_at or now
    about: dict[str, Any] = {
        "happened_at": at, "about": ("customer", contact.customer_id), "contact_id": contact.pk,
        "contact_kind": contact.kind, "owner_id": contact.owner_id,
        "planned_on": contact.planned_on.isoformat() if contact.planned_on else "",
    }  # fmt: skip
    hours = calendar_for(contact.owner, now)
    tomorrow = timezone.localtime(at).date() + timedelta(days=1)
    if contact.missed_at is None:
        contact.missed_at, contact.next_at = contact.due_at, closing(hours, tomorrow)
        return events.ContactMissed(**about, to_person_id=contact.owner_id)
    contact.level += 1
    authority = _authority(contact, ladder, now)
    contact.raised_to_id = authority.person_id if authority else contact.owner_id
    is_top = authority is None or authority.is_top
    contact.next_at = None if is_top else closing(hours, tomorrow)
    return events.ContactRaised(**about, level=contact.level, to_person_id=contact.raised_to_id)


def _authority(contact: Contact, ladder: Ladder, now: datetime) -> Authority | None:
    seats = ladder.seats_of(contact.owner_id)
    try:
        return ladder.next_authority(
            seats[0].department_id if seats else None, contact.owner_id, contact.level, now
        )
    except NoAuthority:
        return None
