"""A request (请示): something above somebody's limit, on its way to whoever may decide it."""

from django.db import models
from django.db.models import Q

from guixin.organisation.access import scope_of
from guixin.organisation.models import Department, Person, Use
from guixin.promise.models.escalation import Escalation


class AuthorityRequestQuerySet(models.QuerySet):
    def open(self) -> "AuthorityRequestQuerySet":
        return self.filter(state=AuthorityRequest.State.ASKED)

    def visible_to(self, person) -> "AuthorityRequestQuerySet":
        """Who asked, who is or was asked, whom its clock was raised to, the heads of the department, and those
        who see everything."""
        scope = scope_of(person)
        if scope.sees_everything:
            return self
        if scope.person_id is None:
            return self.none()
        told = Escalation.objects.filter(
            clock__about_kind=AuthorityRequest.ABOUT, clock__about_id=models.OuterRef("pk"), to_person=person
        )
        mine = (
            Q(asked_by=person)
            | Q(to_person=person)
            | Q(decided_by=person)
            | Q(passed_by__contains=[person.pk])
        )
        standing_in = Q(to_person__in=_away_behind(person))
        looked_after = Q(department__in=scope.department_ids) if scope.rank > 1 else Q(pk__in=[])
        return self.filter(mine | standing_in | looked_after | models.Exists(told))


def _away_behind(person) -> list[int]:
    from guixin.ledger.clock import database_now
    from guixin.organisation.ladder import Ladder

    return Ladder.at(database_now()).stands_in_for(person.pk)


class AuthorityRequest(models.Model):
    """Who asked for what, whom, and the answer. The limit it exceeds is worked out, never stored: it may move."""

    ABOUT = "authority_request"

    class State(models.TextChoices):
        ASKED = "asked"
        GRANTED = "granted"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    decision = models.TextField()
    amount = models.BigIntegerField()
    currency = models.TextField(default="")
    about_kind = models.TextField()
    about_id = models.BigIntegerField()
    case_id = models.BigIntegerField(null=True)
    case_ids = models.JSONField(default=list)  # with those merged into it
    customer_id = models.BigIntegerField(null=True)
    customer_ids = models.JSONField(default=list)
    kind = models.TextField(default="")
    severity = models.PositiveSmallIntegerField(default=1)
    is_repeat = models.BooleanField(default=False)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")  # of who asked
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reason = models.TextField()
    to_person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    passed_by = models.JSONField(default=list)  # whom it went past because their limit did not suffice
    state = models.TextField(choices=State, default=State.ASKED)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(default="")
    use = models.ForeignKey(Use, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = AuthorityRequestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["to_person", "asked_at", "id"], name="request_waiting_for", condition=Q(state="asked")
            ),
            models.Index(fields=["about_kind", "about_id"], name="request_about"),
            models.Index(fields=["case_id"], name="request_of_case", condition=Q(case_id__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="request_decided",
                condition=Q(state="asked", decided_at__isnull=True)
                | Q(state="granted", decided_at__isnull=False, use__isnull=False)
                | Q(state__in=["refused", "withdrawn"], decided_at__isnull=False, use__isnull=True),
            ),
            models.CheckConstraint(
                name="request_not_decided_by_asker",
                condition=~Q(state__in=["granted", "refused"]) | ~Q(decided_by=models.F("asked_by")),
            ),
            models.CheckConstraint(name="request_of_something", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.amount} {self.state}"

    @property
    def about(self) -> tuple[str, int]:
        return self.ABOUT, self.pk

    @property
    def is_open(self) -> bool:
        return self.state == self.State.ASKED


class AuthorityWord(models.Model):
    """Asked back and answered before the decision."""

    request = models.ForeignKey(AuthorityRequest, models.CASCADE, related_name="words")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    body = models.TextField()

    def __str__(self) -> str:
        return f"{self.request_id}: {self.by_id}"
