"""A reply on its way (待发回复): the person has pressed Send, and may take it back for some seconds."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.organisation.models import Person
from guixin.serve.models.case import Case
from guixin.serve.models.message import Message
from guixin.serve.models.template import Template


class HeldReplyQuerySet(models.QuerySet):
    def held(self) -> "HeldReplyQuerySet":
        return self.filter(state=HeldReply.State.HELD)

    def visible_to(self, person: Person) -> "HeldReplyQuerySet":
        """One's own: what somebody else is about to say is theirs to take back."""
        return self.filter(by=person)


class HeldReply(models.Model):
    """`said_at` is when Send was pressed, and the fact a promise is judged by; `send_at` when it goes out."""

    class State(models.TextChoices):
        HELD = "held", _("On its way")
        SENT = "sent", _("Sent")
        TAKEN_BACK = "taken_back", _("Taken back")
        REFUSED = "refused", _("Could not be sent")

    case = models.ForeignKey(Case, models.CASCADE, related_name="held_replies")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    kind = models.TextField(choices=Message.Kind)
    channel = models.TextField(blank=True, default="")
    body = models.TextField()
    template = models.ForeignKey(Template, models.PROTECT, null=True, related_name="+", db_index=False)
    closing = models.JSONField(
        null=True
    )  # with which words the case is closed at the same time; none: it stays open
    task = models.JSONField(null=True)  # {"department_id", "instruction"}: given at the same time
    state = models.TextField(choices=State, default=State.HELD)
    said_at = models.DateTimeField()
    send_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+", db_index=False)
    trouble = models.TextField(blank=True, default="")  # why it has not gone out, or never will

    objects = HeldReplyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["send_at"], name="held_reply_due", condition=Q(state="held")),
        ]
        constraints = [
            models.CheckConstraint(
                name="held_reply_sent_has_message",
                condition=Q(state="sent", message__isnull=False) | ~Q(state="sent") & Q(message__isnull=True),
            ),
            models.CheckConstraint(
                name="held_reply_ended_has_time",
                condition=Q(state="held", ended_at__isnull=True)
                | ~Q(state="held") & Q(ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.state}"
