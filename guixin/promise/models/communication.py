"""A communication plan (沟通计划): what the customers of one segment are told, on which occasion, by which channel."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guixin.ledger.wording import coded
from guixin.organisation.access import scope_of
from guixin.organisation.models import Calendar, Person, Published
from guixin.understand.following import follows_customer
from guixin.understand.models import Contact, Customer, Purpose, Reach, Segment
from guixin.understand.models.identity import IdentityKind


class Channel(models.TextChoices):
    """How it reaches the customer. A call and a visit are planned for whoever looks after them; the rest leaves by itself."""

    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")
    WECHAT = "wechat", _("WeChat")
    WECOM = "wecom", _("WeCom")
    PROGRAM = "program", _("A program of ours")
    CALL = "call", _("Call")
    VISIT = "visit", pgettext_lazy("contact", "Visit")


BY_PEOPLE = (Channel.CALL, Channel.VISIT)
ADDRESSED_BY: dict[str, IdentityKind] = {  # the identity it goes to; what is not here needs none
    Channel.EMAIL: IdentityKind.EMAIL,
    Channel.SMS: IdentityKind.PHONE,
    Channel.WECHAT: IdentityKind.WECHAT,
    Channel.WECOM: IdentityKind.WECOM,
    Channel.CALL: IdentityKind.PHONE,
}
ASKED_AS: dict[str, Reach] = {  # for which channel of a consent
    Channel.EMAIL: Reach.EMAIL,
    Channel.SMS: Reach.SMS,
    Channel.WECHAT: Reach.WECHAT,
    Channel.WECOM: Reach.WECOM,
    Channel.PROGRAM: Reach.ANY,
    Channel.CALL: Reach.PHONE,
    Channel.VISIT: Reach.VISIT,
}
coded("plan_channel", Channel.choices)


class CommunicationPlanQuerySet(models.QuerySet["CommunicationPlan"]):
    def visible_to(self, person: Person) -> "CommunicationPlanQuerySet":
        """Those who see every customer, and administrators, see every plan; others those of their segments."""
        scope = scope_of(person)
        if scope.may_administrate or scope.is_front_desk:
            return self
        return self.filter(segment__in=Segment.objects.visible_to(person))


class CommunicationPlan(models.Model):
    """One for each segment. `draft` is what somebody is working on, as `promise/communication.py` reads it; null: none."""

    segment = models.OneToOneField(Segment, models.PROTECT, related_name="communication_plan")
    draft = models.JSONField(null=True, blank=True)
    draft_version = models.PositiveIntegerField(default=1)
    draft_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    draft_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)  # since when it has been in force without a break

    objects = CommunicationPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("communication plan")

    def __str__(self) -> str:
        return f"plan of {self.segment_id}"


class CommunicationVersion(Published):
    """What a plan said from one publication to the next. Never edited once published."""

    plan = models.ForeignKey(CommunicationPlan, models.PROTECT, related_name="versions")
    calendar = models.ForeignKey(  # in whose hours something may leave; none: the firm's
        Calendar, models.PROTECT, null=True, related_name="+", db_index=False
    )
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    at_most = models.PositiveSmallIntegerField()  # messages to one customer, of all plans together …
    within_days = models.PositiveSmallIntegerField()  # … in so many days

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_communication_version_a_number"),
            models.UniqueConstraint(
                fields=["plan"], condition=Q(withdrawn_at__isnull=True), name="one_communication_version_in_force"
            ),
            models.CheckConstraint(
                name="communication_cap_counts", condition=Q(at_most__gte=1, within_days__gte=1)
            ),
            models.CheckConstraint(
                name="communication_quiet_has_both_ends",
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"plan {self.plan_id} v{self.number}"


class CommunicationEntry(models.Model):
    """One line of a plan. `code` names it through all versions; `occasion` as in `promise/occasions.py`."""

    version = models.ForeignKey(CommunicationVersion, models.PROTECT, related_name="entries")
    code = models.SlugField()
    occasion = models.TextField()
    direction = models.TextField(blank=True, default="")  # of a grade: up, down, or any
    on_day = models.DateField(null=True)
    months = models.PositiveSmallIntegerField(null=True)
    delay_hours = models.PositiveSmallIntegerField(default=0)
    at = models.TimeField(null=True)  # not before this time of the day
    channel = models.TextField(choices=Channel)
    purpose = models.TextField(choices=Purpose)
    subject = models.TextField()
    subject_en = models.TextField(blank=True, default="")
    body = models.TextField()
    body_en = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="one_communication_entry_a_code")]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.code} of version {self.version_id}"

    @property
    def is_by_people(self) -> bool:
        return self.channel in BY_PEOPLE

    def words_for(self, language: str) -> tuple[str, str]:
        """(subject, body) in the customer's language, as far as it was written in it."""
        if language.startswith("en"):
            return self.subject_en or self.subject, self.body_en or self.body
        return self.subject, self.body


class PlanMessageQuerySet(models.QuerySet["PlanMessage"]):
    def visible_to(self, person: Person) -> "PlanMessageQuerySet":
        """Those of the plans this person sees."""
        return self.filter(plan__in=CommunicationPlan.objects.visible_to(person))


class PlanMessage(models.Model):
    """One customer is to be told of one event: by a message, or by a planned contact of ours.

    `event` names what happened (“bought:A-1042”). One event is one message to one customer, whatever plans, workers and
    crashes there are: that is what `told_once_of_an_event` says.
    """

    class Way(models.TextChoices):
        MESSAGE = "message", _("Message")
        CONTACT = "contact", _("Planned contact")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("message", "Waiting")
        POSTED = "posted", _("On its way")
        SENT = "sent", _("Sent")
        PLANNED = "planned", _("Planned as a contact")
        NOT_SENT = "not_sent", _("Not sent")

    class Reason(models.TextChoices):
        ADDRESS = "address", _("No address for this channel")
        CONSENT = "consent", _("Not wanted, or never agreed to")
        CAP = "cap", _("Enough messages already")
        VALUE = "value", _("A value is missing")
        LEFT = "left", _("No longer in the segment")
        PLAN = "plan", _("No longer in the plan")
        OVER = "over", _("The occasion no longer holds")
        MERGED = "merged", _("Told under the other record")
        OWNER = "owner", _("Nobody to plan it for")
        LATE = "late", _("Too late to be worth saying")
        BOUNCED = "bounced", _("It could not be delivered")

    plan = models.ForeignKey(CommunicationPlan, models.PROTECT, related_name="messages", db_index=False)
    entry = models.ForeignKey(CommunicationEntry, models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="plan_messages", db_index=False)
    way = models.TextField(choices=Way)
    occasion = models.TextField()
    event = models.TextField()
    happened_at = models.DateTimeField()
    due_at = models.DateTimeField()  # when the plan wants it
    next_at = models.DateTimeField(null=True)  # when a worker takes it; quiet hours move it
    state = models.TextField(choices=State, default=State.WAITING)
    reason = models.TextField(choices=Reason, blank=True, default="")
    detail = models.TextField(blank=True, default="")  # which value is missing, what the other side answered
    moved_by_quiet = models.BooleanField(default=False)
    channel = models.TextField(choices=Channel, blank=True, default="")
    subject = models.TextField(blank=True, default="")
    body = models.TextField(blank=True, default="")  # as it left, without the link to opt out
    posted_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    contact = models.OneToOneField(Contact, models.SET_NULL, null=True, related_name="plan_message")
    opted_out_at = models.DateTimeField(null=True)  # by the link in this very message

    objects = PlanMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "event", "way"], name="told_once_of_an_event"),
            models.CheckConstraint(
                name="plan_message_waits_for_something", condition=~Q(state="waiting") | Q(next_at__isnull=False)
            ),
            models.CheckConstraint(
                name="plan_message_next_only_while_waiting", condition=Q(state="waiting") | Q(next_at=None)
            ),
            models.CheckConstraint(
                name="plan_message_not_sent_says_why", condition=~Q(state="not_sent") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="plan_message_sent_has_time", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["next_at"], name="plan_message_due", condition=Q(state="waiting")),
            models.Index(fields=["plan", "state", "-due_at"], name="plan_message_of_plan"),
            models.Index(
                fields=["customer", "posted_at"], name="plan_message_counted", condition=Q(posted_at__isnull=False)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.event} to {self.customer_id}"


class MessageReply(models.Model):
    """What came back upon a message, kept as a contact with the customer."""

    message = models.ForeignKey(PlanMessage, models.CASCADE, related_name="replies")
    contact = models.OneToOneField(Contact, models.CASCADE, related_name="reply_to")
    key = models.TextField(blank=True, default="")  # the other side's own number of it: a repeat adds nothing
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "key"], condition=~Q(key=""), name="one_reply_a_key")
        ]

    def __str__(self) -> str:
        return f"reply to {self.message_id}"


# A message of the other one about the same event stays behind; `promise/answering.py` sees that only one is sent.
follows_customer("plan_message", once=("event", "way"))(PlanMessage)


class VisitRhythm(models.Model):
    """The regular contacts one customer has because of a service package; its series stands among their contacts."""

    package = models.ForeignKey("promise.Package", models.PROTECT, related_name="rhythms")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="visit_rhythms")
    series = models.OneToOneField("understand.ContactPlan", models.CASCADE, related_name="rhythm")
    every_days = models.PositiveSmallIntegerField()
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)  # as it began
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["package", "customer"], condition=Q(ended_at=None), name="one_visit_rhythm_a_customer"
            )
        ]

    def __str__(self) -> str:
        return f"package {self.package_id} for {self.customer_id}"
