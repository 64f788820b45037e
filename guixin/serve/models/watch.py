"""Somebody who asked to be told what happens on a case that is not theirs (关注)."""

from django.db import models

from guixin.organisation.models import Person
from guixin.serve.models.case import Case


class Watch(models.Model):
    case = models.ForeignKey(Case, models.CASCADE, related_name="watches", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person"], name="watch_of_person")]
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="one_watch_a_person")]

    def __str__(self) -> str:
        return f"{self.person_id} watches {self.case_id}"
