"""A case whose first contact was its last: answered while the customer was still there."""

from django.db import models

from guixin.handbook.models import Article
from guixin.organisation.models import Person
from guixin.serve.models.case import Case


class FirstContact(models.Model):
    """Who answered it at once, when, and with which version of which article, if with any."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="first_contact", primary_key=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    article = models.ForeignKey(Article, models.PROTECT, null=True, related_name="+")
    article_version = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(article=None) | models.Q(article_version__isnull=False),
                name="first_contact_names_version",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} at once"
