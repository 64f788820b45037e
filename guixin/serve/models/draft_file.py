"""A file chosen in the composer and not yet said: it waits beside the draft, or with the reply that is on its way."""

from django.db import models

from guixin.organisation.models import Person
from guixin.serve.models.case import Case
from guixin.serve.models.held_reply import HeldReply
from guixin.web.file_names import shown_name
from guixin.web.kept_files import holds_files


@holds_files
class DraftFile(models.Model):
    """The bytes lie in the store already, under the id the attachment will have; the other fields become its own."""

    id = models.UUIDField(primary_key=True, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="draft_files", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    tab = models.TextField()  # of the composer: reply, note, task
    held = models.ForeignKey(HeldReply, models.CASCADE, null=True, related_name="files")
    at = models.DateTimeField()
    original_name = models.TextField(blank=True, default="")
    size = models.PositiveBigIntegerField()
    sha256 = models.TextField()
    media_type = models.TextField()
    state = models.TextField()
    doubt = models.TextField(blank=True, default="")
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case", "person", "at", "id"], name="draft_file_of_composer")]
        constraints = [
            models.CheckConstraint(
                name="draft_file_tab", condition=models.Q(tab__in=["reply", "note", "task"])
            ),
            models.CheckConstraint(
                name="draft_file_held_is_a_reply", condition=models.Q(held=None) | models.Q(tab="reply")
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def name(self) -> str:
        return shown_name(self.original_name)
