"""What was said on a case: to the customer, by the customer, among ourselves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guixin.ledger.wording import coded
from guixin.organisation.models import Person
from guixin.serve.models.case import Case
from guixin.serve.models.task import Task


class Message(models.Model):
    """One thing said. `to_customer` decides who can read it; a note never reaches the customer."""

    class Kind(models.TextChoices):
        ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledgement")
        PRELIMINARY = "preliminary", _("Preliminary reply")
        REPLY = "reply", _("Reply")
        ON_SITE = "on_site", _("On-site visit")
        NEWS = "news", _("Progress told")  # written by the system at a milestone
        CUSTOMER = "customer", _("From the customer")
        URGE = "urge", _("The customer urges")
        NOTE = "note", _("Internal note")
        QUESTION = "question", _("Question")
        ANSWER = "answer", _("Answer")
        RESULT = "result", _("Result")

    TO_CUSTOMER = (Kind.ACKNOWLEDGEMENT, Kind.PRELIMINARY, Kind.REPLY, Kind.ON_SITE, Kind.NEWS)
    FROM_CUSTOMER = (Kind.CUSTOMER, Kind.URGE)

    case = models.ForeignKey(Case, models.CASCADE, related_name="messages", db_index=False)
    task = models.ForeignKey(Task, models.CASCADE, null=True, related_name="messages")
    kind = models.TextField(choices=Kind)
    body = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    channel = models.TextField(blank=True, default="")  # how it was told
    at = models.DateTimeField()
    answers = models.ForeignKey("self", models.CASCADE, null=True, related_name="answered_by", db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["case", "id"], name="message_of_case"),
            models.Index(
                fields=["answers"], name="message_answers", condition=models.Q(answers__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(name="message_says_something", condition=~models.Q(body="")),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"

    @property
    def customer_may_read(self) -> bool:
        return self.kind in self.TO_CUSTOMER or self.kind in self.FROM_CUSTOMER


coded("message_kind", Message.Kind.choices)
