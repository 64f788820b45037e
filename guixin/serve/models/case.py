"""A case (个案): what a customer brought us, with one owner from the first second to the closing."""

import hmac
import secrets
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from hashlib import sha256

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from guixin.ledger.wording import coded
from guixin.organisation.access import scope_of
from guixin.organisation.models import Department, Person
from guixin.promise.models import Escalation, PackageVersion
from guixin.understand.models import Customer, Segment
from guixin.web.languages import Named

NO_DEADLINE = datetime(9999, 1, 1, tzinfo=UTC)  # sorts last in a queue


class Failure(models.TextChoices):
    """What a failure did to the customer. It is made good best in kind (Roschk and Gelbrich 2014)."""

    MONEY = "money", _("Money lost")
    GOODS = "goods", _("Flawed goods")
    SERVICE = "service", _("Failed or late service")
    ATTENTION = "attention", _("Inattention")


class Term(Named, models.Model):
    """A word of the firm's own lists: categories of cases, quality points, causes. `failure`: what sort of failure the cases it is
    said of are about; blank: what the word above it says."""

    class List(models.TextChoices):
        CATEGORY = "category", _("Category")
        QUALITY_POINT = "quality_point", _("Quality point")
        CAUSE = "cause", _("Cause")

    list = models.TextField(choices=List)
    code = models.TextField()  # a path, "quality/colour"
    name = models.TextField()
    name_en = models.TextField(blank=True, default="")
    failure = models.TextField(choices=Failure, blank=True, default="")
    retired_at = models.DateTimeField(
        null=True, blank=True
    )  # no longer offered; what it was said of keeps it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "code"], name="one_term_a_code")]

    def __str__(self) -> str:
        return self.name


class CaseQuerySet(models.QuerySet):
    def open(self) -> "CaseQuerySet":
        return self.filter(state__in=Case.OPEN)

    def visible_to(self, person: Person) -> "CaseQuerySet":
        """The one place that says who may see a case.

        Who sees everything, or stands at the front desk, sees all. Others see what they own, what their
        departments (as far as their position sees) have a task in, what was escalated to them, and what they, or
        somebody away in whose place they stand, were asked about as an expert.
        """
        scope = scope_of(person)
        if scope.sees_everything or scope.is_front_desk:
            return self
        mine = Q(owner=person) | Q(department_id__in=scope.department_ids)
        tasks = (
            apps.get_model("serve", "Task")
            .objects.filter(case=OuterRef("pk"))
            .filter(Q(department_id__in=scope.department_ids) | Q(handler=person))
        )
        told = Escalation.objects.filter(case_id=OuterRef("pk"), to_person=person)
        # Few, and the same for every row: read once, not looked up for each case of a list.
        asked = apps.get_model("serve", "HardProblem").objects.put_to(person).values("case")
        return self.filter(mine | Exists(tasks) | Exists(told) | Q(pk__in=asked))


class Case(models.Model):
    """One matter, one number, one owner. Every act on it is a verb in `serve` and a row of its own."""

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", _("Complaint")
        ENQUIRY = "enquiry", _("Enquiry")
        SERVICE_REQUEST = "service_request", _("Service request")
        SUGGESTION = "suggestion", _("Suggestion")
        PRAISE = "praise", _("Praise")
        VISIT = "visit", _("Visit")

    class State(models.TextChoices):
        OPEN = "open", _("In progress")
        WAITING = "waiting", _("Waiting for the customer")
        ANSWERED = "answered", _("Customer told")
        CLOSED = "closed", _("Closed")
        MERGED = "merged", _("Merged")

    class Severity(models.IntegerChoices):
        MINOR = 1, _("Minor")
        NORMAL = 2, _("Normal")
        SERIOUS = 3, _("Serious")
        CRITICAL = 4, _("Critical")

    class Channel(models.TextChoices):
        PHONE = "phone", _("Phone")
        WEB = "web", _("Web form")
        API = "api", _("API")
        FILE = "file", _("File")
        EMAIL = "email", _("E-mail")
        QR = "qr", _("QR box")
        CHAT = "chat", _("Chat")
        VISIT = "visit", _("In person")
        INTERNAL = "internal", _("Colleague")
        OTHER = "other", _("Other")

    OPEN = (State.OPEN, State.WAITING, State.ANSWERED)

    number = models.TextField()
    kind = models.TextField(choices=Kind)
    state = models.TextField(choices=State, default=State.OPEN)
    subject = models.TextField()
    story = models.TextField(blank=True, default="")
    category = models.TextField(blank=True, default="")  # code of a Term
    product = models.TextField(blank=True, default="")
    severity = models.PositiveSmallIntegerField(choices=Severity, default=Severity.NORMAL)
    channel = models.TextField(choices=Channel)
    language = models.TextField(default="zh-hans")  # the customer's
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, db_index=False)
    grade = models.TextField(blank=True, default="")  # the customer's when it was opened
    segment = models.ForeignKey(  # the customer's when it was opened
        Segment, models.PROTECT, null=True, related_name="+", db_index=False
    )
    package = models.ForeignKey(  # the service package it was promised; kept whatever becomes of the customer
        PackageVersion, models.PROTECT, null=True, related_name="+", db_index=False
    )
    requested_by = models.ForeignKey(  # an internal customer: the department that asks another
        Department, models.PROTECT, null=True, related_name="+", db_index=False
    )
    owner = models.ForeignKey(  # never empty (首问负责)
        Person, models.PROTECT, related_name="+", db_index=False
    )
    department = models.ForeignKey(  # has the ball now
        Department, models.PROTECT, related_name="+", db_index=False
    )
    opened_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)  # when the customer was last told the result
    closed_at = models.DateTimeField(null=True)
    generation = models.PositiveSmallIntegerField(default=1)  # 2 after the first reopening
    level = models.PositiveSmallIntegerField(default=0)  # the highest level it was escalated to
    queue_at = models.DateTimeField(default=NO_DEADLINE)  # its next deadline, cached for the queue
    emergency_since = models.DateTimeField(null=True)  # on the emergency path, for the lists
    version = models.PositiveIntegerField(default=1)  # moves with every edit: the guard against overwriting
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged_cases", db_index=False
    )
    opinion_point = models.ForeignKey(  # the QR card it came by
        "serve.OpinionPoint", models.PROTECT, null=True, related_name="+", db_index=False
    )
    tracking_salt = models.TextField(default="")  # a new one makes every old link worthless
    source = models.TextField(blank=True, default="")  # the file or system it was imported from
    external_id = models.TextField(null=True)  # its key there

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["queue_at", "id"],
                name="case_queue",
                condition=Q(state__in=["open", "waiting", "answered"]),
            ),
            models.Index(
                fields=["owner", "queue_at", "id"],
                name="case_queue_of_owner",
                condition=Q(state__in=["open", "waiting", "answered"]),
            ),
            models.Index(
                fields=["department", "queue_at", "id"],
                name="case_queue_of_department",
                condition=Q(state__in=["open", "waiting", "answered"]),
            ),
            models.Index(fields=["customer", "-opened_at"], name="case_of_customer"),
            models.Index(fields=["-opened_at", "-id"], name="case_newest"),
            models.Index(fields=["-closed_at", "-id"], name="case_closed", condition=Q(state="closed")),
            models.Index(fields=["queue_at", "id"], name="case_queue_waiting", condition=Q(state="waiting")),
            # Filters whose values may be rare: without these, fifty of them are looked for among all that is open.
            models.Index(
                fields=["channel", "queue_at", "id"],
                name="case_queue_of_channel",
                condition=Q(state__in=["open", "waiting", "answered"]),
            ),
            models.Index(
                OpClass("category", name="text_pattern_ops"),
                "queue_at",
                "id",
                name="case_queue_of_category",
                condition=Q(state__in=["open", "waiting", "answered"]),
            ),
            models.Index(
                fields=["grade", "queue_at", "id"],
                name="case_queue_of_grade",
                condition=Q(state__in=["open", "waiting", "answered"]) & ~Q(grade=""),
            ),
            models.Index(
                OpClass(Upper("product"), name="text_pattern_ops"),
                name="case_product",
                condition=~Q(product=""),
            ),
            models.Index(
                fields=["merged_into"], name="case_merged_cases", condition=Q(merged_into__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="one_case_a_number"),
            models.UniqueConstraint(
                fields=["source", "external_id"], name="one_case_an_external_id",
                condition=Q(external_id__isnull=False),
            ),
            models.CheckConstraint(
                name="case_state", condition=Q(state__in=["open", "waiting", "answered", "closed", "merged"])
            ),
            models.CheckConstraint(
                name="case_closed_has_time", condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="case_merged_into_another",
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
            ),
            models.CheckConstraint(
                name="case_answered_has_time", condition=~Q(state="answered") | Q(answered_at__isnull=False)
            ),
            models.CheckConstraint(name="case_severity", condition=Q(severity__gte=1, severity__lte=4)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def about(self) -> tuple[str, int]:
        return "case", self.pk

    def tracking_token(self) -> str:
        """The secret part of the customer's link: 144 bits, not stored, worthless without our key."""
        message = f"track:{self.pk}:{self.tracking_salt}".encode()
        return urlsafe_b64encode(hmac.digest(settings.SECRET_KEY.encode(), message, sha256)[:18]).decode()

    def is_tracked_by(self, token: str) -> bool:
        return hmac.compare_digest(self.tracking_token(), token)

    def tracking_link(self) -> str:
        return f"{settings.BASE_URL}/track/{self.number}/{self.tracking_token()}"

    @staticmethod
    def new_tracking_salt() -> str:
        return secrets.token_urlsafe(12)


class CaseLink(models.Model):
    """Two cases that belong together, and why."""

    class Kind(models.TextChoices):
        RELATED = "related", _("Related")
        REPEAT = "repeat", _("Repeats")  # case repeats other
        SPLIT = "split", _("Split from")  # case was split from other

    case = models.ForeignKey(Case, models.CASCADE, related_name="links")
    other = models.ForeignKey(Case, models.CASCADE, related_name="links_back")
    kind = models.TextField(choices=Kind)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "other", "kind"], name="one_link_of_a_kind"),
            models.CheckConstraint(name="no_link_to_itself", condition=~Q(case=models.F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.other_id}"


coded("link_kind", CaseLink.Kind.choices)
