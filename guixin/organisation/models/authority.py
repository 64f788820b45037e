"""The authority matrix (授权表): what each position may decide and spend, in versions; what was lent; what was used."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value


class Matrix(models.Model):
    """One version of the whole table. A draft has no number; published, it is never edited again."""

    number = models.PositiveIntegerField(null=True, unique=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        "organisation.Person", models.PROTECT, null=True, related_name="+", db_index=False
    )
    withdrawn_at = models.DateTimeField(null=True)
    note = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Value(1),
                name="one_matrix_in_force",
                condition=Q(published_at__isnull=False, withdrawn_at__isnull=True),
            ),
            models.UniqueConstraint(
                Value(1), name="one_matrix_draft", condition=Q(published_at__isnull=True)
            ),
            models.CheckConstraint(
                name="matrix_numbered_when_published",
                condition=Q(number__isnull=True, published_at__isnull=True)
                | Q(number__isnull=False, published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.number}" if self.number else "draft"


class Grant(models.Model):
    """One line: a position, or everybody from a rank up (in one department and below), may decide this, this far.

    Limits are minor units of the currency, minutes, or times; zero means that it must be asked for. A decision
    without any line is not the position's to make or to ask for. `unlimited` knows no limit at all.
    """

    matrix = models.ForeignKey(Matrix, models.CASCADE, related_name="grants")
    decision = models.TextField()  # a code of authority.DECISIONS
    position = models.ForeignKey("organisation.Position", models.PROTECT, null=True, related_name="+")
    rank = models.PositiveSmallIntegerField(null=True)
    department = models.ForeignKey("organisation.Department", models.PROTECT, null=True, related_name="+")
    currency = models.TextField(default="")
    unlimited = models.BooleanField(default=False)
    limit_each = models.BigIntegerField(
        default=0
    )  # one decision, and all of one case unless limit_case says else
    limit_case = models.BigIntegerField(null=True)  # everything decided in one case, by whomever
    limit_customer = models.BigIntegerField(null=True)  # everything decided for one customer in period_days
    limit_period = models.BigIntegerField(null=True)  # everything decided by this authority in period_days
    period_days = models.PositiveSmallIntegerField(default=30)
    for_kinds = ArrayField(models.TextField(), default=list)  # empty: any kind of case
    up_to_severity = models.PositiveSmallIntegerField(null=True)  # not for worse ones
    not_on_repeat = models.BooleanField(default=False)  # not when the same complaint came again

    class Meta:
        indexes = [models.Index(fields=["matrix", "decision"], name="grant_of_decision")]
        constraints = [
            models.CheckConstraint(
                name="grant_names_somebody",
                condition=Q(position__isnull=False, rank__isnull=True, department__isnull=True)
                | Q(position__isnull=True, rank__isnull=False),
            ),
            models.CheckConstraint(
                name="grant_limits_not_negative",
                condition=Q(limit_each__gte=0)
                & (Q(limit_case__isnull=True) | Q(limit_case__gte=0))
                & (Q(limit_customer__isnull=True) | Q(limit_customer__gte=0))
                & (Q(limit_period__isnull=True) | Q(limit_period__gte=0)),
            ),
            models.CheckConstraint(name="grant_period_positive", condition=Q(period_days__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.position_id or self.rank}"

    @property
    def case_limit(self) -> int:
        """What one case may come to: a limit nobody wrote is that of one decision, so splitting gains nothing."""
        return self.limit_each if self.limit_case is None else self.limit_case


class LendingQuerySet(models.QuerySet):
    def in_force(self, now: datetime) -> "LendingQuerySet":
        return self.filter(from_at__lte=now, to_at__gt=now)


class Lending(models.Model):
    """Part of one's authority lent to a colleague for [from_at, to_at): up to `limit` altogether. Never lent on."""

    lender = models.ForeignKey("organisation.Person", models.PROTECT, related_name="lendings")
    borrower = models.ForeignKey("organisation.Person", models.PROTECT, related_name="borrowings")
    decision = models.TextField()
    currency = models.TextField(default="")
    limit = models.BigIntegerField()
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    reason = models.TextField(default="")
    made_at = models.DateTimeField()

    objects = LendingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="lending_ends_after_it_begins", condition=Q(to_at__gt=F("from_at"))),
            models.CheckConstraint(name="lending_of_something", condition=Q(limit__gt=0)),
            models.CheckConstraint(name="lending_to_another", condition=~Q(lender=F("borrower"))),
        ]

    def __str__(self) -> str:
        return f"{self.lender_id} -> {self.borrower_id} {self.decision}"


class UseQuerySet(models.QuerySet):
    def counting(self) -> "UseQuerySet":
        """What was given back does not count against any limit."""
        return self.filter(returned_at__isnull=True)

    def visible_to(self, person) -> "UseQuerySet":
        """One's own, what was decided in one's name, and all of it for whoever sees everything or administrates."""
        from guixin.organisation.access import scope_of

        scope = scope_of(person)
        if scope.sees_everything or scope.has_duty("administrator") or scope.has_duty("auditor"):
            return self
        return self.filter(Q(decided_by=person) | Q(principal=person) | Q(asked_by=person))


class Use(models.Model):
    """Authority that was used: who decided what, how much, under which line of the table, in whose place."""

    class How(models.TextChoices):
        OWN = "own"
        DEPUTY = "deputy"  # the principal is away
        LENT = "lent"

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="uses")
    lending = models.ForeignKey(Lending, models.PROTECT, null=True, related_name="uses", db_index=False)
    decision = models.TextField()
    pot = models.TextField()  # decisions that count together: a refund and a gift both spend
    amount = models.BigIntegerField()
    currency = models.TextField(default="")
    about_kind = models.TextField()
    about_id = models.BigIntegerField()
    case_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True)
    decided_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", db_index=False)
    principal = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", db_index=False)
    how = models.TextField(choices=How)
    asked_by = models.ForeignKey(
        "organisation.Person", models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)

    objects = UseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["case_id", "pot"], name="use_of_case", condition=Q(case_id__isnull=False)),
            models.Index(
                fields=["customer_id", "pot", "at"],
                name="use_for_customer",
                condition=Q(customer_id__isnull=False),
            ),
            models.Index(fields=["principal", "pot", "at"], name="use_by_principal"),
            models.Index(fields=["about_kind", "about_id"], name="use_about"),
            models.Index(fields=["-at", "-id"], name="use_latest"),
        ]
        constraints = [
            models.CheckConstraint(name="use_of_something", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.amount} {self.currency} by {self.decided_by_id}"
