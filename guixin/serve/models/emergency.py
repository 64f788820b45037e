"""The emergency path (紧急通道): the normal procedure broken openly, with clocks of its own and a review afterwards."""

from django.db import models
from django.db.models import F, Q

from guixin.organisation.access import scope_of
from guixin.organisation.models import Person, Use
from guixin.promise.models import AuthorityRequest, Escalation
from guixin.serve.models.case import Case


class EmergencyQuerySet(models.QuerySet):
    def running(self) -> "EmergencyQuerySet":
        return self.filter(state=Emergency.State.RUNNING)

    def to_review(self) -> "EmergencyQuerySet":
        return self.filter(begun_at__isnull=False, reviewed_at__isnull=True)

    def visible_to(self, person) -> "EmergencyQuerySet":
        """Whoever sees the case, the reviewer, and whom its review was raised to."""
        scope = scope_of(person)
        if scope.sees_everything:
            return self
        if scope.person_id is None:
            return self.none()
        told = Escalation.objects.filter(
            clock__about_kind=Emergency.REVIEW, clock__about_id=models.OuterRef("pk"), to_person=person
        )
        cases = Case.objects.visible_to(person).filter(pk=models.OuterRef("case"))
        return self.filter(Q(reviewer=person) | models.Exists(told) | models.Exists(cases))


class Emergency(models.Model):
    """One use of the path. Asked for where the authority did not suffice; running until it is in hand or refused."""

    ABOUT = "emergency"  # its own clock, on the case
    REVIEW = "emergency_review"  # the clock of its review, which outlives the case

    class State(models.TextChoices):
        ASKED = "asked"
        RUNNING = "running"
        IN_HAND = "in_hand"
        REFUSED = "refused"

    class Verdict(models.TextChoices):
        JUSTIFIED = "justified"
        NOT_JUSTIFIED = "not_justified"

    case = models.ForeignKey(Case, models.PROTECT, related_name="emergencies")
    state = models.TextField(choices=State, default=State.ASKED)
    reason = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")  # who took the path
    at = models.DateTimeField()
    use = models.OneToOneField(Use, models.PROTECT, null=True, related_name="+")
    request = models.OneToOneField(AuthorityRequest, models.PROTECT, null=True, related_name="+")
    also_tell = models.JSONField(default=list)  # people named by who took the path
    begun_at = models.DateTimeField(null=True)
    in_hand_at = models.DateTimeField(null=True)
    in_hand_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    in_hand_note = models.TextField(default="")
    reviewer = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    verdict = models.TextField(choices=Verdict, blank=True, default="")
    learnt = models.TextField(default="")
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    reviewed_at = models.DateTimeField(null=True)

    objects = EmergencyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="emergency_latest"),
            models.Index(fields=["case"], name="emergency_running", condition=Q(state="running")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=["asked", "running"]), name="one_emergency_at_a_time"
            ),
            models.CheckConstraint(
                name="emergency_begun_by_authority",
                condition=~Q(state__in=["running", "in_hand"])
                | Q(begun_at__isnull=False, use__isnull=False, reviewer__isnull=False),
            ),
            models.CheckConstraint(
                name="emergency_not_reviewed_by_user",
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("by")),
            ),
            models.CheckConstraint(
                name="emergency_review_has_verdict",
                condition=Q(reviewed_at__isnull=True)
                | (~Q(verdict="") & ~Q(learnt="") & Q(reviewed_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"

    @property
    def about(self) -> tuple[str, int]:
        return self.ABOUT, self.pk

    @property
    def review(self) -> tuple[str, int]:
        return self.REVIEW, self.pk
