"""Everything that leaves the house waits here first, written in the transaction that caused it."""

import uuid

from django.db import models
from django.db.models.functions import Now


class Outgoing(models.Model):
    """One message, call or push on its way out (outbox).

    `key` is what the receiver sees as the message's identity: a repeat carries the same key, so it is
    harmless. Rows of one channel and lane leave in the order they were written.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        DEAD = "dead"  # given up after many tries; a person can send it again

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    channel = models.TextField()
    lane = models.TextField()
    payload = models.JSONField()  # ids, not addresses: who it reaches is looked up when it leaves
    state = models.TextField(choices=State, default=State.WAITING)
    next_try_at = models.DateTimeField(db_default=Now())
    tries = models.IntegerField(default=0)
    last_error = models.TextField(default="")
    written_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(  # when a customer was last sent their link
                fields=["lane", "written_at"],
                name="outgoing_private_link",
                condition=models.Q(channel="private_link"),
            ),
            models.Index(
                fields=["next_try_at"], name="outgoing_waiting", condition=models.Q(state="waiting")
            ),
            models.Index(
                fields=["channel", "lane", "id"], name="outgoing_lane", condition=models.Q(state="waiting")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="outgoing_state", condition=models.Q(state__in=["waiting", "sent", "dead"])
            ),
            models.CheckConstraint(
                name="outgoing_sent_has_time",
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.key} {self.state}"
