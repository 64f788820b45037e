"""Subscribing an address, changing it, ending it, and sending again."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.channels.http import Forbidden, check_address
from guixin.channels.models import Delivery, Subscription
from guixin.channels.models.subscription import fresh_salt
from guixin.channels.webhooks.events import (
    DeliveryReplayed,
    SubscriptionChanged,
    SubscriptionEnded,
    SubscriptionMade,
)
from guixin.channels.webhooks.feeding import put_into_outbox
from guixin.ledger import numbering, record
from guixin.ledger.events import event_class
from guixin.ledger.models import Entry, Outgoing
from guixin.ledger.outbox import send_again
from guixin.organisation.models import Person
from guixin.web.refusals import Refused


class CannotSubscribe(Refused):
    """This address, or these events, cannot be subscribed."""

    about_input = True


class CannotReplay(Refused):
    """There is nothing like that to send again."""

    about_input = True


@transaction.atomic
def subscribe(
    url: str, *, kinds: Sequence[str], by: Person, now: datetime, from_position: int | None = None
) -> Subscription:
    """A new subscription; its secret can be shown now. It hears what happens after `from_position` (now)."""
    _check(url, kinds)
    position = numbering.head()[0] if from_position is None else from_position
    made = Subscription.objects.create(url=url, kinds=list(kinds), position=position, made_by=by, made_at=now)
    record(SubscriptionMade(host=urlsplit(url).hostname or "", **_who(made, by, now)))
    return made


@transaction.atomic
def change(subscription: Subscription, *, by: Person | None, now: datetime, **fields) -> Subscription:
    """`url`, `kinds`, `is_active`: only what is given."""
    _check(fields.get("url", ""), fields.get("kinds", ()))
    changed = [name for name, value in fields.items() if getattr(subscription, name) != value]
    for name in changed:
        setattr(subscription, name, fields[name])
    if changed:
        subscription.save(update_fields=changed)
        record(SubscriptionChanged(changed=", ".join(changed), **_who(subscription, by, now)))
    return subscription


@transaction.atomic
def rotate(subscription: Subscription, *, by: Person | None, now: datetime) -> str:
    """A new secret, shown now and never again; what is sent from this moment is signed with it."""
    subscription.salt = fresh_salt()
    subscription.save(update_fields=["salt"])
    record(SubscriptionChanged(changed="secret", **_who(subscription, by, now)))
    return subscription.shown_secret()


@transaction.atomic
def end(subscription: Subscription, *, by: Person | None, now: datetime) -> None:
    """Whatever still waits for it is not sent any more."""
    record(SubscriptionEnded(**_who(subscription, by, now)))
    Outgoing.objects.filter(pk__in=subscription.deliveries.values("outgoing_id")).exclude(
        state=Outgoing.State.SENT
    ).update(state=Outgoing.State.DEAD, last_error="The subscription was ended.")
    subscription.delete()


@transaction.atomic
def replay(
    subscription: Subscription, *, now: datetime, delivery_id: int | None = None,
    from_position: int | None = None, by: Person | None = None,
) -> Subscription:  # fmt: skip
    """One delivery again, or everything after a position. The receiver sees the old ids."""
    if (delivery_id is None) == (from_position is None):
        raise CannotReplay(_("Name one delivery, or the position to begin from."))
    replayed = DeliveryReplayed(
        delivery_id=delivery_id, from_position=from_position, **_who(subscription, by, now)
    )
    if from_position is not None:
        subscription = Subscription.objects.select_for_update().get(pk=subscription.pk)
        subscription.position = min(from_position, subscription.position)
        subscription.save(update_fields=["position"])
        record(replayed)
        return subscription
    assert delivery_id is not None  # exactly one of the two was given
    delivery = Delivery.objects.filter(subscription=subscription, pk=delivery_id).first()
    if delivery is None:
        raise CannotReplay(_("This subscription has no such delivery."))
    if delivery.outgoing.state == Outgoing.State.DEAD:
        send_again(delivery.outgoing, now)
    elif delivery.outgoing.state == Outgoing.State.SENT:
        put_into_outbox(subscription, [Entry.objects.get(position=delivery.position)], now)
    record(replayed)
    return subscription


def _who(subscription: Subscription, by: Person | None, now: datetime) -> dict:
    return {
        "happened_at": now,
        "actor_id": by.pk if by else None,
        "about": ("subscription", subscription.pk),
    }


def _check(url: str, kinds: Sequence[str]) -> None:
    if url:
        try:
            check_address(url)
        except Forbidden as why:
            raise CannotSubscribe(str(why)) from why
    if unknown := next((kind for kind in kinds if event_class(kind) is None), None):
        raise CannotSubscribe(_("There is no event called “%s”.") % unknown)
