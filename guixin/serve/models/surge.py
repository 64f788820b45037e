"""More cases than chance explains (激增): what came in day by day, and the alarms that were raised over it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.ledger.wording import coded
from guixin.organisation.access import scope_of
from guixin.organisation.models import Person


class Dimension(models.TextChoices):
    """By what cases are counted, and may surge."""

    ALL = "all", _("All cases")
    CATEGORY = "category", _("Category")
    PRODUCT = "product", _("Product")
    DEPARTMENT = "department", _("Department")
    # Known only when a case is closed, and counted on that day.
    CLASSIFIED = "classified", _("All classified cases")
    QUALITY_POINT = "quality_point", _("Quality point")
    CAUSE = "cause", _("Cause")


coded("dimension", Dimension.choices)


class DayCount(models.Model):
    """How many cases of one kind came in on one day of the firm's calendar. Written by `day_counts` alone."""

    day = models.DateField()
    dimension = models.TextField(choices=Dimension)
    value = models.TextField(blank=True, default="")  # code of the category or the department, the product
    cases = models.PositiveIntegerField()
    # Of one hand within a quarter of an hour, or a minute, only one: a batch is no surge (see `surging`).
    quarters = models.PositiveIntegerField()
    minutes = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dimension", "value", "day"], name="one_count_a_day"),
        ]
        indexes = [models.Index(fields=["day"], name="day_count_of_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.dimension} {self.value} {self.cases}"


class SurgeQuerySet(models.QuerySet):
    def waiting(self) -> "SurgeQuerySet":
        """Nobody has said yet what was done."""
        return self.filter(acknowledged_at=None)

    def visible_to(self, person: Person) -> "SurgeQuerySet":
        """Whoever sees every case, and who was told of it."""
        scope = scope_of(person)
        if scope.sees_everything or scope.is_front_desk:
            return self
        if scope.person_id is None:
            return self.none()
        return self.filter(told__contains=[person.pk])


class Surge(models.Model):
    """An alarm: on these days so many cases of one kind came in that chance and the weekday do not explain it.

    The figures are of the worst of its days. A surge that goes on is one alarm, until somebody acknowledges it.
    """

    dimension = models.TextField(choices=Dimension)
    value = models.TextField(blank=True, default="")
    day = models.DateField()  # the first
    last_day = models.DateField()
    observed = models.PositiveIntegerField()  # independent reports on the worst day
    expected = models.FloatField()
    limit = models.PositiveIntegerField()  # from so many on it is an alarm
    chance = models.FloatField()  # how likely so many or more are without a cause
    baseline_days = models.PositiveSmallIntegerField()
    baseline_seen = models.PositiveIntegerField()  # independent reports in them
    by_minute = models.BooleanField(
        default=False
    )  # independent by the minute rather than the quarter of an hour
    scatter = models.FloatField()  # how much more than chance the days before varied; 1: no more
    cases = ArrayField(models.BigIntegerField(), default=list)  # ids of every case of its days
    told = ArrayField(models.BigIntegerField(), default=list)  # people
    raised_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    done = models.TextField(blank=True, default="")  # what whoever acknowledged it did

    objects = SurgeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-raised_at", "-id"], name="surge_latest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["dimension", "value"], name="one_surge_at_a_time", condition=Q(acknowledged_at=None)
            ),
            models.CheckConstraint(
                name="surge_acknowledged_with_words",
                condition=Q(acknowledged_at=None)
                | Q(acknowledged_by__isnull=False) & ~Q(done=""),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.day} {self.dimension} {self.value}"

    @property
    def about(self) -> tuple[str, int]:
        return "surge", self.pk

    @property
    def is_waiting(self) -> bool:
        return self.acknowledged_at is None
