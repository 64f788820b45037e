"""Web call-back (网页回呼): the customer picks a time, we ring. The lines that offer times, and each call promised."""

import secrets
from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guixin.ledger.wording import coded
from guixin.organisation.access import scope_of
from guixin.organisation.models import Department, Person
from guixin.promise.models import Escalation
from guixin.serve.models.case import Case
from guixin.understand.following import follows_customer
from guixin.understand.masking import mask_phone
from guixin.understand.models import Customer
from guixin.web.languages import Named


def _between(least: int, most: int) -> list:
    return [MinValueValidator(least), MaxValueValidator(most)]


class CallBackLine(Named, models.Model):
    """A department that rings customers back (回电专线): its windows, how many calls each holds, how often it tries."""

    code = models.SlugField(unique=True)
    name = models.TextField()  # what customers read: "Service", "Orders and delivery"
    name_en = models.TextField(blank=True, default="")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    window_minutes = models.PositiveSmallIntegerField(default=60, validators=_between(15, 480))
    capacity = models.PositiveSmallIntegerField(default=4, validators=_between(1, 1000))
    days_ahead = models.PositiveSmallIntegerField(default=3, validators=_between(1, 30))  # working days
    tries = models.PositiveSmallIntegerField(default=3, validators=_between(1, 9))
    again_after_minutes = models.PositiveSmallIntegerField(default=15, validators=_between(1, 480))
    most_open = models.PositiveSmallIntegerField(default=2, validators=_between(1, 20))  # for one number
    is_open = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name

    @property
    def window(self) -> timedelta:
        return timedelta(minutes=self.window_minutes)

    @property
    def again_after(self) -> timedelta:
        return timedelta(minutes=self.again_after_minutes)


class CallBackQuerySet(models.QuerySet):
    def open(self) -> "CallBackQuerySet":
        return self.filter(state__in=CallBack.OPEN)

    def visible_to(self, person) -> "CallBackQuerySet":
        """The front desk and those who see everything; the people of the line's department; who has it, and whom it
        was raised to."""
        scope = scope_of(person)
        if scope.sees_everything or scope.is_front_desk:
            return self
        if scope.person_id is None:
            return self.none()
        told = Escalation.objects.filter(
            clock__about_kind=CallBack.ABOUT, clock__about_id=OuterRef("pk"), to_person=person
        )
        departments = scope.department_ids | scope.own_department_ids
        return self.filter(Q(line__department_id__in=departments) | Q(taken_by=person) | Exists(told))

    def due_by(self, moment) -> "CallBackQuerySet":
        """Open ones whose window begins by this moment, the nearest deadline first."""
        return self.open().filter(window_from__lte=moment).order_by("window_to", "pk")


class CallBack(models.Model):
    """One call promised to a customer, for a window [window_from, window_to). Its clock runs in the window of this try."""

    ABOUT = "call_back"

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("call-back", "Waiting")
        TAKEN = "taken", _("Being called")
        MADE = "made", _("Called back")
        NOT_REACHED = "not_reached", _("Not reached")
        CANCELLED = "cancelled", _("Cancelled")

    OPEN = (State.WAITING, State.TAKEN)

    class Outcome(models.TextChoices):
        ANSWERED = "answered", _("Answered on the phone")
        OPENED = "opened", _("Became a case")
        JOINED = "joined", _("Joined a case")

    line = models.ForeignKey(CallBackLine, models.PROTECT, related_name="call_backs", db_index=False)
    token = models.TextField(unique=True)  # the secret part of the customer's link
    once = models.TextField(unique=True, null=True)  # a form sent twice is one wish
    customer = models.ForeignKey(
        Customer, models.CASCADE, null=True, related_name="call_backs", db_index=False
    )
    case = models.ForeignKey(
        Case, models.SET_NULL, null=True, related_name="call_backs", db_index=False
    )  # the one it is about, or became
    said_number = models.TextField(blank=True, default="")  # the number of a case, as the customer gave it
    phone = models.TextField()  # as understood: +8613912345678
    about_words = models.TextField()  # what it is about, in the customer's words
    language = models.TextField(default="zh-hans")
    asked_at = models.DateTimeField()
    window_from = models.DateTimeField()
    window_to = models.DateTimeField()
    first_from = (
        models.DateTimeField()
    )  # the window the customer has chosen, which takes its place in the day
    state = models.TextField(choices=State, default=State.WAITING)
    generation = models.PositiveSmallIntegerField(default=1)  # a new window runs a new clock
    tries = models.PositiveSmallIntegerField(default=0)  # made in vain so far
    taken_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    taken_at = models.DateTimeField(null=True)
    rang_at = models.DateTimeField(null=True)  # the number was shown to whoever rings
    outcome = models.TextField(choices=Outcome, blank=True, default="")
    note = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    objects = CallBackQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["line", "window_from"],
                name="call_back_open",
                condition=Q(state__in=["waiting", "taken"]),
            ),
            models.Index(fields=["line", "first_from"], name="call_back_places"),
            models.Index(
                fields=["phone"], name="call_back_of_phone", condition=Q(state__in=["waiting", "taken"])
            ),
            models.Index(fields=["customer"], name="call_back_of_customer"),
            models.Index(fields=["case"], name="call_back_of_case", condition=Q(case__isnull=False)),
            models.Index(fields=["-ended_at", "-id"], name="call_back_ended"),
        ]
        constraints = [
            models.CheckConstraint(
                name="call_back_state",
                condition=Q(state__in=["waiting", "taken", "made", "not_reached", "cancelled"]),
            ),
            models.CheckConstraint(name="call_back_window", condition=Q(window_to__gt=F("window_from"))),
            models.CheckConstraint(
                name="call_back_taken_by_somebody", condition=~Q(state="taken") | Q(taken_by__isnull=False)
            ),
            models.CheckConstraint(
                name="call_back_made_has_outcome", condition=~Q(state="made") | ~Q(outcome="")
            ),
            models.CheckConstraint(
                name="call_back_ended_has_time",
                condition=Q(state__in=["waiting", "taken"], ended_at__isnull=True)
                | Q(state__in=["made", "not_reached", "cancelled"], ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phone[-4:]} {self.state}"

    @property
    def about(self) -> tuple[str, int]:
        return self.ABOUT, self.pk

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def shown_phone(self) -> str:
        return mask_phone(self.phone)

    @staticmethod
    def new_token() -> str:
        """144 bits."""
        return secrets.token_urlsafe(18)


def _in_words(call_back: CallBack) -> str:
    return f"{call_back.window_from:%Y-%m-%d %H:%M} {call_back.about_words}"


coded("call_back_outcome", CallBack.Outcome.choices)
follows_customer("call_back", words=_in_words)(CallBack)
