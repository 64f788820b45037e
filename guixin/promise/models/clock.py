"""A clock (时限): one running promise. See decisions/0005-clocks-from-facts.md."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from guixin.organisation.models import Calendar, Department, Person
from guixin.promise.models.standard import Measure, StandardVersion


class ClockQuerySet(models.QuerySet):
    def of(self, about_kind: str, *ids: int) -> "ClockQuerySet":
        return self.filter(about_kind=about_kind, about_id__in=ids)

    def open(self) -> "ClockQuerySet":
        return self.filter(state__in=Clock.OPEN)

    def due(self, now: datetime) -> "ClockQuerySet":
        """Clocks whose next step (warning, breach or level) has come."""
        return self.filter(next_at__lte=now).order_by("next_at")


class Clock(models.Model):
    """A running promise. `due_at` and `next_at` are caches of `steps` over the facts; never edit them by hand.

    The facts are: when it began, the version promised, the calendar, the budget (the version's, or longer
    by a granted extension), the pauses, and `not_before` when a later change shortened it.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        PAUSED = "paused"
        MET = "met"  # stopped in time
        MISSED = "missed"  # stopped after the deadline
        VOID = "void"  # withdrawn without judgement: merged, sent back, superseded

    OPEN = (State.RUNNING, State.PAUSED)

    about_kind = models.TextField()
    about_id = models.BigIntegerField()
    # The case it belongs to; promise need not know what a case is. None: it is about something that is no part of
    # a case (a proposal, a planned contact), which `matters` can name.
    case_id = models.BigIntegerField(null=True)
    measure = models.TextField(choices=Measure)
    generation = models.PositiveSmallIntegerField(default=1)  # a reopened case runs its promises anew
    version = models.ForeignKey(StandardVersion, models.PROTECT, related_name="+", db_index=False)
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+", db_index=False)
    department = models.ForeignKey(  # who must keep it
        Department, models.PROTECT, related_name="+", db_index=False
    )
    holder = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    started_at = models.DateTimeField()
    budget = models.DurationField()
    not_before = models.DateTimeField(null=True)
    was_paused = models.BooleanField(default=False)
    state = models.TextField(choices=State, default=State.RUNNING)
    due_at = models.DateTimeField(null=True)  # none while paused
    provisional = models.BooleanField(default=False)  # lies beyond the last published holiday year
    breached_at = models.DateTimeField(null=True)  # the deadline it ran past
    rested = models.DurationField(default=timedelta)  # the ladder waits for an authority who acted
    stopped_at = models.DateTimeField(null=True)
    next_level = models.PositiveSmallIntegerField(default=0)
    next_round = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], name="clock_due", condition=Q(next_at__isnull=False)),
            models.Index(fields=["case_id"], name="clock_of_case"),
            models.Index(  # cases nobody has yet: a handful among millions
                fields=["case_id"],
                name="clock_of_unrouted",
                condition=Q(measure=Measure.ROUTE, state__in=["running", "paused"]),
            ),
            models.Index(  # found again when the calendar is edited
                fields=["calendar", "id"],
                name="clock_in_calendar",
                condition=Q(state__in=["running", "paused"]),
            ),
            models.Index(  # what a department kept and broke this week, read from the index alone
                fields=["department", "stopped_at"],
                include=["state"],
                name="clock_judged_of_department",
                condition=Q(state__in=["met", "missed"]),
            ),
            models.Index(
                fields=["holder", "stopped_at"],
                include=["state"],
                name="clock_judged_of_holder",
                condition=Q(state__in=["met", "missed"]),
            ),
            models.Index(  # how a standard is kept, and what runs by it now
                fields=["version", "stopped_at"],
                include=["state", "started_at", "department"],
                name="clock_judged_of_version",
                condition=Q(state__in=["met", "missed"]),
            ),
            models.Index(
                fields=["version", "department"],
                name="clock_open_of_version",
                condition=Q(state__in=["running", "paused"]),
            ),
            models.Index(  # promises broken and still not kept, the longest late first
                fields=["department", "breached_at"],
                name="clock_broken",
                condition=Q(state__in=["running", "paused"], breached_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["about_kind", "about_id", "measure", "generation"], name="one_clock_a_promise"
            ),
            models.CheckConstraint(
                name="clock_state", condition=Q(state__in=["running", "paused", "met", "missed", "void"])
            ),
            models.CheckConstraint(
                name="clock_running_has_due_at", condition=~Q(state="running") | Q(due_at__isnull=False)
            ),
            models.CheckConstraint(
                name="clock_next_only_while_running", condition=Q(state="running") | Q(next_at__isnull=True)
            ),
            models.CheckConstraint(
                name="clock_stopped_has_time",
                condition=Q(state__in=["running", "paused"]) | Q(stopped_at__isnull=False),
            ),
            models.CheckConstraint(
                name="clock_stopped_not_before_start",
                condition=Q(stopped_at__isnull=True) | Q(stopped_at__gte=F("started_at")),
            ),
            models.CheckConstraint(
                name="clock_verdict_fits_breach",
                condition=(~Q(state="met") | Q(breached_at__isnull=True))
                & (~Q(state="missed") | Q(breached_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.about_kind}:{self.about_id} {self.state}"

    @property
    def about(self) -> tuple[str, int]:
        return self.about_kind, self.about_id

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_breached(self) -> bool:
        return self.breached_at is not None

    @property
    def deadline(self) -> datetime:
        """The moment promised, of a clock that is not paused before its breach."""
        assert self.due_at is not None, "only a paused clock has no deadline"
        return self.due_at


class Pause(models.Model):
    """A span [from_at, to_at) that does not count, because we wait for the customer."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="pauses")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    reason = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="pause_not_backwards", condition=Q(to_at__isnull=True) | Q(to_at__gte=F("from_at"))
            ),
            models.UniqueConstraint(
                fields=["clock"], condition=Q(to_at__isnull=True), name="one_open_pause_a_clock"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_at} - {self.to_at or ''}"
