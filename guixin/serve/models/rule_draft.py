"""The routing rules as they would be: worked on in peace, tried on real cases, then published together."""

from django.db import models

from guixin.organisation.models import Person


class RuleDraft(models.Model):
    """One row for the firm, while somebody works on its rules.

    `rules` is the whole list in the order it would be tried: {"code", "name", "for_…", "steps": [{"department",
    "stage", "instruction"}]}. `version` moves with every edit, so that two administrators do not overwrite each other.
    """

    only_one = models.BooleanField(primary_key=True, default=True)
    rules = models.JSONField(default=list)
    before = models.JSONField(null=True)  # the rules before the latest edit, for one step back
    version = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(name="one_rule_draft", condition=models.Q(only_one=True))]

    def __str__(self) -> str:
        return f"draft of {len(self.rules)} rules"
