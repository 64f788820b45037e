"""Attributes: what this firm wants to know of its customers beyond the record, defined by the administrator."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guixin.ledger.wording import coded
from guixin.organisation.naming import shown_by_name
from guixin.understand.following import follows_customer
from guixin.understand.models.customer import Customer

coded(
    "attribute_change",
    [
        ("defined", pgettext_lazy("attribute", "asked for")),
        ("changed", _("changed")),
        ("withdrawn", _("no longer asked for")),
        ("restored", _("asked for again")),
    ],
)


class AttributeQuerySet(models.QuerySet["Attribute"]):
    def in_use(self) -> "AttributeQuerySet":
        """Those asked for today, in their order."""
        return self.filter(withdrawn_at=None).order_by("place", "pk")

    def of(self, customer_kind: str) -> "AttributeQuerySet":
        """Those asked of a person, or of a company."""
        return self.in_use().filter(asked_of__in=("", customer_kind))


class Attribute(models.Model):
    """One thing to know: its name, what may stand there, whether it must be known and whether it is personal.

    Withdrawn, it is no longer asked for; what stands there stays and is shown. Its kind never changes: that would
    change what was said. `code` is what files and programs call it.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", pgettext_lazy("kind of value", "Number")
        DATE = "date", _("Date")
        CHOICE = "choice", _("One of a list")
        YES_NO = "yes_no", _("Yes or no")

    code = models.SlugField(max_length=40, unique=True)
    name = models.TextField()
    name_en = models.TextField(blank=True)
    kind = models.TextField(choices=Kind)
    choices = ArrayField(models.TextField(), default=list, blank=True)
    required = models.BooleanField(default=False)
    personal = models.BooleanField(default=False)  # masked until somebody says why they must see it
    asked_of = models.TextField(choices=Customer.Kind, blank=True, default="")  # blank: of both
    place = models.PositiveSmallIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True)

    objects = AttributeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["text", "number", "date", "choice", "yes_no"]),
                name="attribute_kind_known",
            )
        ]

    def __str__(self):
        return self.code

    def shown_name(self, language: str) -> str:
        return self.name_en if self.name_en and language.startswith("en") else self.name


@follows_customer("attribute", once=("attribute",), words=lambda row: row.attribute.name)
class AttributeValue(models.Model):
    """What stands there for one customer. Exactly one of the columns is filled, by the attribute's kind: `text` (text
    and choice, with `folded` to find a text by its exact value), `number`, `day` or `yes`. Rules ask them in SQL:
    EXISTS (SELECT FROM understand_attributevalue v WHERE v.customer_id = c.id AND v.attribute_id = 3 AND v.number > 5).
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="attribute_values", db_index=False)
    attribute = models.ForeignKey(Attribute, models.PROTECT, related_name="values", db_index=False)
    text = models.TextField(null=True)
    folded = models.TextField(null=True)
    number = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    day = models.DateField(null=True)
    yes = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "attribute"], name="attribute_value_once"),
            models.CheckConstraint(
                condition=(
                    Q(text__isnull=False, number=None, day=None, yes=None)
                    | Q(text=None, number__isnull=False, day=None, yes=None)
                    | Q(text=None, number=None, day__isnull=False, yes=None)
                    | Q(text=None, number=None, day=None, yes__isnull=False)
                ),
                name="attribute_value_is_one",
            ),
        ]
        indexes = [
            models.Index(fields=["folded"], name="attribute_exact", condition=Q(folded__isnull=False)),
            models.Index(fields=["attribute", "text"], name="attribute_text"),
            models.Index(fields=["attribute", "number"], name="attribute_number"),
            models.Index(fields=["attribute", "day"], name="attribute_day"),
        ]

    def __str__(self):
        return f"attribute {self.attribute_id} of {self.customer_id}"  # never the value: this lands in logs

    @property
    def value(self):
        return next((v for v in (self.text, self.number, self.day, self.yes) if v is not None), None)


shown_by_name("code", lambda: Attribute, "names", of="understand.attribute_")
shown_by_name("attributes", lambda: Attribute, "names")
