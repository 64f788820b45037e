"""How many are open, kept by the database as rows change, so that no page ever counts."""

from django.db import models
from django.db.models import Sum


class Counter(models.Model):
    """A share of one number: the sum over `slot` is the number. Slots keep writers out of each other's way.

    `what`: open_cases, open_tasks, escalated_cases; `of`: "owner:5", "department:7" or "all".
    """

    what = models.TextField()
    of = models.TextField()
    slot = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["what", "of", "slot"], name="one_counter_a_slot")]

    def __str__(self) -> str:
        return f"{self.what} {self.of}: {self.number}"


def counted(what: str, of: list[str]) -> dict[str, int]:
    """The number for each of these, zero where nothing was ever counted."""
    sums = Counter.objects.filter(what=what, of__in=of).values_list("of").annotate(Sum("number"))
    return dict.fromkeys(of, 0) | dict(sums)
