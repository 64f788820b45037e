"""Subscribing an address, changing it, ending it, and sending again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guixin.channels.http import Forbidden, check_address
from guixin.channels.models import Delivery, Subscription
from guixin.channels.webhooks.feeding import put_into_outbox
from guixin.ledger import numbering
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
    return Subscription.objects.create(url=url, kinds=list(kinds), position=position, made_by=by, made_at=now)


def change(subscription: Subscription, **fields) -> Subscription:
    """`url`, `kinds`, `is_active`: only what is given."""
    _check(fields.get("url", ""), fields.get("kinds", ()))
    for name in fields:
        setattr(subscription, name, fields[name])
    if fields:
        subscription.save(update_fields=list(fields))
    return subscription


@transaction.atomic
def end(subscription: Subscription) -> None:
    """Whatever still waits for it is not sent any more."""
    Outgoing.objects.filter(pk__in=subscription.deliveries.values("outgoing_id")).exclude(
        state=Outgoing.State.SENT
    ).update(state=Outgoing.State.DEAD, last_error="The subscription was ended.")
    subscription.delete()


@transaction.atomic
def replay(
    subscription: Subscription, *, now: datetime, delivery_id: int | None = None,
    from_position: int | None = None,
) -> Subscription:  # fmt: skip
    """One delivery again, or everything after a position. The receiver sees the old ids."""
    if (delivery_id is None) == (from_position is None):
        raise CannotReplay(_("Name one delivery, or the position to begin from."))
    if from_position is not None:
        subscription = Subscription.objects.select_for_update().get(pk=subscription.pk)
        subscription.position = min(from_position, subscription.position)
        subscription.save(update_fields=["position"])
        return subscription
    assert delivery_id is not None  # exactly one of the two was given
    delivery = Delivery.objects.filter(subscription=subscription, pk=delivery_id).first()
    if delivery is None:
        raise CannotReplay(_("This subscription has no such delivery."))
    if delivery.outgoing.state == Outgoing.State.DEAD:
        send_again(delivery.outgoing, now)
    elif delivery.outgoing.state == Outgoing.State.SENT:
        put_into_outbox(subscription, [Entry.objects.get(position=delivery.position)], now)
    return subscription


def _check(url: str, kinds: Sequence[str]) -> None:
    if url:
        try:
            check_address(url)
        except Forbidden as why:
            raise CannotSubscribe(str(why)) from why
    if unknown := next((kind for kind in kinds if event_class(kind) is None), None):
        raise CannotSubscribe(_("There is no event called “%s”.") % unknown)
