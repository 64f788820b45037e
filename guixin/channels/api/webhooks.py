"""Subscriptions to what happens, what was delivered to them, and sending it again."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import Input, Word
from guixin.channels.api.door import Needs, by, now_of
from guixin.channels.models import Delivery, Subscription
from guixin.channels.webhooks import subscribing
from guixin.organisation.models import Scopes

router = Router(tags=["webhooks"], auth=Needs(Scopes.WEBHOOKS, administrators=True))
DELIVERIES = 100


class SubscriptionGiven(Input):
    url: str = Field(min_length=10, max_length=2000)
    kinds: list[Word] = Field(default=[], max_length=200, description="Kinds of events; empty: all.")
    from_position: int | None = Field(
        None, ge=0, le=2**62, description="Hear what happened since; from now on otherwise."
    )


class SubscriptionEdited(Input):
    url: str | None = Field(None, min_length=10, max_length=2000)
    kinds: list[Word] | None = Field(None, max_length=200)
    is_active: bool | None = None


class SubscriptionShown(BaseModel):
    id: int
    url: str
    kinds: list[str]
    is_active: bool
    position: int
    made_at: datetime


class SubscriptionMade(SubscriptionShown):
    secret: str = Field(description="Shown this once; it signs every delivery.")


class DeliveryShown(BaseModel):
    id: int
    position: int
    kind: str
    state: str
    tries: int
    last_error: str
    next_try_at: datetime
    sent_at: datetime | None


class ReplayGiven(Input):
    """One delivery again, or everything from a position on."""

    delivery_id: int | None = Field(None, ge=1, le=2**63 - 1)
    from_position: int | None = Field(None, ge=0, le=2**62)


def _shown(one: Subscription) -> dict:
    return {name: getattr(one, name) for name in SubscriptionShown.model_fields}


def _called(pk: int) -> Subscription:
    if one := Subscription.objects.filter(pk=pk).first():
        return one
    raise Http404


@router.get("", response=list[SubscriptionShown], summary="Webhook subscriptions")
def subscriptions(request: HttpRequest):
    """Without their secrets."""
    return [_shown(one) for one in Subscription.objects.order_by("pk")]


@router.post("", response={201: SubscriptionMade}, summary="Subscribe an address")
def subscribe(request: HttpRequest, response: HttpResponse, given: SubscriptionGiven):
    """Private and loopback addresses are refused unless the installation allows them."""
    made = subscribing.subscribe(
        given.url, kinds=given.kinds, by=by(request), now=now_of(request), from_position=given.from_position
    )
    response["Location"] = f"/api/webhooks/{made.pk}"
    return Status(201, _shown(made) | {"secret": made.shown_secret()})


@router.get("/{int:pk}", response=SubscriptionShown, summary="A subscription")
def shown(request: HttpRequest, pk: int):
    """`position` is how far it has been handed to the outbox."""
    return _shown(_called(pk))


@router.patch("/{int:pk}", response=SubscriptionShown, summary="Change a subscription, or switch it off")
def edited(request: HttpRequest, pk: int, given: SubscriptionEdited):
    """Only what is sent is changed. Switched on again it goes on where it stopped."""
    changes = {
        name: value for name, value in given.model_dump(exclude_unset=True).items() if value is not None
    }
    return _shown(subscribing.change(_called(pk), by=by(request), now=now_of(request), **changes))


@router.delete("/{int:pk}", response={204: None}, summary="End a subscription")
def ended(request: HttpRequest, pk: int):
    """What still waits is not sent any more."""
    subscribing.end(_called(pk), by=by(request), now=now_of(request))
    return Status(204, None)


@router.get("/{int:pk}/deliveries", response=list[DeliveryShown], summary="The latest deliveries")
def deliveries(request: HttpRequest, pk: int):
    """Newest first; dead ones were given up after many tries and can be replayed."""
    rows = Delivery.objects.filter(subscription=_called(pk)).select_related("outgoing").order_by("-pk")
    return [
        {
            "id": each.pk,
            "position": each.position,
            "kind": each.kind,
            "state": each.outgoing.state,
            "tries": each.outgoing.tries,
            "last_error": each.outgoing.last_error,
            "next_try_at": each.outgoing.next_try_at,
            "sent_at": each.outgoing.sent_at,
        }
        for each in rows[:DELIVERIES]
    ]


@router.post("/{int:pk}/replay", response={202: SubscriptionShown}, summary="Send again")
def replay(request: HttpRequest, pk: int, given: ReplayGiven):
    """The receiver sees the same `webhook-id` as the first time, so a repeat is harmless."""
    one = subscribing.replay(
        _called(pk),
        now=now_of(request),
        delivery_id=given.delivery_id,
        from_position=given.from_position,
        by=by(request),
    )
    return Status(202, _shown(one))
