"""One delivery: the body, the signature (Standard Webhooks), the call."""

import hmac
import time
from base64 import b64encode
from hashlib import sha256

from guixin.channels import http
from guixin.channels.models import Subscription
from guixin.channels.webhooks.feeding import CHANNEL
from guixin.ledger.models import Entry, Outgoing
from guixin.ledger.outbox import CannotDeliver, deliver_by
from guixin.ledger.recording import canonical

# Facts that hold words somebody typed. Everything else in an entry is ids, numbers and codes (ledger/events.py);
# who wants the words asks the API for the case, with a key and its rights.
WITHHELD = frozenset({"reason"})
RESTS_FOR = 30.0  # seconds an address is left alone after it could not be reached

_resting: dict[int, float] = {}  # subscription -> until, on this process's monotonic clock


class NotTaken(Exception):
    """The receiver did not answer with 2xx; it is tried again."""


class StillResting(Exception):
    """The address did not answer a moment ago. A dead one must not keep a worker waiting for every row."""


def body_of(entry: Entry) -> bytes:
    """What the receiver gets: the same bytes whenever this entry is sent."""
    says = {
        "id": event_id(entry),
        "kind": entry.kind,
        "position": entry.position,
        "happened_at": entry.happened_at.isoformat(),
        "about": f"{entry.about_kind}:{entry.about_id}",
        "case_id": entry.case_id,
        "actor_id": entry.actor_id,
        "facts": {name: fact for name, fact in entry.facts.items() if name not in WITHHELD},
    }
    return canonical(says).encode()


def event_id(entry: Entry) -> str:
    """Stable for ever: by it the receiver knows a repeat."""
    return f"evt_{entry.pk}"


def signature(secret: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """`webhook-signature` of Standard Webhooks: v1, and HMAC-SHA256 over id.timestamp.body in base64."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return f"v1,{b64encode(hmac.digest(secret, signed, sha256)).decode()}"


def send(outgoing: Outgoing) -> None:
    """Deliver one row. 2xx is taken; 410 and a forbidden address are never tried again; the rest is."""
    subscription = Subscription.objects.filter(pk=outgoing.payload["subscription"]).first()
    if subscription is None or not subscription.is_active:
        raise CannotDeliver("The subscription is switched off.")
    entry = Entry.objects.get(position=outgoing.payload["position"])
    if _resting.get(subscription.pk, 0) > time.monotonic():
        raise StillResting(subscription.url)
    body, message_id, at = body_of(entry), event_id(entry), int(time.time())
    try:
        status = http.post(
            subscription.url,
            body,
            headers=_headers(subscription, message_id, at, body),
        )
    except http.Forbidden as why:
        raise CannotDeliver(str(why)) from why
    except http.Unreachable:
        _resting[subscription.pk] = time.monotonic() + RESTS_FOR
        raise
    _resting.pop(subscription.pk, None)
    if status == 410:
        raise CannotDeliver("410 Gone: the receiver no longer wants it.")
    if not 200 <= status < 300:
        raise NotTaken(f"The receiver answered {status}.")


def send_test(subscription: Subscription) -> int:
    """A signed call without an entry behind it (kind `guixin.test`), now. Returns what the receiver answered.

    Raises http.Forbidden or http.Unreachable.
    """
    at = int(time.time())
    body, message_id = canonical({"kind": "guixin.test", "id": f"test_{at}"}).encode(), f"test_{at}"
    return http.post(subscription.url, body, headers=_headers(subscription, message_id, at, body))


def _headers(subscription: Subscription, message_id: str, at: int, body: bytes) -> dict[str, str]:
    return {
        "content-type": "application/json",
        "user-agent": "Guixin-Webhooks",
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(subscription.secret(), message_id, at, body),
    }


deliver_by(CHANNEL, send)
