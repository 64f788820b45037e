"""A case its owner has put to sleep (暂搁): out of the way until a time, or until something happens on it."""

from django.db import models

from guixin.organisation.models import Person
from guixin.serve.models.case import Case


class SnoozeQuerySet(models.QuerySet):
    def visible_to(self, person: Person) -> "SnoozeQuerySet":
        """What this person has put to sleep."""
        return self.filter(person=person)


class Snooze(models.Model):
    """While the row stands, the case is asleep; whatever wakes it deletes the row. Promises run on all the while."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="snooze")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)  # the owner
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)  # none: until something happens

    objects = SnoozeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["person", "until"], name="snooze_of_person"),
            models.Index(fields=["until"], name="snooze_until"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} until {self.until}"

    @classmethod
    def none_of(cls, case: str = "pk") -> models.Q:
        """Of rows with this column for their case: those whose case is awake."""
        return models.Q(~models.Exists(cls.objects.filter(case=models.OuterRef(case))))
