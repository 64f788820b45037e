"""A file somebody added to a case: a photo of the defect, a letter, a recording."""

import uuid

from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.organisation.models import Person
from guixin.serve.models.case import Case
from guixin.serve.models.message import Message
from guixin.serve.models.task import Task
from guixin.web.file_names import shown_name


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> "AttachmentQuerySet":
        """Whoever may see the case sees its files: one decision, in `Case.visible_to`."""
        return self.filter(case__in=Case.objects.visible_to(person))

    def the_customer_may_see(self) -> "AttachmentQuerySet":
        """What the customer sent, and what stands with words said to the customer."""
        told = Message.TO_CUSTOMER + Message.FROM_CUSTOMER
        return self.filter(Q(from_customer=True) | Q(message__kind__in=told))


class Attachment(models.Model):
    """A file of a case. It lies in the store under its id; the name somebody gave it is data and nothing else."""

    class State(models.TextChoices):
        PICTURE = "picture", _("Photo")  # written anew by us, so its small versions may be shown in a page
        FILE = "file", _("File")  # as it came, only ever downloaded
        DOUBTFUL = "doubtful", _("Not understood")  # as it came, with the reason

    class Doubt(models.TextChoices):
        NONE = "", ""
        UNKNOWN = "unknown", _("We do not know this kind of file; it is kept as it came.")
        BROKEN_PICTURE = "broken_picture", _("This is no photo we can read; it is kept as it came.")
        OTHER_PICTURE = (
            "other_picture",
            _(
                "This kind of photo is kept as it came, perhaps with the place where it was taken; "
                "send it as JPEG to have that removed."
            ),
        )
        EMPTY = "empty", _("The file is empty.")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="attachments", db_index=False)
    task = models.ForeignKey(Task, models.CASCADE, null=True, related_name="attachments")
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="attachments")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    from_customer = models.BooleanField(default=False)
    at = models.DateTimeField()
    original_name = models.TextField(blank=True, default="")
    size = models.PositiveBigIntegerField()  # bytes, as kept
    sha256 = models.TextField()  # of what is kept
    media_type = models.TextField()  # decided by us from the bytes
    state = models.TextField(choices=State)
    doubt = models.TextField(choices=Doubt, blank=True, default="")
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["case", "at", "id"], name="attachment_of_case")]
        constraints = [
            models.CheckConstraint(
                name="attachment_state",
                condition=Q(state="picture", doubt="", width__isnull=False, height__isnull=False)
                | Q(state="file", doubt="")
                | (Q(state="doubtful") & ~Q(doubt="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def name(self) -> str:
        """The name as it may be shown and given to a browser."""
        return shown_name(self.original_name, str(_("file")))

    @property
    def is_picture(self) -> bool:
        return self.state == self.State.PICTURE

    def open(self, version: str = ""):
        """The kept bytes; `version` is "thumbnail" or "preview" of a picture. FileNotFoundError if they are gone."""
        return default_storage.open(place(self.pk, version))


FOLDER = "attachments"


def place(pk: uuid.UUID, version: str = "") -> str:
    """Where the bytes lie in the store: attachments/3f/3f2a…, with -thumbnail and -preview beside a picture."""
    return f"{FOLDER}/{pk.hex[:2]}/{pk}{f'-{version}' if version else ''}"
