"""Did it work: one count of what followed recoveries, asked for and then made by a worker."""

from django.db import models
from django.db.models import Q

WITHIN_DAYS = 90


class EffectCount(models.Model):
    """`figures` as of `counted_at`; empty while it waits for a worker. `within_days`: bought again within so many."""

    asked_at = models.DateTimeField()
    within_days = models.PositiveSmallIntegerField(default=WITHIN_DAYS)
    counted_at = models.DateTimeField(null=True)
    figures = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="effect_to_count", condition=Q(counted_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                name="effect_counted_says_it",
                condition=Q(counted_at__isnull=True, figures__isnull=True)
                | Q(counted_at__isnull=False, figures__isnull=False),
            ),
            models.CheckConstraint(
                name="effect_within_days", condition=Q(within_days__gte=1, within_days__lte=730)
            ),
        ]

    def __str__(self) -> str:
        return f"effect {self.asked_at:%Y-%m-%d}"
