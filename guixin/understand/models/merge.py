from django.db import models
from django.db.models import Q

from guixin.organisation.models import Person
from guixin.understand.models.customer import Customer


class Merge(models.Model):
    """One customer turned out to be another. What moved is written down, so that exactly that can go back.

    `moved` maps what moved to ids: {"identity": [7], "contact": [], "customer": [], "case": [31, 40]}. Packages
    above add theirs (`carry`) while the merge is made; `filled` names the fields the one that remains took over.
    """

    kept = models.ForeignKey(Customer, models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    moved = models.JSONField(default=dict)
    filled = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at__isnull=True), name="merged_into_one_only"
            ),
            models.CheckConstraint(condition=~Q(kept=models.F("merged")), name="not_merged_with_itself"),
        ]

    def __str__(self):
        return f"{self.merged_id} into {self.kept_id}"

    def carry(self, what: str, ids: list[int]) -> None:
        """Write down that these moved with the merge."""
        self.moved[what] = ids
        self.save(update_fields=["moved"])
