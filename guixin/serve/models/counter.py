"""How many are open, kept by the database as rows change, so that no page ever counts."""

from django.db import models

from guixin.ledger.bulk import fetch_rows


class Counter(models.Model):
    """A share of one number: the sum over `slot` is the number. Slots keep writers out of each other's way.

    `what`: open_cases, waiting_cases, escalated_cases, open_tasks, unaccepted_tasks, waiting_escalations,
    unrouted_cases, snoozed_cases.
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


def all_counted(wanted: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Numbers of several kinds at once, by (what, of)."""
    whats, ofs = [what for what, _of in wanted], [of for _what, of in wanted]
    rows = fetch_rows(_ALL_SUMS, [whats, ofs])
    return dict.fromkeys(wanted, 0) | {(what, of): number for what, of, number in rows}


_ALL_SUMS = """
    SELECT c.what, c.of, sum(c.number)::bigint FROM unnest(%s::text[], %s::text[]) w (what, of)
    JOIN serve_counter c ON c.what = w.what AND c.of = w.of GROUP BY c.what, c.of
"""
