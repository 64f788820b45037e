"""How many are open, kept by the database as rows change, so that no page ever counts."""

from django.db import models

from guixin.ledger.bulk import fetch_rows


class Counter(models.Model):
    """A share of one number: the sum over `slot` is the number. Slots keep writers out of each other's way.

    `what`: open_cases, waiting_cases, escalated_cases, open_tasks, unaccepted_tasks, waiting_escalations.
    `of`: "all", "owner:5", "handler:5", "person:5", "department:7", "level:2", "department:7:level:2".
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
    return dict.fromkeys(of, 0) | dict(fetch_rows(_SUMS, [what, of]))


_SUMS = """
    SELECT of, sum(number)::bigint FROM serve_counter WHERE what = %s::text AND of = ANY(%s::text[]) GROUP BY of
"""
