"""Consent (同意): for what and by which channel a customer may be written to or called, in words they were shown."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guixin.ledger.wording import coded
from guixin.organisation.models import Person
from guixin.understand.following import follows_customer
from guixin.understand.models.customer import Customer


class Purpose(models.TextChoices):
    """What a message is for. The first two need no consent, only that nobody objected; the others are asked for first."""

    SERVICE = "service", _("Service on their own matters")
    SURVEY = "survey", _("Asking whether they are satisfied")
    NEWS = "news", _("Offers and news")
    RESEARCH = "research", _("Research and interviews")
    SHARING = "sharing", _("Passing on to partners")


coded("purpose", Purpose.choices)
ASKED_FIRST = (Purpose.NEWS, Purpose.RESEARCH, Purpose.SHARING)


class Reach(models.TextChoices):
    """By which channel; blank is any."""

    ANY = "", _("Any channel")
    PHONE = "phone", _("Phone")
    SMS = "sms", _("SMS")
    EMAIL = "email", _("E-mail")
    WECHAT = "wechat", _("WeChat")
    WECOM = "wecom", _("WeCom")
    VISIT = "visit", pgettext_lazy("contact", "Visit")
    POST = "post", _("Post")


class ConsentWording(models.Model):
    """What customers were shown when they agreed; a new text is a new version, and the old one stays readable."""

    purpose = models.TextField(choices=Purpose)
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    text_en = models.TextField(blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "number"], name="consent_wording_number"),
        ]

    def __str__(self):
        return f"{self.purpose} {self.number}"


# What was taken back comes along whatever the other one said: a "no" is never lost by tidying up.
@follows_customer(
    "consent",
    once=("purpose", "channel"),
    among=Q(given_at__isnull=False, withdrawn_at__isnull=True),
    words=lambda consent: f"{consent.get_purpose_display()} {consent.get_channel_display()}",
)
class Consent(models.Model):
    """One statement of a customer: they agreed (`given_at`), and perhaps took it back (`withdrawn_at`); or they objected
    without ever having agreed (`withdrawn_at` alone). Nothing is deleted: the latest that covers the channel holds.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="consents", db_index=False)
    purpose = models.TextField(choices=Purpose)
    channel = models.TextField(choices=Reach, blank=True, default="")
    wording = models.ForeignKey(ConsentWording, models.PROTECT, null=True, related_name="+", db_index=False)
    evidence = models.TextField(blank=True)  # where it is seen: the form signed, the call, the page
    given_at = models.DateTimeField(null=True)
    given_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(given_at__isnull=False) | Q(withdrawn_at__isnull=False),
                name="consent_says_something",
            ),
            models.CheckConstraint(
                condition=Q(given_at=None) | Q(withdrawn_at=None) | Q(withdrawn_at__gte=models.F("given_at")),
                name="consent_withdrawn_after",
            ),
            models.UniqueConstraint(
                fields=["customer", "purpose", "channel"],
                condition=Q(given_at__isnull=False, withdrawn_at=None),
                name="consent_stands_once",
            ),
        ]
        indexes = [models.Index(fields=["customer", "purpose"], name="consent_of_customer")]

    def __str__(self):
        return f"{self.purpose} of {self.customer_id}"

    @property
    def stands(self) -> bool:
        return self.given_at is not None and self.withdrawn_at is None
