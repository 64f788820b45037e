"""E-mail as it came and as it left: the raw bytes first, and what became of them."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.organisation.access import scope_of
from guixin.organisation.models import Department, Person
from guixin.serve.models import Case, Message
from guixin.serve.overview import sees_all


class Mailbox(models.Model):
    """An address of the firm that customers write to, and where its mail is fetched."""

    class Security(models.TextChoices):
        TLS = "tls", _("TLS from the first byte (993)")
        STARTTLS = "starttls", _("STARTTLS (143)")
        NONE = "none", _("None: on this machine only")

    address = models.TextField(unique=True)  # lower case
    name = models.TextField(blank=True, default="")  # stands before the address in what we send
    host = models.TextField(blank=True, default="")  # empty: its mail comes by the door alone
    port = models.PositiveIntegerField(default=993)
    security = models.TextField(choices=Security, default=Security.TLS)
    login = models.TextField(blank=True, default="")
    sealed_password = models.TextField(blank=True, default="", editable=False)  # see mail/sealing.py
    folder = models.TextField(default="INBOX")
    done_folder = models.TextField(blank=True, default="")  # where read mail is moved; empty: marked as seen
    case_kind = models.TextField(choices=Case.Kind, default=Case.Kind.ENQUIRY)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    authserv_id = models.TextField(
        blank=True, default=""
    )  # whose Authentication-Results count; empty: nobody's
    tags_addresses = models.BooleanField(default=True)  # service+tag@ reaches service@
    acknowledges = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    # How far it was read, and how that went; written by the worker.
    uid_validity = models.BigIntegerField(null=True, editable=False)
    last_uid = models.BigIntegerField(default=0, editable=False)
    connected_at = models.DateTimeField(null=True, editable=False)
    mail_at = models.DateTimeField(null=True, editable=False)
    error = models.TextField(blank=True, default="", editable=False)
    error_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["address"]
        constraints = [
            models.CheckConstraint(
                name="mailbox_security", condition=Q(security__in=["tls", "starttls", "none"])
            ),
        ]

    def __str__(self) -> str:
        return self.address


class ReceivedMailQuerySet(models.QuerySet):
    def visible_to(self, person: Any) -> "ReceivedMailQuerySet":
        """With its case, by whoever sees the case; without one, by who sees every case."""
        scope = scope_of(person)
        if sees_all(scope):
            return self
        return self.filter(case__in=Case.objects.visible_to(person))

    def quarantined(self) -> "ReceivedMailQuerySet":
        return self.filter(state=ReceivedMail.State.QUARANTINED)


class ReceivedMail(models.Model):
    """One mail, as it came. Understanding it is a job that may be repeated; what it became stands beside it."""

    class State(models.TextChoices):
        ARRIVED = "arrived", _("Not read yet")
        TAKEN = "taken", _("Taken in")
        QUARANTINED = "quarantined", _("To be looked at")
        DISCARDED = "discarded", _("Discarded")

    class Became(models.TextChoices):
        NOTHING = "", ""
        CASE = "case", _("A new case")
        REPLY = "reply", _("An answer of the customer")
        UNVERIFIED = "unverified", _("Kept with the case: unverified sender")
        AUTOMATIC = "automatic", _("An automatic answer")
        BOUNCE = "bounce", _("A mail that came back")
        DUPLICATE = "duplicate", _("The same mail again")

    class Reason(models.TextChoices):
        NONE = "", ""
        UNREADABLE = "unreadable", _("It could not be read.")
        TOO_DEEP = "too_deep", _("Its parts are nested too deeply.")
        TOO_LARGE = "too_large", _("It is too large; only its head was fetched.")
        EMPTY = "empty", _("It says nothing and holds no file.")
        NO_SENDER = "no_sender", _("It has no sender.")
        AUTOMATIC = "automatic", _("An automatic mail that belongs to no case.")
        STRAY_BOUNCE = "stray_bounce", _("A mail that came back, but none of ours.")
        OUR_OWN = "our_own", _("It comes from an address of our own.")
        REFUSED = "refused", _("It could not be taken in as it stands.")
        FAILED = "failed", _("Reading it failed several times.")

    class Verdict(models.TextChoices):
        PASS = "pass", _("the sender's domain vouches for it")
        FAIL = "fail", _("the sender's domain says that it is forged")
        NONE = "none", _("nobody vouches for the sender")

    mailbox = models.ForeignKey(Mailbox, models.PROTECT, null=True, related_name="mails")
    uid_validity = models.BigIntegerField(null=True)
    uid = models.BigIntegerField(null=True)
    raw = models.BinaryField()
    size = models.PositiveBigIntegerField()
    digest = models.TextField()  # of the mailbox and the bytes: the same delivered again is the same
    envelope_from = models.TextField(blank=True, default="")
    envelope_to = models.TextField(blank=True, default="")
    has_envelope = models.BooleanField(default=False)  # an empty envelope_from then is a null return path
    arrived_at = models.DateTimeField()

    state = models.TextField(choices=State, default=State.ARRIVED)
    next_try_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    reason = models.TextField(choices=Reason, blank=True, default="")
    trouble = models.TextField(blank=True, default="")
    became = models.TextField(choices=Became, blank=True, default="")

    sender = models.TextField(blank=True, default="")  # as the mail says: never proof
    sender_name = models.TextField(blank=True, default="")
    subject = models.TextField(blank=True, default="")
    own_id = models.TextField(blank=True, default="")  # its Message-ID
    sent_at = models.DateTimeField(null=True)
    verdict = models.TextField(choices=Verdict, default=Verdict.NONE)
    is_verified = models.BooleanField(default=False)
    quoted = models.TextField(blank=True, default="")
    refused_files = models.JSONField(default=list)  # [{"name", "size", "why"}]

    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="mails")
    message = models.OneToOneField(Message, models.PROTECT, null=True, related_name="mail")
    hint = models.ForeignKey(  # the subject names it: said to whoever looks, and nothing more
        Case, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True, default="")  # why it was discarded

    objects = ReceivedMailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], name="mail_arrived", condition=Q(state="arrived")),
            models.Index(fields=["-id"], name="mail_quarantined", condition=Q(state="quarantined")),
            models.Index(fields=["own_id"], name="mail_own_id", condition=~Q(own_id="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="one_mail_a_digest"),
            models.CheckConstraint(
                name="mail_state", condition=Q(state__in=["arrived", "taken", "quarantined", "discarded"])
            ),
            models.CheckConstraint(
                name="mail_quarantined_says_why", condition=~Q(state="quarantined") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="mail_taken_became_something", condition=~Q(state="taken") | ~Q(became="")
            ),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk} {self.state}"

    @property
    def about(self) -> tuple[str, int]:
        return "mail", self.pk


class SentMail(models.Model):
    """One mail to a customer, on its way by the outbox or gone."""

    class State(models.TextChoices):
        WAITING = "waiting", _("On its way")
        SENT = "sent", _("Handed to the mail server")
        DELAYED = "delayed", _("Delayed on the way")
        BOUNCED = "bounced", _("Came back")
        FAILED = "failed", _("Could not be sent")

    key = models.UUIDField(default=uuid.uuid4, unique=True)  # of its Message-ID, the same on every try
    case = models.ForeignKey(Case, models.CASCADE, related_name="sent_mails")
    message = models.OneToOneField(Message, models.CASCADE, null=True, related_name="sent_mail")
    answers = models.ForeignKey(ReceivedMail, models.SET_NULL, null=True, related_name="+", db_index=False)
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, null=True, related_name="+", db_index=False)
    address = models.TextField(blank=True, default="")
    is_automatic = models.BooleanField(default=False)
    state = models.TextField(choices=State, default=State.WAITING)
    trouble = models.TextField(blank=True, default="")  # what the other side said
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # when it came back or was given up

    class Meta:
        indexes = [
            models.Index(  # how many acknowledgements an address has had today
                fields=["address", "written_at"], name="sent_mail_automatic", condition=Q(is_automatic=True)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="sent_mail_state",
                condition=Q(state__in=["waiting", "sent", "delayed", "bounced", "failed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"mail to a customer {self.pk} {self.state}"
