"""Needs and expectations (需求与期望): what customers want of us, who says so, where it is seen, how much it weighs."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.organisation.models import Person
from guixin.understand.following import follows_customer
from guixin.understand.identities import fold
from guixin.understand.models.customer import Customer


class NeedQuerySet(models.QuerySet["Need"]):
    def current(self) -> "NeedQuerySet":
        """Those that still hold, of customers who stand for themselves."""
        return self.filter(ended_at=None, customer__merged_into=None)

    def visible_to(self, person):
        """As their customers are: the front desk sees all, others those of their own customers."""
        return self.filter(customer__in=Customer.objects.visible_to(person))


class Need(models.Model):
    """What one customer needs or expects. `theme` says it in a few words, the same for all who want the same; rolled up
    by its folded spelling. `evidence` is the record it came from: ("contact", 17), ("case", 42), ("response", 3)."""

    class Kind(models.TextChoices):
        NEED = "need", _("Need")
        EXPECTATION = "expectation", _("Expectation")

    class Source(models.TextChoices):
        CONTACT = "contact", _("Contact")
        CASE = "case", _("Case")
        SURVEY = "survey", _("Survey")
        OBSERVATION = "observation", _("Observation")

    class Weight(models.IntegerChoices):
        NICE = 1, _("Nice to have")
        USEFUL = 2, _("Useful")
        IMPORTANT = 3, _("Important")
        DECISIVE = 4, _("Decides the purchase")
        VITAL = 5, _("Lost without it")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="needs", db_index=False)
    kind = models.TextField(choices=Kind, default=Kind.NEED)
    theme = models.TextField()
    theme_folded = models.TextField(editable=False)
    words = models.TextField(blank=True)  # how they put it
    expected = models.TextField(blank=True)  # the level expected, in words: within two hours
    weight = models.PositiveSmallIntegerField(choices=Weight, default=Weight.IMPORTANT)
    source = models.TextField(choices=Source)
    evidence_kind = models.TextField(blank=True)
    evidence_id = models.BigIntegerField(null=True)
    said_by = models.ForeignKey(  # of a company: who there says so
        Customer, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.TextField(blank=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=5), name="need_weight"),
            models.CheckConstraint(
                condition=Q(evidence_id=None) | ~Q(evidence_kind=""), name="need_evidence_has_a_kind"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "id"], name="need_of_customer"),
            models.Index(fields=["theme_folded"], name="need_theme", condition=Q(ended_at=None)),
            models.Index(fields=["evidence_kind", "evidence_id"], name="need_evidence"),
        ]

    def __str__(self):
        return f"need {self.pk} of {self.customer_id}"

    def save(self, *args, **kwargs):
        self.theme_folded = fold(self.theme).replace(" ", "")
        super().save(*args, **kwargs)


follows_customer("need", words=lambda need: need.theme)(Need)
follows_customer("need_said_by", field="said_by")(Need)
