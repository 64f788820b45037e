"""Who wants to be told by webhook, and what was sent to them."""

import hmac
import secrets
from base64 import b64encode
from hashlib import sha256

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from guixin.ledger.models import Outgoing
from guixin.organisation.models import Person


def fresh_salt() -> str:
    """A new salt is a new secret."""
    return secrets.token_urlsafe(12)


_salt = fresh_salt  # the name by which migration 0003 knows it


class Subscription(models.Model):
    """An address that hears of what happens, from a position of the ledger on."""

    url = models.URLField(max_length=2000)
    kinds = ArrayField(models.TextField(), default=list, blank=True)  # empty: all
    is_active = models.BooleanField(default=True)
    position = models.BigIntegerField(default=0)  # everything up to here has been handed to the outbox
    salt = models.TextField(default=_salt, editable=False)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"webhook {self.pk}"

    def secret(self) -> bytes:
        """What signs; worked out from our own key, so that a copy of the database cannot sign."""
        message = f"webhook:{self.pk}:{self.salt}".encode()
        return hmac.digest(settings.SECRET_KEY.encode(), message, sha256)

    def shown_secret(self) -> str:
        """The secret as Standard Webhooks writes it; shown once, when the subscription is made."""
        return f"whsec_{b64encode(self.secret()).decode()}"


class Delivery(models.Model):
    """One entry of the ledger on its way to one subscription. How it fares stands in its outbox row."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="deliveries")
    position = models.BigIntegerField()
    kind = models.TextField()
    outgoing = models.OneToOneField(Outgoing, models.CASCADE, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["subscription", "-id"], name="delivery_newest")]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.position}"
