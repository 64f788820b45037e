"""A segment (细分): customers the firm treats alike because a rule says so; who is in it, since when and why."""

from django.db import models
from django.db.models import Deferrable, F, Q
from django.utils.translation import gettext_lazy as _

from guixin.organisation.access import scope_of
from guixin.organisation.models import Person, Published
from guixin.organisation.models.position import Duty
from guixin.organisation.naming import shown_by_name
from guixin.understand.models.customer import Customer
from guixin.web.languages import Named


class SegmentQuerySet(models.QuerySet["Segment"]):
    def visible_to(self, person):
        """Those who see every customer, and administrators, see every segment; its owner sees theirs."""
        scope = scope_of(person)
        if scope.sees_everything or scope.is_front_desk or scope.has_duty(Duty.ADMINISTRATOR):
            return self
        return self.filter(owner_id=scope.person_id) if scope.person_id else self.none()

    def published(self) -> "SegmentQuerySet":
        """Those in force, the most important first."""
        return self.filter(published_at__isnull=False, withdrawn_at__isnull=True).order_by("priority")


class Segment(Named, models.Model):
    """Customers told apart by a rule, with one person responsible. What the rule says is in its versions.

    `priority`      1 stands first: whoever is in several segments is treated by the first of them
    `draft`         the rule somebody is working on, as `understand/rules.py` reads it; null: none
    `draft_version` moves with every edit of the draft, so that two people do not overwrite each other
    `trouble`       why the rule could not be counted last time, in words; its members stay as they were
    """

    code = models.SlugField(unique=True)
    name = models.TextField()
    name_en = models.TextField(blank=True, default="")
    purpose = models.TextField(blank=True, default="")
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+")
    priority = models.PositiveIntegerField()
    draft = models.JSONField(null=True, blank=True)
    draft_version = models.PositiveIntegerField(default=1)
    draft_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    draft_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)  # the first time
    withdrawn_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True, default="")

    objects = SegmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment")
        constraints = [
            # Deferred, so that a new order is one statement.
            models.UniqueConstraint(
                fields=["priority"], name="segment_one_a_place", deferrable=Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(published_at__isnull=False),
                name="segment_withdrawn_after_published",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def customers(self) -> models.QuerySet:
        """The ids of those in it now, for a condition."""
        return self.memberships.filter(until=None).values("customer")

    @property
    def is_published(self) -> bool:
        return self.published_at is not None and self.withdrawn_at is None


class SegmentVersion(Published):
    """What the rule of a segment said from one publication to the next. Never edited once published."""

    segment = models.ForeignKey(Segment, models.PROTECT, related_name="versions")
    rule = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["segment", "number"], name="segment_version_once"),
            models.UniqueConstraint(
                fields=["segment"], condition=Q(withdrawn_at__isnull=True), name="segment_version_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.segment_id} v{self.number}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        return self.filter(until__isnull=True)


class Membership(models.Model):
    """One customer in one segment, in [since, until). Written by `understand/recalculating.py` alone.

    `why`: the version that let them in and what it looked at: {"version": 3, "grade": "A", "net": 52000.0}.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="memberships")
    segment = models.ForeignKey(Segment, models.PROTECT, related_name="memberships", db_index=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    why = models.JSONField(default=dict)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["segment", "customer"], condition=Q(until__isnull=True), name="in_a_segment_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="membership_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["segment", "since", "id"], name="membership_entered"),
            models.Index(
                fields=["segment", "until", "id"], name="membership_left", condition=Q(until__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"customer {self.customer_id} in {self.segment_id}"


class SegmentDay(models.Model):
    """How a segment stood at the end of a day of the firm, and who came and went on it.

    `members` and `net` are as last counted on that day, `net` in minor units of the firm's currency.
    """

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="days", db_index=False)
    day = models.DateField()
    members = models.PositiveIntegerField(default=0)
    net = models.BigIntegerField(default=0)
    entered = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "day"], name="segment_day_once")]

    def __str__(self) -> str:
        return f"{self.segment_id} on {self.day}"


class SegmentRound(models.Model):
    """Everybody sorted into segments again: asked for, begun, done. At most one waits."""

    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    customers = models.PositiveIntegerField(default=0)
    entered = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(done_at__isnull=True), name="one_segment_round_waits"
            )
        ]

    def __str__(self) -> str:
        return f"round asked for at {self.asked_at:%Y-%m-%d %H:%M}"


class SegmentCheck(models.Model):
    """A customer about whom something changed, so that a worker looks which segments they are in."""

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return f"customer {self.customer_id} to be looked at"


shown_by_name("segment", lambda: Segment, "names")
