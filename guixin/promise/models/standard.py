"""A service standard (服务标准): what is promised, to whom, in which working time, and who hears of a breach."""

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guixin.ledger import record
from guixin.ledger.wording import coded
from guixin.organisation.models import Calendar, Department, Person, Published
from guixin.organisation.naming import shown_by_name
from guixin.promise.events import StandardPublished
from guixin.web.languages import Named, for_reader


class Measure(models.TextChoices):
    """What exactly is promised. The first group is promised to the customer, the second between departments."""

    ACKNOWLEDGE = "acknowledge", _("Acknowledge")
    PRELIMINARY = "preliminary", _("Preliminary reply")
    REPLY = "reply", _("Reply")
    ON_SITE = "on_site", _("On site")
    RESOLVE = "resolve", _("Resolve")
    FOLLOW_UP = "follow_up", _("Follow up")
    ACCEPT = "accept", pgettext_lazy("measure", "Accept the task")
    RESULT = "result", _("Return a result")
    ROUTE = "route", _("Find the responsible department")
    ACT = "act", _("Act on an escalation")
    DECIDE = "decide", _("Decide a request")
    EMERGENCY = "emergency", _("Emergency in hand")
    REVIEW = "review", _("Review an emergency")
    PROPOSAL = "proposal", _("Answer a proposal")
    STATEMENT = "statement", _("Monthly statement")
    STRATEGY = "strategy", _("Step of a strategy")
    READ = "read", _("Read what one must know")
    CALL_BACK = "call_back", _("Call back")
    SOLVE = "solve", _("Answer a hard problem")
    RECOVERY_CONTACT = "recovery_contact", _("First contact of a recovery")
    RECOVERY = "recovery", _("Complete a recovery")


coded("measure", Measure.choices)


TO_CUSTOMER = (
    Measure.ACKNOWLEDGE,
    Measure.PRELIMINARY,
    Measure.REPLY,
    Measure.ON_SITE,
    Measure.RESOLVE,
)
TO_COLLEAGUES = (Measure.ACCEPT, Measure.RESULT)


class Standard(Named, models.Model):
    """A promise with a name and an owner; what it says is in its versions."""

    code = models.SlugField(unique=True)
    measure = models.TextField(choices=Measure)
    name = models.TextField()
    name_en = models.TextField(blank=True, default="")
    owner = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def publish(self, *, now: datetime, by_id: int | None = None, **terms) -> "StandardVersion":
        """Publish new terms as the next version. Running clocks keep the version they were promised."""
        last = self.versions.select_for_update().order_by("-number").first()
        if last and not last.withdrawn_at:
            StandardVersion.objects.filter(pk=last.pk).update(withdrawn_at=now)
        version = StandardVersion(
            standard=self,
            number=last.number + 1 if last else 1,
            published_at=now,
            published_by_id=by_id,
            **terms,
        )
        version.full_clean(
            exclude=["standard", "withdrawn_at", "published_by", "proposed_by", "ladder_minutes"]
        )  # may be empty
        version.save(force_insert=True)
        record(
            StandardPublished(
                happened_at=now,
                actor_id=by_id,
                about=("standard", self.pk),
                standard=self.code,
                number=version.number,
                budget_minutes=version.budget_minutes,
            )
        )
        return version


class StandardVersion(Published):
    """What a standard said from one publication to the next. Never edited once published."""

    standard = models.ForeignKey(Standard, models.PROTECT, related_name="versions")
    proposed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.TextField(blank=True, default="")  # why these terms
    review_on = models.DateField(null=True, blank=True)  # the day somebody looks whether they still fit

    # For whom. Blank means any; the version that says most about a case is the one it is promised.
    for_kind = models.TextField(blank=True, default="")
    for_category = models.TextField(blank=True, default="")  # a category code, with everything below it
    for_severity = models.PositiveSmallIntegerField(null=True, blank=True)  # this severe or worse
    for_grade = models.TextField(blank=True, default="")  # one of these letters
    for_channel = models.TextField(blank=True, default="")
    for_department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    only_in_packages = models.BooleanField(default=False)  # only to those whose service package binds it

    # What, in which working time. No calendar: that of the department that keeps the promise.
    budget_minutes = models.PositiveIntegerField()
    calendar = models.ForeignKey(Calendar, models.PROTECT, null=True, blank=True, related_name="+")
    pauses_for_customer = models.BooleanField(default=True)

    # When to warn (share of the budget), and how long after the breach (level 1) levels 2, 3 … follow.
    warn_percent = models.PositiveSmallIntegerField(null=True, blank=True, default=80)
    ladder_minutes = ArrayField(models.PositiveIntegerField(), default=list)
    repeat_minutes = models.PositiveIntegerField(null=True, blank=True, default=1440)

    # In the customer's words.
    promise = models.TextField(blank=True, default="")
    promise_en = models.TextField(blank=True, default="")
    remedy = models.TextField(blank=True, default="")
    remedy_en = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standard", "number"], name="one_version_a_number"),
            models.UniqueConstraint(
                fields=["standard"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_version_in_force",
            ),
            models.CheckConstraint(name="budget_is_positive", condition=models.Q(budget_minutes__gt=0)),
            models.CheckConstraint(
                name="warning_before_deadline",
                condition=models.Q(warn_percent__isnull=True)
                | models.Q(warn_percent__gte=1, warn_percent__lte=99),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard} v{self.number}"

    def promise_in(self, language: str) -> str:
        """What is promised, in the customer's words; without any, the name of the standard."""
        return for_reader(self.promise, language, self.promise_en) or self.standard.shown_name(language)

    def remedy_in(self, language: str) -> str:
        """What the customer gets when we break it; blank when nothing was promised for that."""
        return for_reader(self.remedy, language, self.remedy_en)

    @property
    def budget(self) -> timedelta:
        return timedelta(minutes=self.budget_minutes)


shown_by_name("standard", lambda: Standard, "standards")
