"""A proposal (提案) to change a standard or parameter, and the monthly statement (每月声明) of each department."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guixin.organisation.access import scope_of
from guixin.organisation.models import Department, Person
from guixin.promise.models.standard import Standard, StandardVersion


class SeenByTheFirm(models.QuerySet):
    def visible_to(self, person):
        """Whoever works here: how the firm changes its rules is no secret inside it."""
        return self if scope_of(person).person_id is not None else self.none()


class Proposal(models.Model):
    """Somebody who does the work wants it promised or done otherwise. It always gets an answer."""

    ABOUT = "proposal"

    class Kind(models.TextChoices):
        STANDARD = "standard", _("Service standard")
        RULE = "rule", _("Routing rule")
        AUTHORITY = "authority", _("Authority limit")
        CALENDAR = "calendar", _("Working hours")
        TEXT = "text", _("Words to customers")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waits for an answer")
        TRIAL = "trial", _("on trial")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("not accepted")
        WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "withdrawn")

    OPEN = (State.PROPOSED, State.TRIAL)

    kind = models.TextField(choices=Kind)
    standard = models.ForeignKey(Standard, models.PROTECT, null=True, related_name="proposals")
    budget_minutes = models.PositiveIntegerField(null=True)  # the new time, if that is what is proposed
    subject = models.TextField()
    why = models.TextField()
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")  # owns what is to change
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.TextField(choices=State, default=State.PROPOSED)
    reviewer = models.ForeignKey(Person, models.PROTECT, related_name="+")
    trial_department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", db_index=False
    )
    trial_from = models.DateTimeField(null=True)
    trial_until = models.DateTimeField(null=True)
    trial_change = models.JSONField(
        default=dict
    )  # what holds by itself, see promise/trying.py; empty: by hand
    trial_applied_at = models.DateTimeField(null=True)
    trial_ended_at = models.DateTimeField(null=True)
    trial_note = models.TextField(default="")
    trial_version = models.ForeignKey(
        StandardVersion, models.PROTECT, null=True, related_name="+", db_index=False
    )
    version = models.ForeignKey(
        StandardVersion, models.PROTECT, null=True, related_name="proposals", db_index=False
    )
    result = models.TextField(default="")  # what came of it where nothing is published by itself
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(default="")  # what who proposed hears

    objects = SeenByTheFirm.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="proposal_latest"),
            models.Index(
                fields=["reviewer", "at"],
                name="proposal_waiting",
                condition=Q(state__in=["proposed", "trial"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="proposal_names_its_standard", condition=~Q(kind="standard") | Q(standard__isnull=False)
            ),
            models.CheckConstraint(
                name="proposal_answered",
                condition=Q(state__in=["proposed", "trial", "withdrawn"])
                | (Q(decided_at__isnull=False) & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="proposal_not_decided_by_proposer",
                condition=~Q(state__in=["accepted", "refused"]) | ~Q(decided_by=F("by")),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def about(self) -> tuple[str, int]:
        return self.ABOUT, self.pk

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class Statement(models.Model):
    """Once a month the head of each department says that nothing needs to change, or what was proposed."""

    ABOUT = "statement"

    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    month = models.DateField()  # its first day
    holder = models.ForeignKey(Person, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    said_at = models.DateTimeField(null=True)
    said_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    nothing_to_change = models.BooleanField(null=True)
    words = models.TextField(default="")
    proposals = models.ManyToManyField(Proposal, related_name="statements")

    objects = SeenByTheFirm.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["holder"], name="statement_waiting", condition=Q(said_at__isnull=True))
        ]
        constraints = [
            models.UniqueConstraint(fields=["department", "month"], name="one_statement_a_month"),
            models.CheckConstraint(
                name="statement_said_by_somebody",
                condition=Q(said_at__isnull=True, said_by__isnull=True, nothing_to_change__isnull=True)
                | Q(said_at__isnull=False, said_by__isnull=False, nothing_to_change__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.month:%Y-%m}"

    @property
    def about(self) -> tuple[str, int]:
        return self.ABOUT, self.pk
