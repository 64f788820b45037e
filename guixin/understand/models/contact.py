"""Contacts (客户接触): calls, visits, meetings, seminars and social events, planned, made, and missed."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guixin.ledger.wording import coded
from guixin.organisation.access import scope_of
from guixin.organisation.models import Person, Post
from guixin.understand.following import follows_customer
from guixin.understand.models.customer import Customer


class ContactKind(models.TextChoices):
    CALL = "call", _("Call")
    VISIT = "visit", pgettext_lazy("contact", "Visit")
    MEETING = "meeting", _("Meeting")
    SEMINAR = "seminar", _("Seminar")
    SOCIAL = "social", _("Social event")
    MESSAGE = "message", _("Message")


class OwnedQuerySet(models.QuerySet):
    def visible_to(self, person):
        """One's own; those of the people of a department one sees; all for those who see every customer."""
        scope = scope_of(person)
        if scope.sees_everything or scope.is_front_desk:
            return self
        if scope.person_id is None:
            return self.none()
        seats = Post.objects.filter(
            person_id=OuterRef("owner_id"), until=None, position__department_id__in=scope.department_ids
        )
        return self.filter(Q(owner_id=scope.person_id) | Exists(seats))


class ContactPlan(models.Model):
    """A series: the same contact every few weeks or months, on working days of whoever makes it."""

    class Unit(models.TextChoices):
        DAYS = "days", _("days")
        WEEKS = "weeks", _("weeks")
        MONTHS = "months", _("months")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contact_plans", db_index=False)
    kind = models.TextField(choices=ContactKind)
    subject = models.TextField()
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    every = models.PositiveSmallIntegerField()
    unit = models.TextField(choices=Unit)
    first_on = models.DateField()
    until_on = models.DateField(null=True)
    at = models.TimeField(null=True)  # none: some time that day
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(every__gte=1) & (Q(every__lte=60) | Q(unit="days", every__lte=999)),
                name="contact_plan_every",
            ),
        ]
        indexes = [
            models.Index(fields=["owner"], name="contact_plan_running", condition=Q(ended_at=None)),
            models.Index(fields=["customer"], name="contact_plan_customer"),
        ]

    def __str__(self):
        return f"plan {self.pk} for {self.customer_id}"


class ContactQuerySet(OwnedQuerySet):
    def planned(self) -> "ContactQuerySet":
        return self.filter(state=Contact.State.PLANNED)

    def due_by(self, day: date) -> "ContactQuerySet":
        """Planned for this day or one before, the oldest first."""
        return self.planned().filter(planned_on__lte=day).order_by("planned_on", "planned_at", "pk")


class Contact(models.Model):
    """One contact with a customer. Planned: for a day, perhaps an hour, until `due_at`, the end of that working day.
    After that it is missed, and goes up the ladder every working day until it is made, moved or cancelled."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        MADE = "made", _("Made")
        CANCELLED = "cancelled", _("Cancelled")

    class Outcome(models.TextChoices):
        GOOD = "good", _("Went well")
        MIXED = "mixed", _("Mixed")
        BAD = "bad", _("Went badly")
        NOT_REACHED = "not_reached", _("Not reached")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="customer_contacts", db_index=False)
    kind = models.TextField(choices=ContactKind)
    subject = models.TextField(blank=True)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(  # of a company: with whom
        Customer, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    state = models.TextField(choices=State)
    planned_on = models.DateField(null=True)
    planned_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    plan = models.ForeignKey(ContactPlan, models.PROTECT, null=True, related_name="contacts", db_index=False)
    number = models.PositiveIntegerField(null=True)  # in its series
    moved = models.BooleanField(default=False)  # by hand: the series leaves it alone
    made_at = models.DateTimeField(null=True)
    outcome = models.TextField(choices=Outcome, blank=True, default="")
    notes = models.TextField(blank=True)
    next_step = models.TextField(blank=True)
    reason = models.TextField(blank=True)  # why it was cancelled
    missed_at = models.DateTimeField(null=True)  # the deadline it ran past
    level = models.PositiveSmallIntegerField(default=0)  # how high it has gone
    raised_to = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    next_at = models.DateTimeField(null=True)  # when it is looked at again

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["planned", "made", "cancelled"]), name="contact_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="planned") | Q(planned_on__isnull=False, due_at__isnull=False),
                name="contact_planned_has_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="made") | Q(made_at__isnull=False), name="contact_made_has_time"
            ),
            models.CheckConstraint(
                condition=Q(state="planned") | Q(next_at=None), name="contact_next_only_while_planned"
            ),
            models.UniqueConstraint(fields=["plan", "number"], name="contact_once_in_its_series"),
        ]
        indexes = [
            models.Index(fields=["customer", "id"], name="contact_of_customer"),
            models.Index(fields=["next_at"], name="contact_next", condition=Q(next_at__isnull=False)),
            models.Index(
                fields=["owner", "planned_on"], name="contact_planned", condition=Q(state="planned")
            ),
            models.Index(fields=["owner", "made_at"], name="contact_made", condition=Q(state="made")),
            models.Index(
                fields=["raised_to"],
                name="contact_raised",
                condition=Q(state="planned", raised_to__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.state} {self.customer_id}"

    @property
    def is_planned(self) -> bool:
        return self.state == self.State.PLANNED

    @property
    def is_missed(self) -> bool:
        return self.is_planned and self.missed_at is not None


def _in_words(contact: "Contact") -> str:
    on = contact.made_at or contact.planned_on
    return f"{contact.get_kind_display()} {on:%Y-%m-%d} {contact.subject}" if on else contact.subject


coded("contact_kind", ContactKind.choices)
coded("contact_outcome", Contact.Outcome.choices)
coded("series_change", [("planned", _("begun")), ("changed", _("changed")), ("ended", _("ended"))])
follows_customer("contact_log", words=_in_words)(Contact)
follows_customer("contact_log_person", field="person")(Contact)
follows_customer("contact_plan")(ContactPlan)
