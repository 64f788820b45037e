"""The answer to a request that carried a key, kept so that a repeat is answered the same and does nothing."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models.functions import Now

REMEMBERED_FOR = timedelta(hours=48)


class IdempotencyRecord(models.Model):
    """Written in the transaction of its effect: both are there or neither is (decision 0007)."""

    caller = models.TextField()  # "key:5", "person:3"; for a public address a hash of it
    key = models.TextField()
    method = models.TextField()
    path = models.TextField()
    body_hash = models.BinaryField()
    status = models.PositiveSmallIntegerField(null=True)  # empty only until the first request commits
    headers = models.JSONField(default=dict)
    body = models.BinaryField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="one_answer_a_key")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]

    def __str__(self) -> str:
        return f"{self.caller} {self.method} {self.path}"


def prune_idempotency(now: datetime) -> int:
    """Forget answers older than two days (at least one is promised). Returns how many."""
    forgotten, _by_model = IdempotencyRecord.objects.filter(created_at__lt=now - REMEMBERED_FOR).delete()
    return forgotten
