"""What a customer is worth, told from what they bought: the figures, the grade, and the facts behind it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.organisation.models import Person
from guixin.understand.models.customer import Customer


class GradeRules(models.Model):
    """One version of how customers are graded. A draft has no number; publishing gives it one, for good.

    `weights`  {"recency": 1, "frequency": 2, "money": 2, "lifetime": 3}, of the scores 1 to 5
    `cuts`     [["A", 20], ["B", 50], ["C", 100]]: the letter reaches down to this share (percent), best first
    """

    class Method(models.TextChoices):
        SCORE = "score", _("Best customers by score")  # the share is one of customers
        ABC = "abc", _("Customers who bring most of the value")  # the share is one of the value (80/95)

    class Value(models.TextChoices):
        NET = "net", _("Net purchases")
        LIFETIME = "lifetime", _("Expected lifetime value")

    class Period(models.TextChoices):
        WEEK = "week", _("Week")
        MONTH = "month", _("Month")
        QUARTER = "quarter", _("Quarter")

    number = models.PositiveIntegerField(null=True, unique=True)
    method = models.TextField(choices=Method, default=Method.SCORE)
    value = models.TextField(choices=Value, default=Value.LIFETIME)  # what ABC adds up, and what breaks a tie
    weights = models.JSONField()
    cuts = models.JSONField()
    least_orders = models.PositiveSmallIntegerField(default=2)  # with fewer nobody gets the first letter
    steady_periods = models.PositiveSmallIntegerField(default=2)  # a new letter must hold that long
    period = models.TextField(choices=Period, default=Period.MONTH)
    horizon_months = models.PositiveSmallIntegerField(default=12)
    margin_percent = models.DecimalField(max_digits=5, decimal_places=2, default=100)
    discount_percent = models.DecimalField(max_digits=5, decimal_places=2, default=10)  # a year
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="published_rules_have_a_number",
                condition=Q(number__isnull=True, published_at__isnull=True)
                | Q(number__isnull=False, published_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"grade rules {self.number or 'draft'}"


class Grading(models.Model):
    """One run over every customer: what it saw, how far its estimates can be trusted, what it changed."""

    rules = models.ForeignKey(GradeRules, models.PROTECT, related_name="gradings", null=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    as_of = models.DateTimeField()  # the end of what was observed: figures are told as of then
    customers = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    letters = models.JSONField(default=dict)  # {"A": 200, …}
    cut_points = models.JSONField(default=dict)  # where the scores 1 to 5 begin, per figure
    model = models.JSONField(default=dict)  # of the lifetime value: parameters, or why it was not used
    left_out = models.JSONField(default=dict)  # lines that count for nobody, by reason

    def __str__(self) -> str:
        return f"grading {self.pk}"


class CustomerWorth(models.Model):
    """One customer's figures as of the last grading; sums in minor units of the firm's currency.

    `grading` is the one that wrote them. A later one that saw the same, up to the same moment and by the same rules,
    leaves them as they are. Without a check by the database: a million checks of one row, and no grading is deleted.
    """

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="worth")
    grading = models.ForeignKey(
        Grading, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    first_bought_at = models.DateTimeField()
    last_bought_at = models.DateTimeField()
    orders = models.PositiveIntegerField()
    returns = models.PositiveIntegerField()  # orders that took something back
    gross = models.BigIntegerField()
    returned = models.BigIntegerField()
    net = models.BigIntegerField()
    recency_days = models.PositiveIntegerField()
    r = models.PositiveSmallIntegerField()
    f = models.PositiveSmallIntegerField()
    m = models.PositiveSmallIntegerField()
    alive = models.FloatField(null=True)  # probability that they still buy; null where it could not be told
    expected_orders = models.FloatField(null=True)  # days with a purchase, within the horizon of the rules
    lifetime_value = models.BigIntegerField(
        null=True
    )  # expected within the horizon, times margin, discounted
    value_percentile = models.FloatField()  # 1 is the best customer, 0 the last
    grade = models.CharField(max_length=1)
    grade_before = models.CharField(max_length=1, null=True)
    grade_since = models.DateTimeField()  # when this letter came
    graded_at = models.DateTimeField()
    candidate = models.CharField(
        max_length=1, null=True
    )  # another letter the figures point to, not yet for long
    candidate_periods = models.PositiveSmallIntegerField(default=0)
    reasons = models.JSONField(default=dict)  # facts for words, see understand/worth_words.py

    class Meta:
        indexes = [
            models.Index(fields=["grade", "-value_percentile"], name="worth_grade"),
            models.Index(fields=["last_bought_at"], name="worth_last_bought"),
        ]

    def __str__(self) -> str:
        return f"worth of customer {self.customer_id}"
