"""A rule of recovery (补救规则): what a plan begins with, for these cases. The firm edits it; the ledger keeps what it said."""

from django.db import models
from django.db.models import Q

from guixin.organisation.naming import shown_by_name
from guixin.organisation.revisions import cached_until_changed
from guixin.recover.models.recovery import Fault
from guixin.serve.models import Case, Failure
from guixin.web.languages import Named


class RecoveryRule(Named, models.Model):
    """Of the rules that fit a case, the one that says most about it proposes; `number` moves with every change.

    from_severity   this severe or worse
    fault           whose, one of Fault; blank: whosever
    failure         what it did, one of Failure; blank: whatever
    grades          letters, one of which is the customer's; blank: any
    steps           [{"kind", "position", "words", "words_en", "amount", "currency"}], each kind once
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.TextField()
    name_en = models.TextField(blank=True, default="")
    from_severity = models.PositiveSmallIntegerField(choices=Case.Severity, default=Case.Severity.MINOR)
    fault = models.TextField(choices=Fault, blank=True, default="")
    failure = models.TextField(choices=Failure, blank=True, default="")
    grades = models.TextField(blank=True, default="")
    steps = models.JSONField(default=list)
    number = models.PositiveIntegerField(default=1)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-from_severity", "code"]
        constraints = [
            models.CheckConstraint(
                name="recovery_rule_severity", condition=Q(from_severity__gte=1, from_severity__lte=4)
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def about(self) -> tuple[str, int]:
        return "recovery_rule", self.pk

    def fits(self, *, severity: int, fault: str, grade: str, failure: str = "") -> bool:
        return (
            self.retired_at is None
            and severity >= self.from_severity
            and self.fault in ("", fault)
            and self.failure in ("", failure)
            and (not self.grades or (grade != "" and grade in self.grades))
        )

    @property
    def precision(self) -> tuple:
        """How much it says about its cases: more conditions first, then the more severe, then by its code."""
        conditions = (
            self.from_severity > Case.Severity.MINOR,
            self.fault != "",
            self.failure != "",
            self.grades != "",
        )
        return sum(conditions), self.from_severity, self.code


@cached_until_changed("recovery_rules")
def rules_in_force() -> tuple[RecoveryRule, ...]:
    return tuple(RecoveryRule.objects.filter(retired_at=None))


shown_by_name("rule", lambda: RecoveryRule, "recovery_rules", of="recover.")
