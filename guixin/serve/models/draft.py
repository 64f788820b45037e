"""What somebody has typed and not yet sent (草稿), so that nothing is lost on back, reload or another computer."""

from django.db import models

from guixin.organisation.models import Person
from guixin.serve.models.case import Case


class Draft(models.Model):
    """One for each case, person and tab of the composer. On the server: it is personal data, and a shared computer
    at the front desk keeps none."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="drafts")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    tab = models.TextField()  # reply, note, task
    said = models.JSONField()  # the fields of that tab as they were typed
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "case", "tab"], name="one_draft_a_tab"),
            models.CheckConstraint(name="draft_tab", condition=models.Q(tab__in=["reply", "note", "task"])),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.case_id}"
