from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CannotReveal(Exception):
    """Personal data stays masked."""


class Customer(models.Model):
    """A person or a company we serve. Shown masked unless somebody reveals it with a reason."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        COMPANY = "company", _("Company")

    kind = models.TextField(choices=Kind, default=Kind.PERSON)
    name = models.TextField(blank=True)
    name_pinyin = models.TextField(blank=True, editable=False)
    name_initials = models.TextField(blank=True, editable=False)
    grade = models.CharField(max_length=1, null=True, blank=True)
    language = models.TextField(default="zh-hans")
    organisation = models.TextField(blank=True, help_text=_("Where this person works, in a few words."))
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["person", "company"]), name="customer_kind_known")
        ]
        indexes = [
            models.Index(fields=["name"], name="customer_name", opclasses=["text_pattern_ops"]),
            models.Index(fields=["name_pinyin"], name="customer_pinyin", opclasses=["text_pattern_ops"]),
            models.Index(fields=["name_initials"], name="customer_initials", opclasses=["text_pattern_ops"]),
        ]

    def __str__(self):
        return f"customer {self.pk}"  # never the name: this lands in logs
