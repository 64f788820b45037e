"""A notice (通知): something on a case that one of our people should know, on their page and by mail."""

from django.db import models
from django.db.models import Q

from guixin.organisation.models import Person


class NoticeQuerySet(models.QuerySet):
    def unread_by(self, person_id: int) -> "NoticeQuerySet":
        return self.filter(person_id=person_id, read_at__isnull=True).order_by("-id")


class Notice(models.Model):
    """Written in the transaction of the event it tells of; `kind` and `facts` are the event's."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    kind = models.TextField()  # of the event: "promise.clock_breached"
    case_id = models.BigIntegerField(null=True)
    about_kind = models.TextField()
    about_id = models.BigIntegerField()
    facts = models.JSONField(default=dict)  # what the sentence mentions; never personal data
    happened_at = models.DateTimeField()  # as the event says
    told_at = models.DateTimeField(null=True)  # put into a message (or digest) to the person
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["person", "-id"], name="notice_unread", condition=Q(read_at__isnull=True)),
            models.Index(fields=["person"], name="notice_untold", condition=Q(told_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.case_id}"


class Told(models.Model):
    """When a person last got a message from us: the next one waits, and becomes a digest."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} {self.at}"
