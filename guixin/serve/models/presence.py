"""Who has a case before them at this moment. A table that is not logged: after a crash nobody was there."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guixin.organisation.models import Person
from guixin.serve.models.case import Case


class Presence(models.Model):
    """One row for a case and a person, renewed by the page that shows it; old ones mean nothing."""

    class Doing(models.TextChoices):
        OPEN = "open", _("has it open elsewhere")  # in another window or tab
        VIEWING = "viewing", _("is reading it")
        WRITING = "writing", _("is writing")

    case = models.ForeignKey(Case, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    doing = models.TextField(choices=Doing)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="one_presence_a_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.doing} {self.case_id}"
