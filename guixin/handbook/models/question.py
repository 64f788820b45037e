"""What was looked for in the handbook, counted by its words and never by who asked."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

KEPT_FOR = timedelta(days=90)
ASKED_OFTEN = 2  # what was asked once may be anything, also a name


class QuestionQuerySet(models.QuerySet["Question"]):
    def unmet(self, today: date) -> "QuestionQuerySet":
        """Asked more than once lately, and mostly nothing was opened: what the handbook lacks, the most wanted first."""
        rows = self.filter(last_on__gt=today - KEPT_FOR, asked__gte=ASKED_OFTEN)
        return rows.filter(Q(opened=0) | Q(asked__gte=F("opened") * 3)).order_by("-asked", "-last_on", "pk")


class Question(models.Model):
    """The same words asked at the same place: how often, how often something was opened, how many were found last."""

    class Place(models.TextChoices):
        DESK = "desk", "desk"
        PUBLIC = "public", "public"

    words = models.TextField()  # folded, without anything that looks like a number or an address of somebody
    place = models.TextField(choices=Place)
    asked = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    first_on = models.DateField()
    last_on = models.DateField()

    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["words", "place"], name="question_once")]
        indexes = [models.Index(fields=["-asked", "-last_on"], name="question_by_number")]

    def __str__(self) -> str:
        return f"question {self.pk}"
