"""How common words are, as last counted: what tells a word that says something from one that every text has."""

from django.db import models
from django.db.models import Q


class Counted(models.Model):
    """At most one row: how many texts there were, and how long they are on average; and how many names besides."""

    documents = models.BigIntegerField()
    names = models.BigIntegerField(default=0, db_default=0)
    average_length = models.FloatField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="search_counted_once")]

    def __str__(self) -> str:
        return f"{self.documents} documents"


class CommonTerm(models.Model):
    """A term that more than a thousand documents have. How many have a rarer one is seen when they are read."""

    term = models.TextField(primary_key=True)
    documents = models.BigIntegerField()

    def __str__(self) -> str:
        return self.term
