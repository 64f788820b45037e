"""A task (协办单): one department's share of a case, with clocks of its own."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.organisation.access import scope_of
from guixin.organisation.models import Department, Person
from guixin.serve.models.case import NO_DEADLINE, Case


class TaskQuerySet(models.QuerySet):
    def open(self) -> "TaskQuerySet":
        return self.filter(state__in=Task.OPEN)

    def unfinished(self) -> "TaskQuerySet":
        return self.filter(state__in=[*Task.OPEN, Task.State.PLANNED])

    def visible_to(self, person: Person) -> "TaskQuerySet":
        """Whoever may see the case sees its tasks: one decision, in `Case.visible_to`."""
        scope = scope_of(person)
        if scope.sees_everything:
            return self
        return self.filter(case__in=Case.objects.visible_to(person))


class Task(models.Model):
    """What one department is asked to do. Its results return to the owner, who tells the customer."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")  # waits for an earlier stage
        GIVEN = "given", _("Given")
        ACCEPTED = "accepted", _("Accepted")
        DONE = "done", _("Result returned")
        SENT_BACK = "sent_back", _("Sent back")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    OPEN = (State.GIVEN, State.ACCEPTED)

    case = models.ForeignKey(Case, models.CASCADE)
    stage = models.PositiveSmallIntegerField(default=1)  # tasks of one stage run in parallel
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", db_index=False)
    handler = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    instruction = models.TextField(blank=True, default="")
    state = models.TextField(choices=State)
    given_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True, default="")
    queue_at = models.DateTimeField(default=NO_DEADLINE)
    level = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = TaskQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["department", "queue_at", "id"],
                name="task_queue_of_department",
                condition=Q(state__in=["given", "accepted"]),
            ),
            models.Index(
                fields=["handler", "queue_at", "id"],
                name="task_queue_of_handler",
                condition=Q(state__in=["given", "accepted"]),
            ),
            models.Index(
                fields=["department", "queue_at", "id"], name="task_not_accepted", condition=Q(state="given")
            ),
            models.Index(
                fields=["-given_at", "-id"], name="task_newest", condition=Q(state__in=["given", "accepted"])
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="task_state",
                condition=Q(state__in=["planned", "given", "accepted", "done", "sent_back", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="task_given_has_time", condition=Q(state__in=["planned", "withdrawn"]) | Q(given_at__isnull=False)
            ),
            models.CheckConstraint(
                name="task_accepted_by_somebody",
                condition=~Q(state="accepted") | Q(accepted_at__isnull=False, handler__isnull=False),
            ),
            models.CheckConstraint(
                name="task_ended_has_time",
                condition=Q(state__in=["planned", "given", "accepted"], ended_at__isnull=True)
                | Q(state__in=["done", "sent_back", "withdrawn"], ended_at__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case_id}/{self.pk} {self.state}"

    @property
    def about(self) -> tuple[str, int]:
        return "task", self.pk

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class Transfer(models.Model):
    """A task that changed hands, or was sent back as "not ours": who, when, why."""

    class Kind(models.TextChoices):
        PASSED_ON = "passed_on", _("Passed on")
        SENT_BACK = "sent_back", _("Sent back")

    task = models.ForeignKey(Task, models.CASCADE, related_name="transfers")
    kind = models.TextField(choices=Kind)
    from_department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    to_department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()

    def __str__(self) -> str:
        return f"{self.task_id} {self.kind}"
