"""What is recorded about subscriptions: addresses belong to the firm's set-up, secrets to nobody's record."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class SubscriptionMade(Event):
    """An address hears of what happens from now on, by webhook."""

    kind: ClassVar[str] = "channels.subscription_made"
    sentence: ClassVar[str] = _("A webhook was subscribed to %(host)s")
    host: str


@dataclass(frozen=True, kw_only=True)
class SubscriptionChanged(Event):
    """A subscription has another address, other events, a new secret, or was switched: `changed` names what."""

    kind: ClassVar[str] = "channels.subscription_changed"
    sentence: ClassVar[str] = _("The webhook was changed: %(changed)s")
    changed: str


@dataclass(frozen=True, kw_only=True)
class SubscriptionEnded(Event):
    """An address is told nothing any more."""

    kind: ClassVar[str] = "channels.subscription_ended"
    sentence: ClassVar[str] = _("The webhook was ended")


@dataclass(frozen=True, kw_only=True)
class DeliveryReplayed(Event):
    """Somebody had deliveries sent again: one, or everything after a position."""

    kind: ClassVar[str] = "channels.delivery_replayed"
    sentence: ClassVar[str] = _("Webhook deliveries were sent again")
    delivery_id: int | None
    from_position: int | None
