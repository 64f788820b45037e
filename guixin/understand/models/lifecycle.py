from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class LifecyclePeriod(models.Model):
    """Who bought in one month or quarter: of the whole business (`line` blank) or of one product line.

    Written by `understand/lifecycle.py` alone. Days are the firm's. `net` in minor units of the firm's currency; lines in
    another currency are not in it.
    """

    class Length(models.TextChoices):
        MONTH = "month", _("Month")
        QUARTER = "quarter", _("Quarter")

    line = models.TextField(blank=True, default="")
    length = models.TextField(choices=Length)
    begins = models.DateField()
    active = models.PositiveIntegerField()  # bought in the period
    new = models.PositiveIntegerField()  # for the first time, of this line
    retained = models.PositiveIntegerField()  # and in the period before
    reactivated = models.PositiveIntegerField()  # and before, but not in the period before
    cumulative = models.PositiveIntegerField()  # ever, until its end
    net = models.BigIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "length", "begins"], name="lifecycle_period_once"),
            models.CheckConstraint(
                condition=Q(length__in=["month", "quarter"]), name="lifecycle_length_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line or 'business'} {self.begins}"

    @property
    def dormant(self) -> int:
        """Bought before, not in this period."""
        return self.cumulative - self.active
