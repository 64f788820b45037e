"""Rules that say which departments get a share of a case, and the record of which one fired."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from guixin.organisation.models import Department, Person
from guixin.serve.models.case import Case


class RoutingRule(models.Model):
    """One version of a rule. Rules are tried by `position`; the first that covers the case fires."""

    code = models.SlugField()
    number = models.PositiveIntegerField(default=1)
    name = models.TextField()
    position = models.PositiveIntegerField()
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    # Blank means any.
    for_kind = models.TextField(blank=True, default="")
    for_category = models.TextField(blank=True, default="")
    for_product = models.TextField(blank=True, default="")  # the product's name begins with this
    for_channel = models.TextField(blank=True, default="")
    for_grade = models.TextField(blank=True, default="")
    for_severity = models.PositiveSmallIntegerField(null=True, blank=True)
    for_words = ArrayField(models.TextField(), default=list, blank=True)  # any of them in subject or story

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="one_rule_a_number"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(withdrawn_at__isnull=True), name="one_rule_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"


class RoutingStep(models.Model):
    """A task the rule creates. Steps of one stage start together; the next stage when all of it is done."""

    rule = models.ForeignKey(RoutingRule, models.CASCADE, related_name="steps")
    stage = models.PositiveSmallIntegerField(default=1)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    instruction = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["stage", "id"]

    def __str__(self) -> str:
        return f"{self.stage}. {self.department_id}"


class Routing(models.Model):
    """How a case found its departments: by which rule, or by whose decision over the rule, and why."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="routings")
    rule = models.ForeignKey(RoutingRule, models.PROTECT, null=True, related_name="+", db_index=False)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    reason = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return f"{self.case_id} by {self.rule_id or self.by_id}"
