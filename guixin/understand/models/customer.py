from datetime import datetime
from typing import ClassVar

from django.apps import apps
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.access import scope_of
from guixin.organisation.models import Person
from guixin.organisation.pinyin import spell
from guixin.understand.events import CustomerRevealed
from guixin.understand.folding import folded_name, simplified
from guixin.understand.masking import mask, mask_name
from guixin.web.refusals import Refused

SHORTEST_REASON = 4


class CannotReveal(Refused):
    """Personal data stays masked."""

    about_input = True


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, person):
        """The front desk and those who see everything may see every customer.

        Everybody else sees those they look after, those they have a contact with, and the customers of the cases they
        may see. Cases live above this package, so `serve` widens the answer by `Case.objects.visible_to(person)`.
        """
        scope = scope_of(person)
        if scope.sees_everything or scope.is_front_desk:
            return self
        if scope.person_id is None:
            return self.none()
        # A message that left by itself in somebody's name does not show them the customer.
        contacts = (
            apps.get_model("understand", "Contact")
            .objects.filter(customer=OuterRef("pk"), owner_id=scope.person_id)
            .exclude(kind="message")
        )
        return self.filter(Q(owner_id=scope.person_id) | Exists(contacts))

    def standing(self) -> "CustomerQuerySet":
        """Without those who were merged into another."""
        return self.filter(merged_into=None)

    def find(self, text) -> list["Customer"]:
        """By anything known about them, the most certain first, at most 20. See understand/finding.py."""
        from guixin.understand.finding import find_customers

        found = [each.customer for each in find_customers(text)]
        allowed = set(self.filter(pk__in=[each.pk for each in found]).values_list("pk", flat=True))
        return [each for each in found if each.pk in allowed]

    def for_intake(self, kind, name, identities, now, **fields) -> "tuple[Customer, bool]":
        """The customer a case is for, and whether they are new. See understand/arriving.py for the rule."""
        from guixin.understand.arriving import Arrival, arrive

        return arrive([Arrival(kind=kind, name=name, identities=tuple(identities), **fields)], now=now)[0]

    def for_intake_many(self, arrivals, now) -> "list[tuple[Customer, bool]]":
        """`for_intake` for thousands at once: answers in the order asked, a handful of statements in all."""
        from guixin.understand.arriving import arrive

        return arrive(list(arrivals), now=now)


class Customer(models.Model):
    """A person or a company we serve. Shown masked unless somebody reveals it with a reason."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        COMPANY = "company", _("Company")

    class Market(models.TextChoices):
        CONSUMER = "consumer", _("Consumer")
        PRODUCER = "producer", _("Producer")
        RESELLER = "reseller", _("Reseller")
        ENTERPRISE = "enterprise", _("Enterprise")

    class Prefers(models.TextChoices):
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")
        WECHAT = "wechat", _("WeChat")
        WECOM = "wecom", _("WeCom")

    kind = models.TextField(choices=Kind, default=Kind.PERSON)
    name = models.TextField(blank=True)
    name_folded = models.TextField(blank=True, default="", editable=False)
    name_pinyin = models.TextField(blank=True, editable=False)
    name_initials = models.TextField(blank=True, editable=False)
    grade = models.CharField(max_length=1, null=True, blank=True)
    language = models.TextField(default="zh-hans")
    organisation = models.TextField(blank=True, help_text=_("Where this person works, in a few words."))
    works_at = models.ForeignKey(  # the company on record; `organisation` is what somebody said
        "self", models.PROTECT, null=True, blank=True, related_name="contacts", db_index=False
    )
    market = models.TextField(choices=Market, blank=True, default="")
    prefers = models.TextField(choices=Prefers, blank=True, default="")  # how they like to be reached
    reach_from = models.TimeField(null=True, blank=True)  # at which hours they like to be reached
    reach_to = models.TimeField(null=True, blank=True)
    topics = models.TextField(blank=True, default="")  # what they like to hear about, or not
    owner = models.ForeignKey(  # who looks after them between cases
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    segment = models.ForeignKey(  # cached: the first of those they are in now; history is in Membership
        "understand.Segment",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)  # moves with every edit: the guard against overwriting
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="merged_customers", db_index=False
    )

    objects = CustomerQuerySet.as_manager()

    # Filled in by `for_intake` on a customer it had to create: who this may really be, with reasons.
    likely_duplicates: ClassVar[tuple] = ()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["person", "company"]), name="customer_kind_known")
        ]
        indexes = [
            models.Index(fields=["name_folded"], name="customer_name_folded", opclasses=["text_pattern_ops"]),
            models.Index(fields=["name_pinyin"], name="customer_pinyin", opclasses=["text_pattern_ops"]),
            models.Index(fields=["name_initials"], name="customer_initials", opclasses=["text_pattern_ops"]),
            models.Index(fields=["works_at"], name="customer_works_at", condition=Q(works_at__isnull=False)),
            models.Index(
                fields=["merged_into"], name="customer_merged", condition=Q(merged_into__isnull=False)
            ),
        ]

    def __str__(self):
        return f"customer {self.pk}"  # never the name: this lands in logs

    def spell_name(self):
        """Fill the three search columns; `save` does it, bulk writers call it themselves."""
        self.name_folded = folded_name(self.name)
        self.name_pinyin, self.name_initials = spell(simplified(self.name))
        return self

    def save(self, *args, update_fields=None, **kwargs):
        if update_fields is None or "name" in update_fields:
            self.spell_name()
            if update_fields is not None:
                update_fields = {*update_fields, "name_folded", "name_pinyin", "name_initials"}
        super().save(*args, update_fields=update_fields, **kwargs)

    @classmethod
    def find(cls, text) -> list["Customer"]:
        return cls.objects.find(text)

    def shown_to(self, person, *, revealed=False, whole=False) -> dict:
        """What a page or an answer for this person may carry: masked.

        Call it only for a customer reached through a `visible_to`. `revealed` is for `reveal` alone, which
        records the look; a page never passes it by itself. `whole`: with what is known by attribute, which is
        asked for one customer, not for a list. Nobody in particular (a public page, a
        customer) and people who no longer work here get no identities at all.
        """
        is_staff = person is not None and bool(getattr(person, "pk", None)) and person.is_active
        return {
            "id": self.pk,
            "kind": self.kind,
            "name": self.name if revealed else self.masked_name,
            "grade": self.grade,
            "language": self.language,
            "organisation": self.organisation,
            "identities": [
                {"kind": each.kind, "shown": each.normal if revealed else mask(each.kind, each.normal)}
                for each in sorted(self.identities.all(), key=lambda each: each.pk)
            ]
            if is_staff
            else [],
            "attributes": self._described(revealed) if whole and is_staff else [],
            "revealed": revealed,
        }

    @property
    def masked_name(self) -> str:
        """A company's name is public; only people are masked. What a list needs that shows no more of them."""
        return self.name if self.kind == self.Kind.COMPANY else mask_name(self.name)

    def _described(self, revealed: bool) -> list[dict]:
        from guixin.understand.describing import shown_of

        return [
            {"code": each.code, "name": each.name, "shown": each.shown}
            for each in shown_of(self, revealed=revealed)
        ]

    @transaction.atomic
    def reveal(self, *, by, reason: str, now: datetime) -> dict:
        """The unmasked facts, for somebody who said why. Every look is in the ledger."""
        reason = " ".join((reason or "").split())
        if len(reason) < SHORTEST_REASON:
            raise CannotReveal(_("Say why you need it, in at least four characters."))
        record(
            CustomerRevealed(
                happened_at=now, actor_id=by.pk, about=("customer", self.pk), reason=reason[:500]
            )
        )
        return self.shown_to(by, revealed=True, whole=True)
