"""Where an article met a case, and whether it helped."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.handbook.models.article import Article
from guixin.ledger.wording import coded
from guixin.organisation.models import Person


class ArticleCase(models.Model):
    """One article and one case, and how they met; once for each way. The case is named by its id: it lives above."""

    class How(models.TextChoices):
        TAUGHT = "taught", _("taught it")  # the case is why the lesson was written
        ANSWERED = "answered", _("answered at once with it")
        INSERTED = "inserted", _("its words went into the reply")
        PREVENTED = "prevented", _("kept from the same mistake")

    article = models.ForeignKey(Article, models.CASCADE, related_name="cases", db_index=False)
    case_id = models.BigIntegerField()
    how = models.TextField(choices=How)
    version = models.PositiveIntegerField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "how", "case_id"], name="article_case_once"),
        ]
        indexes = [
            models.Index(fields=["case_id"], name="article_case_of"),
            models.Index(fields=["how", "-at"], name="article_case_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.how} {self.case_id}"


class ArticleVote(models.Model):
    """Was this right? One of our people says it once for each version; a customer says it without being known."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="votes_given", db_index=False)
    version = models.PositiveIntegerField()
    helpful = models.BooleanField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    case_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "version", "by"], name="article_vote_once", condition=Q(by__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["article", "version"], name="article_votes_of")]

    def __str__(self) -> str:
        return f"{self.article_id}.{self.version} {self.helpful}"


coded("how", ArticleCase.How.choices)
