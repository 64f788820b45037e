"""From the ledger into the outbox: each subscription follows the positions on its own."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from guixin.channels.models import Delivery, Subscription
from guixin.ledger.models import Entry, Outgoing

CHANNEL = "webhook"


def feed(now: datetime, limit: int = 500) -> int:
    """Hand new entries to the outbox, up to `limit` for each subscription. Returns how many it read.

    The cursor moves in the transaction that writes the rows, so nothing is fed twice or left out, however
    many workers call this.
    """
    behind = Subscription.objects.filter(is_active=True).values_list("pk", flat=True)
    return sum(_feed(pk, now, limit) for pk in behind)


@transaction.atomic
def _feed(pk: int, now: datetime, limit: int) -> int:
    subscription = (
        Subscription.objects.select_for_update(skip_locked=True).filter(pk=pk, is_active=True).first()
    )
    if subscription is None:  # ended meanwhile, or another worker is at it
        return 0
    entries = list(Entry.objects.after(subscription.position)[:limit])
    if not entries:
        return 0
    wanted = [entry for entry in entries if not subscription.kinds or entry.kind in subscription.kinds]
    put_into_outbox(subscription, wanted, now)
    subscription.position = entries[-1].position
    subscription.save(update_fields=["position"])
    return len(entries)


def put_into_outbox(subscription: Subscription, entries: Sequence[Entry], now: datetime) -> None:
    """One row for each entry. A lane for each case: order holds within it, and one that cannot be
    delivered holds up nothing but its own case at its own subscriber."""
    rows = Outgoing.objects.bulk_create(
        Outgoing(
            channel=CHANNEL,
            lane=f"{subscription.pk}:{entry.case_id or 0}",
            payload={"subscription": subscription.pk, "position": entry.position},
            next_try_at=now,
        )
        for entry in entries
    )
    deliveries = []
    for entry, row in zip(entries, rows, strict=True):
        assert entry.position is not None  # entries are read here by position, so they have one
        deliveries.append(
            Delivery(subscription=subscription, position=entry.position, kind=entry.kind, outgoing=row)
        )
    Delivery.objects.bulk_create(deliveries)
