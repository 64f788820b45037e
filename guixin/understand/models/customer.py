from datetime import datetime
from typing import ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.ledger import record
from guixin.organisation.access import scope_of
from guixin.organisation.pinyin import spell
from guixin.understand.events import CustomerRevealed
from guixin.understand.identities import could_be
from guixin.understand.masking import mask, mask_name
from guixin.understand.models.identity import Identity
from guixin.web.refusals import Refused

FOUND_AT_MOST = 20
SHORTEST_REASON = 4


class CannotReveal(Refused):
    """Personal data stays masked."""

    about_input = True


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, person):
        """The front desk and those who see everything may see every customer.

        Everybody else sees the customers of the cases they may see. Cases live above this package, so here
        the answer is "none" and `serve` widens it through `Case.objects.visible_to(person)`.
        """
        scope = scope_of(person)
        return self if scope.sees_everything or scope.is_front_desk else self.none()

    def find(self, text) -> list["Customer"]:
        """By phone, e-mail, any other identity, last four digits of a phone, name, pinyin or its initials.

        The most certain first, at most 20. Each question is one index lookup, and a full answer ends the asking.
        """
        typed = " ".join((text or "").replace("\x00", "").split())
        found: dict[int, Customer] = {}
        for question in _questions(typed) if typed else ():
            rows = self.filter(question).exclude(pk__in=list(found)).prefetch_related("identities")
            for customer in rows.order_by("-pk")[: FOUND_AT_MOST - len(found)]:
                found[customer.pk] = customer
            if len(found) >= FOUND_AT_MOST:
                break
        return list(found.values())

    def for_intake(self, kind, name, identities, now, **fields) -> "tuple[Customer, bool]":
        """The customer a case is for, and whether they are new. See understand/arriving.py for the rule."""
        from guixin.understand.arriving import Arrival, arrive

        return arrive([Arrival(kind=kind, name=name, identities=tuple(identities), **fields)], now=now)[0]

    def for_intake_many(self, arrivals, now) -> "list[tuple[Customer, bool]]":
        """`for_intake` for thousands at once: answers in the order asked, a handful of statements in all."""
        from guixin.understand.arriving import arrive

        return arrive(list(arrivals), now=now)


def _questions(typed: str) -> list[Q]:
    """What somebody may mean by these characters, the most certain first; each has its index."""
    meant = Q()
    for kind, normal in could_be(typed):
        meant |= Q(kind=kind, normal=normal)
    questions = [Q(pk__in=Identity.objects.filter(meant).values("customer_id"))]
    if typed.isdecimal() and len(typed) == 4:
        questions.append(Q(pk__in=Identity.objects.filter(last4=typed).values("customer_id")))
    questions += [Q(name=typed), Q(name__startswith=typed)]
    letters = typed.casefold().replace(" ", "")
    if letters.isascii() and letters.isalnum():
        questions += [
            Q(name_initials=letters),
            Q(name_pinyin__startswith=letters),
            Q(name_initials__startswith=letters),
        ]
    return questions


class Customer(models.Model):
    """A person or a company we serve. Shown masked unless somebody reveals it with a reason."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        COMPANY = "company", _("Company")

    kind = models.TextField(choices=Kind, default=Kind.PERSON)
    name = models.TextField(blank=True)
    name_pinyin = models.TextField(blank=True, editable=False)
    name_initials = models.TextField(blank=True, editable=False)
    grade = models.CharField(max_length=1, null=True, blank=True)
    language = models.TextField(default="zh-hans")
    organisation = models.TextField(blank=True, help_text=_("Where this person works, in a few words."))
    created_at = models.DateTimeField()

    objects = CustomerQuerySet.as_manager()

    # Filled in by `for_intake` on a customer it had to create: who this may really be, with reasons.
    likely_duplicates: ClassVar[tuple] = ()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["person", "company"]), name="customer_kind_known")
        ]
        indexes = [
            models.Index(fields=["name"], name="customer_name", opclasses=["text_pattern_ops"]),
            models.Index(fields=["name_pinyin"], name="customer_pinyin", opclasses=["text_pattern_ops"]),
            models.Index(fields=["name_initials"], name="customer_initials", opclasses=["text_pattern_ops"]),
        ]

    def __str__(self):
        return f"customer {self.pk}"  # never the name: this lands in logs

    def spell_name(self):
        """Fill the two search columns; `save` does it, bulk writers call it themselves."""
        self.name_pinyin, self.name_initials = spell(self.name)
        return self

    def save(self, *args, update_fields=None, **kwargs):
        if update_fields is None or "name" in update_fields:
            self.spell_name()
            if update_fields is not None:
                update_fields = {*update_fields, "name_pinyin", "name_initials"}
        super().save(*args, update_fields=update_fields, **kwargs)

    @classmethod
    def find(cls, text) -> list["Customer"]:
        return cls.objects.find(text)

    def shown_to(self, person, *, revealed=False) -> dict:
        """What a page or an answer for this person may carry: masked.

        Call it only for a customer reached through a `visible_to`. `revealed` is for `reveal` alone, which
        records the look; a page never passes it by itself. Nobody in particular (a public page, a
        customer) and people who no longer work here get no identities at all.
        """
        is_staff = person is not None and bool(getattr(person, "pk", None)) and person.is_active
        return {
            "id": self.pk,
            "kind": self.kind,
            # A company's name is public; only people are masked.
            "name": self.name if revealed or self.kind == self.Kind.COMPANY else mask_name(self.name),
            "grade": self.grade,
            "language": self.language,
            "organisation": self.organisation,
            "identities": [
                {"kind": each.kind, "shown": each.normal if revealed else mask(each.kind, each.normal)}
                for each in sorted(self.identities.all(), key=lambda each: each.pk)
            ]
            if is_staff
            else [],
            "revealed": revealed,
        }

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
        return self.shown_to(by, revealed=True)
