"""Words that are often said (常用语), and what is done with them at one stroke: a canned reply and a macro are one noun."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.organisation.access import scope_of
from guixin.organisation.models import Department, Person
from guixin.serve.models.case import Case
from guixin.serve.models.message import Message
from guixin.web.languages import Named


class TemplateQuerySet(models.QuerySet):
    def in_force(self) -> "TemplateQuerySet":
        return self.filter(withdrawn_at__isnull=True)

    def visible_to(self, person: Person) -> "TemplateQuerySet":
        """Everybody's, and those of the departments this person sits in or sees."""
        scope = scope_of(person)
        if scope.sees_everything:
            return self
        return self.filter(
            Q(department=None) | Q(department__in=scope.own_department_ids | scope.department_ids)
        )


class Template(Named, models.Model):
    """One version. A changed template is a new row with the next number, so that what was sent stays explained."""

    class Kind(models.TextChoices):
        REPLY = Message.Kind.REPLY.value, _("Reply")
        PRELIMINARY = Message.Kind.PRELIMINARY.value, _("Preliminary reply")
        ACKNOWLEDGEMENT = Message.Kind.ACKNOWLEDGEMENT.value, _("Acknowledgement")
        ON_SITE = Message.Kind.ON_SITE.value, _("On-site visit")
        NOTE = Message.Kind.NOTE.value, _("Internal note")

    code = models.SlugField()
    number = models.PositiveIntegerField(default=1)
    name = models.TextField()
    name_en = models.TextField(blank=True, default="")
    shortcut = models.TextField(blank=True, default="")  # typed after "/": "hh", "kd"
    kind = models.TextField(choices=Kind, default=Kind.REPLY)
    body = models.TextField()
    body_en = models.TextField(blank=True, default="")  # for customers who are served in English
    department = models.ForeignKey(  # none: for everybody
        Department, models.PROTECT, null=True, blank=True, related_name="+"
    )

    # What it does besides, once the words are sent.
    settles = models.BooleanField(default=False)
    at_fault = models.ForeignKey(  # the classification a complaint is closed with
        Department, models.PROTECT, null=True, blank=True, related_name="+"
    )
    quality_point = models.TextField(blank=True, default="")  # codes of terms
    cause = models.TextField(blank=True, default="")
    task_for = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    instruction = models.TextField(blank=True, default="")
    opens_next = models.BooleanField(default=False)

    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="one_template_a_number"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(withdrawn_at__isnull=True), name="one_template_in_force"
            ),
            models.UniqueConstraint(
                fields=["shortcut"],
                condition=Q(withdrawn_at__isnull=True) & ~Q(shortcut=""),
                name="one_template_a_shortcut",
            ),
            models.CheckConstraint(name="template_says_something", condition=~Q(body="")),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"

    @property
    def is_note(self) -> bool:
        return self.kind == self.Kind.NOTE

    def words_for(self, case: Case) -> str:
        """In the customer's language, as far as it was written in it."""
        return self.body_en if self.body_en and case.language.startswith("en") else self.body
