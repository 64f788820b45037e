"""A visit (来访): customers who come to us. It belongs to one case of that kind, which carries number, owner and promises."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guixin.ledger.wording import coded
from guixin.organisation.models import Department, Person, Use
from guixin.promise.models import AuthorityRequest
from guixin.serve.models.case import Case
from guixin.serve.models.task import Task
from guixin.understand.models import Contact


class VisitRules(models.Model):
    """One version of how visitors are received: purposes, grades with what each may cost, rules. The latest holds.

    `said` is what `serve/visit_rules.py` reads; a visit keeps the version it was graded by.
    """

    number = models.PositiveIntegerField(unique=True)
    said = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    def __str__(self) -> str:
        return f"v{self.number}"


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, person: Person) -> "VisitQuerySet":
        """Whoever may see the case may see the visit, and so may its host."""
        cases = Case.objects.visible_to(person)
        if not cases.query.where:
            return self
        return self.filter(Q(case__in=cases.values("pk")) | Q(host=person))

    def open(self) -> "VisitQuerySet":
        return self.filter(state__in=Visit.OPEN)

    def coming(self) -> "VisitQuerySet":
        return self.filter(state=Visit.State.APPROVED)


class Visit(models.Model):
    """What was applied for, how it was graded and decided, when they come, and what was said when they were here."""

    class State(models.TextChoices):
        APPLIED = "applied", _("Applied for")
        ASKED = "asked", _("With the authority")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        CANCELLED = "cancelled", _("Cancelled")
        HELD = "held", pgettext_lazy("visit", "Took place")

    OPEN = (State.APPLIED, State.ASKED, State.APPROVED)

    case = models.OneToOneField(Case, models.CASCADE, related_name="visit")
    state = models.TextField(choices=State, default=State.APPLIED)
    purpose = models.TextField()  # a code of the rules
    company = models.TextField(blank=True, default="")
    people = models.PositiveSmallIntegerField()
    contact_name = models.TextField(blank=True, default="")  # who speaks for them
    visitors = models.TextField(blank=True, default="")  # who comes, and as what
    languages = models.TextField(blank=True, default="")
    wishes = models.TextField(blank=True, default="")  # what they want to see, what they eat, access
    wished_on = models.DateField()
    wished_or = models.DateField(null=True)  # another day that would do
    rules = models.ForeignKey(VisitRules, models.PROTECT, null=True, related_name="+", db_index=False)
    grade = models.TextField()  # a code of the rules: the level of reception
    grade_rule = models.PositiveSmallIntegerField(null=True)  # which rule proposed it; none: the last grade
    graded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    grade_reason = models.TextField(blank=True, default="")  # why somebody decided over the rules
    budget = models.BigIntegerField()  # what the reception may cost, minor units
    currency = models.TextField()
    arrives_at = models.DateTimeField(null=True)
    leaves_at = models.DateTimeField(null=True)
    place = models.TextField(blank=True, default="")
    host = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    request = models.ForeignKey(AuthorityRequest, models.PROTECT, null=True, related_name="+", db_index=False)
    use = models.ForeignKey(Use, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, default="")  # why it was declined or cancelled
    alternatives = models.TextField(blank=True, default="")
    held_at = models.DateTimeField(null=True)  # when they came
    attended = models.PositiveSmallIntegerField(null=True)
    who_was_there = models.TextField(blank=True, default="")
    log = models.TextField(blank=True, default="")
    logged_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    version = models.PositiveIntegerField(default=1)

    objects = VisitQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["arrives_at"], name="visit_arrives", condition=Q(arrives_at__isnull=False)),
            models.Index(
                fields=["wished_on"], name="visit_wished", condition=Q(state__in=["applied", "asked"])
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="visit_state",
                condition=Q(state__in=["applied", "asked", "approved", "declined", "cancelled", "held"]),
            ),
            models.CheckConstraint(name="visit_of_somebody", condition=Q(people__gte=1)),
            models.CheckConstraint(name="visit_budget", condition=Q(budget__gt=0)),
            models.CheckConstraint(
                name="visit_ends_after_it_begins",
                condition=Q(arrives_at__isnull=True, leaves_at__isnull=True)
                | Q(leaves_at__gt=F("arrives_at")),
            ),
            models.CheckConstraint(
                name="visit_approved_has_a_time",
                condition=~Q(state__in=["asked", "approved"]) | Q(arrives_at__isnull=False),
            ),
            models.CheckConstraint(
                name="visit_approved_by_authority", condition=~Q(state="approved") | Q(use__isnull=False)
            ),
            models.CheckConstraint(
                name="visit_held_has_a_log",
                condition=~Q(state="held") | (Q(held_at__isnull=False) & ~Q(log="")),
            ),
        ]

    def __str__(self) -> str:
        return f"visit {self.pk} {self.state}"

    @property
    def about(self) -> tuple[str, int]:
        return "visit", self.pk

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    def is_over(self, now: datetime) -> bool:
        """They came and left, by the hours that were agreed."""
        return self.leaves_at is not None and self.leaves_at <= now


class VisitFollowUp(models.Model):
    """The contact one, three or six months after a visit. It is missed, moved, passed on and made as every contact is."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="follow_ups")
    months = models.PositiveSmallIntegerField()
    contact = models.OneToOneField(Contact, models.CASCADE, related_name="visit_follow_up")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["visit", "months"], name="one_visit_follow_up_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.visit_id}+{self.months}"


class AgendaItem(models.Model):
    """One line of the reception plan (接待方案). What must be prepared for it is a task of the case, with its clocks."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="agenda")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    what = models.TextField()
    place = models.TextField(blank=True, default="")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+", db_index=False)
    prepare = models.TextField(blank=True, default="")
    task = models.ForeignKey(Task, models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="agenda_ends_after_it_begins", condition=Q(ends_at__gt=F("begins_at"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.begins_at:%H:%M} {self.what}"


coded("visit_state", Visit.State.choices)
