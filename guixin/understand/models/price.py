"""Price studies (价格研究): what a group of customers says a product may cost, and what was sold at which price."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.organisation.models.position import Duty
from guixin.organisation.naming import shown_by_name
from guixin.understand.following import follows_customer
from guixin.understand.models.customer import Customer
from guixin.understand.models.segment import Segment
from guixin.web import money
from guixin.web.languages import Named


class PriceStudyQuerySet(models.QuerySet["PriceStudy"]):
    def visible_to(self, person) -> "PriceStudyQuerySet":
        """Those who see every customer, and administrators, see every study; its owner sees theirs."""
        scope = scope_of(person)
        if scope.sees_everything or scope.is_front_desk or scope.has_duty(Duty.ADMINISTRATOR):
            return self
        return self.filter(owner_id=scope.person_id) if scope.person_id else self.none()


class PriceStudy(Named, models.Model):
    """One product, one group asked, one currency.

    `wording`      what is asked, {question: {"zh": …, "en": …}}, where it is not the usual wording
    `version`      moves with every answer; `intervals_of` is the version `intervals` were counted from
    `intervals`    {point: [low, high]} in minor units, by a worker; null: never counted, or too few answers
    """

    code = models.SlugField(unique=True)
    name = models.TextField()
    name_en = models.TextField(blank=True, default="")
    product = models.TextField(blank=True, default="")  # as people are shown it
    line = models.TextField(blank=True, default="")  # the product line
    currency = models.CharField(max_length=3)
    segment = models.ForeignKey(Segment, models.PROTECT, null=True, blank=True, related_name="+")
    market = models.TextField(choices=Customer.Market, blank=True, default="")
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+")
    begins_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    wording = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=0)
    intervals = models.JSONField(null=True, blank=True)
    intervals_of = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = PriceStudyQuerySet.as_manager()

    class Meta:
        verbose_name = _("price study")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(begins_on=None) | Q(ends_on__gte=F("begins_on")),
                name="price_study_begins_before_it_ends",
            )
        ]
        indexes = [
            models.Index(fields=["id"], name="price_study_to_count", condition=~Q(version=F("intervals_of")))
        ]

    def __str__(self) -> str:
        return self.name


class PriceAnswerQuerySet(models.QuerySet["PriceAnswer"]):
    def standing(self) -> "PriceAnswerQuerySet":
        """Those nobody struck out."""
        return self.filter(struck_at=None)

    def consistent(self) -> "PriceAnswerQuerySet":
        """Too cheap <= cheap <= expensive <= too expensive; the others are kept and counted, not drawn."""
        return self.standing().filter(
            too_cheap__lte=F("cheap"), cheap__lte=F("expensive"), expensive__lte=F("too_expensive")
        )

    def inconsistent(self) -> "PriceAnswerQuerySet":
        return self.standing().filter(
            Q(too_cheap__gt=F("cheap")) | Q(cheap__gt=F("expensive")) | Q(expensive__gt=F("too_expensive"))
        )

    def struck(self) -> "PriceAnswerQuerySet":
        return self.exclude(struck_at=None)


@follows_customer("price_answer", once=("study",), among=Q(struck_at=None))
class PriceAnswer(models.Model):
    """What one person or company said: four prices in minor units of the study's currency, and perhaps how likely
    (1 surely not … 5 surely) they would buy at the cheap and at the expensive one.

    `key` tells answers of one study apart, so that a file read twice adds nothing: the respondent's own, or one made of
    what stands in the row. An answer is never edited: it is struck out with a reason and given anew.
    """

    class Source(models.TextChoices):
        ENTERED = "entered", _("Typed in")
        FILE = "file", _("File")
        API = "api", _("Program")
        SURVEY = "survey", _("Survey")

    study = models.ForeignKey(PriceStudy, models.CASCADE, related_name="answers", db_index=False)
    customer = models.ForeignKey(
        Customer, models.SET_NULL, null=True, blank=True, related_name="price_answers", db_index=False
    )
    key = models.TextField()
    too_cheap = models.BigIntegerField()
    cheap = models.BigIntegerField()
    expensive = models.BigIntegerField()
    too_expensive = models.BigIntegerField()
    buys_cheap = models.PositiveSmallIntegerField(null=True)
    buys_expensive = models.PositiveSmallIntegerField(null=True)
    source = models.TextField(choices=Source)
    answered_on = models.DateField()
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    struck_at = models.DateTimeField(null=True)
    struck_why = models.TextField(blank=True, default="")
    struck_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = PriceAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["study", "key"], condition=Q(struck_at=None), name="price_answer_once"
            ),
            models.UniqueConstraint(
                fields=["study", "customer"],
                condition=Q(customer__isnull=False, struck_at=None),
                name="price_answer_one_a_customer",
            ),
            models.CheckConstraint(
                condition=Q(too_cheap__gte=0, cheap__gte=0, expensive__gte=0, too_expensive__gte=0),
                name="price_answer_not_below_zero",
            ),
            models.CheckConstraint(
                condition=(Q(buys_cheap=None) | Q(buys_cheap__range=(1, 5)))
                & (Q(buys_expensive=None) | Q(buys_expensive__range=(1, 5))),
                name="price_answer_likelihood",
            ),
        ]
        indexes = [
            models.Index(fields=["study", "-id"], name="price_answer_newest"),
            models.Index(fields=["customer"], name="price_answer_of", condition=Q(customer__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk} of {self.study_id}"

    @property
    def prices(self) -> tuple[int, int, int, int]:
        return self.too_cheap, self.cheap, self.expensive, self.too_expensive

    @property
    def is_consistent(self) -> bool:
        return self.too_cheap <= self.cheap <= self.expensive <= self.too_expensive


class PriceObservation(models.Model):
    """So much was sold at this price: `quantity` pieces on or up to `seen_on`, at `place` where that matters."""

    study = models.ForeignKey(PriceStudy, models.CASCADE, related_name="observations", db_index=False)
    price = models.BigIntegerField()
    quantity = models.DecimalField(max_digits=15, decimal_places=3)
    seen_on = models.DateField()
    place = models.TextField(blank=True, default="")  # a shop, a region: what tells two rows of a day apart
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "seen_on", "place"], name="price_observation_once"),
            models.CheckConstraint(
                condition=Q(price__gt=0, quantity__gte=0), name="price_observation_sensible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.study_id} {self.seen_on} {self.place}"

    def shown_price(self) -> str:
        return money.shown(self.price, self.study.currency)

    def shown_quantity(self) -> str:
        return f"{self.quantity.normalize():f}"


shown_by_name("study", lambda: PriceStudy, "names")
