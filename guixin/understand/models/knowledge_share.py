"""Who must know (须知): an item of knowledge given to a department, and each of its people who has seen it, or not yet."""

from django.db import models
from django.db.models import Q

from guixin.organisation.models import Department, Person
from guixin.understand.models.knowledge import Knowledge


class KnowledgeShare(models.Model):
    """One version of an item that one department, with all below it, must know. Over when everybody who is there has
    seen it, or when it no longer matters.

    `by_head`: it is over when the head of the department has confirmed it; everybody else reads it without being waited for
    """

    ABOUT = "knowledge_share"

    knowledge = models.ForeignKey(Knowledge, models.CASCADE, related_name="shares", db_index=False)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    shared_by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    shared_at = models.DateTimeField()
    by_head = models.BooleanField(default=False)
    read_until = models.DateTimeField(null=True)  # none: as long as the firm's standard for reading gives
    over_at = models.DateTimeField(null=True)
    all_saw_it = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["knowledge", "department", "version"], name="knowledge_shared_once"
            ),
            models.CheckConstraint(
                condition=Q(all_saw_it=False) | Q(over_at__isnull=False), name="knowledge_share_seen_is_over"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.knowledge_id} for {self.department_id}"


class ReadingQuerySet(models.QuerySet["KnowledgeReading"]):
    def waiting_for(self, person_id: int) -> "ReadingQuerySet":
        """What this person must still read, the oldest first."""
        return self.filter(person_id=person_id, read_at=None, is_over=False).order_by("pk")


class KnowledgeReading(models.Model):
    """One person who must know of it: told with the share, seen at `read_at`, perhaps with a word on what they will do. `is_over`:
    it no longer matters to them."""

    share = models.ForeignKey(KnowledgeShare, models.CASCADE, related_name="readings", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    read_at = models.DateTimeField(null=True)
    words = models.TextField(blank=True, default="")
    is_over = models.BooleanField(default=False)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["share", "person"], name="knowledge_reading_once")]
        indexes = [
            models.Index(
                fields=["person"], name="knowledge_unread", condition=Q(read_at=None, is_over=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.share_id} by {self.person_id}"
