"""A standing plan (长期计划): waves that begin by themselves, every so many months or whenever something happens to a customer."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.ledger.wording import coded
from guixin.listen.models.questionnaire import OwnedQuerySet, Questionnaire
from guixin.organisation.models import Person
from guixin.organisation.naming import shown_by_name
from guixin.web.languages import Named

coded(
    "wave_plan_change",
    [
        ("begun", _("begun")),
        ("changed", _("changed")),
        ("withdrawn", _("stopped")),
        ("restored", _("let run again")),
    ],
)


class WavePlan(Named, models.Model):
    """Every so many months it opens a wave and draws its sample. Upon an event it invites whom it happened to, into one wave a
    quarter, so that quarters compare.

    `only`          what of an event it is about (see listen/happenings.py)
    `one_in`        of so many events one is asked about, always the same ones
    `is_follow_up`  of closed cases: it is the follow-up of the case, sent when that is due, and its outcome
    `places`        codes of the opinion points its waves are asked at, each taking over from the one before
    `seen_until`    events up to here were looked at
    `trouble`       why the last wave could not be drawn
    `number`        moves with every change; what it said before is in the ledger
    """

    class Begins(models.TextChoices):
        MONTHS = "months", _("Every so many months")
        CASE_CLOSED = "case_closed", _("When a case is closed")
        CONTACT_MADE = "contact_made", _("After a visit or another contact")
        PURCHASED = "purchased", _("After a purchase")

    code = models.SlugField(max_length=30, unique=True)
    name = models.TextField()
    name_en = models.TextField(blank=True, default="")
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="wave_plans")
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+")
    begins = models.TextField(choices=Begins)
    every_months = models.PositiveSmallIntegerField(default=3)
    next_on = models.DateField(null=True)
    frame = models.JSONField(default=dict, blank=True)
    size = models.PositiveIntegerField(null=True)
    by = models.TextField(blank=True, default="")
    only = models.JSONField(default=dict, blank=True)
    one_in = models.PositiveSmallIntegerField(default=1)
    is_follow_up = models.BooleanField(default=False)
    remind_after_days = models.PositiveSmallIntegerField(null=True)
    places = models.JSONField(default=list, blank=True, db_default=[])
    seen_until = models.DateTimeField()
    trouble = models.TextField(blank=True, default="")
    number = models.PositiveIntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing plan")
        constraints = [
            models.CheckConstraint(
                name="wave_plan_has_its_day", condition=~Q(begins="months") | Q(next_on__isnull=False)
            ),
            models.CheckConstraint(
                name="wave_plan_asks_some", condition=Q(one_in__gte=1, every_months__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def about(self) -> tuple[str, int]:
        return "wave_plan", self.pk


shown_by_name("plan", lambda: WavePlan, "names", of="listen.")
