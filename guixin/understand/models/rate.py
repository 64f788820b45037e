"""What a foreign currency was worth from a day on, as the administrator keeps it."""

from django.db import models
from django.db.models import Q

from guixin.organisation.models import Person


class Rate(models.Model):
    """One unit of `currency` is worth `rate` units of the firm's currency, from `since` until the next row."""

    currency = models.CharField(max_length=3)
    since = models.DateField()
    rate = models.DecimalField(max_digits=20, decimal_places=8)
    set_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["currency", "since"], name="one_rate_a_day"),
            models.CheckConstraint(name="rate_above_zero", condition=Q(rate__gt=0)),
        ]

    def shown(self) -> str:
        return f"{self.rate.normalize():f}"

    def __str__(self) -> str:
        return f"{self.currency} {self.since} {self.rate}"
