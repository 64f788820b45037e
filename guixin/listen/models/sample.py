"""A sample (抽样): who of a frame is asked by a wave, how it was drawn, and in which words; and the firm's rule against asking too often."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.listen.models.wave import Wave
from guixin.organisation.models import Person
from guixin.organisation.revisions import cached_until_changed


class Way(models.TextChoices):
    """How those who were drawn are asked."""

    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("By phone, one of us reads the questions out")


class By(models.TextChoices):
    """What tells the strata apart."""

    NOTHING = "", _("Not told apart")
    GRADE = "grade", _("Grade")
    SEGMENT = "segment", _("Segment")
    MARKET = "market", _("Market")
    DEPARTMENT = "department", _("Department of the case")


class Allocation(models.TextChoices):
    PROPORTIONAL = "proportional", _("As they are among all")
    EQUAL = "equal", _("As many of each")


class Sample(models.Model):
    """The plan of one wave, until it is drawn; then how it was drawn.

    `frame`         where people come from, as `listen/frames.py` reads it
    `size`          how many are asked at most; null: everybody
    `quotas`        by stratum, after how many answers nobody else of it is asked
    `expected_rate` per cent of those asked who will answer, as somebody assumes; null: as in earlier waves
    `words`         subject, subject_en, body, body_en of the mail; blank: the usual ones
    `drawn`         what was found when it was drawn: {"frame": 1200, "left_out": {"fatigue": 80}, "strata": {"A": {…}}}
    `seal`          what tokens are made from, beside our secret key. An anonymous wave forgets it with the last mail, and from
                    then on nobody can tell whose answer is whose
    """

    wave = models.OneToOneField(Wave, models.CASCADE, related_name="sample")
    frame = models.JSONField()
    way = models.TextField(choices=Way, default=Way.EMAIL)
    size = models.PositiveIntegerField(null=True)
    by = models.TextField(choices=By, blank=True, default="")
    allocation = models.TextField(choices=Allocation, default=Allocation.PROPORTIONAL)
    quotas = models.JSONField(default=dict, blank=True)
    seed = models.PositiveIntegerField()
    expected_rate = models.PositiveSmallIntegerField(null=True)
    asks_open_complaints = models.BooleanField(default=False)  # whatever they were asked lately
    remind_after_days = models.PositiveSmallIntegerField(null=True)
    valid_days = models.PositiveSmallIntegerField(null=True)
    words = models.JSONField(default=dict, blank=True)
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    drawn_at = models.DateTimeField(null=True)
    drawn_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    drawn = models.JSONField(null=True)
    stopped_at = models.DateTimeField(null=True)  # nothing more leaves until it goes on
    seal = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="sample_drawn_with_what", condition=Q(drawn_at=None, drawn=None) | Q(drawn_at__isnull=False, drawn__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"sample of wave {self.wave_id}"


class AskingRules(models.Model):
    """The firm's rules for all waves together. One row; until it is saved, the defaults hold."""

    only_one = models.BooleanField(primary_key=True, default=True)
    quiet_days = models.PositiveSmallIntegerField(default=90)  # nobody is invited twice within so many days
    quiet_from = models.TimeField(null=True)  # no mail leaves between these times of the day
    quiet_to = models.TimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="one_asking_rules", condition=Q(only_one=True)),
            models.CheckConstraint(
                name="asking_quiet_has_both_ends",
                condition=Q(quiet_from=None, quiet_to=None) | Q(quiet_from__isnull=False, quiet_to__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return "rules of asking"


@cached_until_changed("asking")
def asking_rules() -> AskingRules:
    return AskingRules.objects.first() or AskingRules()
