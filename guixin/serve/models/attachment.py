"""A file somebody added to a case: a photo of the defect, a letter, a recording."""

from django.db import models
from django.db.models import Q

from guixin.organisation.models import Person
from guixin.serve.models.case import Case
from guixin.serve.models.message import Message
from guixin.serve.models.task import Task
from guixin.web.kept_files import KeptFile, holds_files, place

__all__ = ["Attachment", "AttachmentQuerySet", "place"]


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> "AttachmentQuerySet":
        """Whoever may see the case sees its files: one decision, in `Case.visible_to`."""
        return self.filter(case__in=Case.objects.visible_to(person))

    def the_customer_may_see(self) -> "AttachmentQuerySet":
        """What the customer sent, and what stands with words said to the customer."""
        told = Message.TO_CUSTOMER + Message.FROM_CUSTOMER
        return self.filter(Q(from_customer=True) | Q(message__kind__in=told))


@holds_files
class Attachment(KeptFile):
    """A file of a case: a photo of the defect, a letter, a recording."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="attachments", db_index=False)
    task = models.ForeignKey(Task, models.CASCADE, null=True, related_name="attachments")
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="attachments")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    from_customer = models.BooleanField(default=False)
    at = models.DateTimeField()

    objects = AttachmentQuerySet.as_manager()

    class Meta(KeptFile.Meta):
        indexes = [models.Index(fields=["case", "at", "id"], name="attachment_of_case")]

    def __str__(self) -> str:
        return str(self.pk)
