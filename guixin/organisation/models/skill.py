"""A skill (专长): what somebody knows so well that others send them their hard problems."""

from django.db import models

from guixin.organisation.models.person import Person
from guixin.organisation.naming import shown_by_name
from guixin.web.languages import Named


class Skill(Named, models.Model):
    """`people` are its experts. Retired, nobody is asked for it any more; what was asked stays."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.TextField()
    name_en = models.TextField(blank=True, default="")
    people = models.ManyToManyField(Person, related_name="skills")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


shown_by_name("skill", lambda: Skill, "names")
