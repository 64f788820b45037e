"""What is often brought to us, filled in at one stroke while the customer is still on the phone."""

from django.db import models
from django.db.models import Q

from guixin.organisation.models import Department
from guixin.serve.models.case import Case
from guixin.web.languages import Named


class IntakeTemplate(Named, models.Model):
    """Fills a new case as far as it can be known beforehand; every field can be changed before saving.

    A case keeps nothing of it but what was saved, so a template is edited in place and needs no versions.
    """

    code = models.SlugField(unique=True)
    name = models.TextField()
    name_en = models.TextField(blank=True, default="")
    position = models.PositiveIntegerField(default=0)
    kind = models.TextField(choices=Case.Kind, default=Case.Kind.COMPLAINT)
    category = models.TextField(blank=True, default="")  # code of a Term
    severity = models.PositiveSmallIntegerField(choices=Case.Severity, default=Case.Severity.NORMAL)
    subject = models.TextField(blank=True, default="")
    story = models.TextField(blank=True, default="")  # what to ask: 订单号：  数量：
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="intake_template_severity", condition=Q(severity__gte=1, severity__lte=4)
            )
        ]

    def __str__(self) -> str:
        return self.name


class IntakeStep(models.Model):
    """A department the template names over the rules, and what it is asked. Without any, the rules decide."""

    template = models.ForeignKey(IntakeTemplate, models.CASCADE, related_name="steps")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    instruction = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["template", "department"], name="one_step_a_department")
        ]

    def __str__(self) -> str:
        return f"{self.template_id}: {self.department_id}"
