"""Robots (群机器人): addresses in a chat of the firm where notices are posted; what each has still to say; and by which
ways each person wants to be told."""

from datetime import datetime, time

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guixin.channels.models.notice import Notice
from guixin.channels.notice_topics import by_mail, by_robot
from guixin.ledger.wording import coded
from guixin.organisation.models import Department, Person


def is_quiet(begins: time | None, ends: time | None, at: datetime) -> bool:
    """Whether this instant lies in the quiet span, which may go over midnight; by the firm's clock on the wall."""
    if begins is None or ends is None or begins == ends:
        return False
    wall = timezone.localtime(at).time()
    return begins <= wall < ends if begins < ends else wall >= begins or wall < ends


class Robot(models.Model):
    """Where notices of a department (or, without one, of the whole firm) are posted. `url` and `secret` let whoever has
    them write into the chat: no page, answer or entry shows them."""

    class Kind(models.TextChoices):
        DINGTALK = "dingtalk", _("DingTalk")
        WECOM = "wecom", _("WeCom")
        FEISHU = "feishu", _("Feishu")
        WEBHOOK = "webhook", _("Any webhook")

    name = models.TextField()
    kind = models.TextField(choices=Kind)
    url = models.TextField()
    secret = models.TextField(blank=True, default="")  # signs each call, where the chat asks for it
    keyword = models.TextField(blank=True, default="")  # DingTalk and Feishu: must stand in each message
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+")
    topics = ArrayField(models.TextField(), default=list, blank=True)  # empty: all
    mentions = models.BooleanField(default=False)  # calls people by their phone, where the chat can
    language = models.TextField(default="zh-hans")
    a_minute = models.PositiveSmallIntegerField(  # what the chat allows; more would mute the robot
        default=20, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    gap_seconds = models.PositiveIntegerField(  # what comes sooner waits and is merged
        default=60, validators=[MaxValueValidator(86_400)]
    )
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    recent = ArrayField(
        models.DateTimeField(), default=list, blank=True
    )  # when it spoke within the last minute
    stopped_at = models.DateTimeField(null=True)  # it was given up; until somebody looks after it
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="robot_kind", condition=Q(kind__in=["dingtalk", "wecom", "feishu", "webhook"])
            ),
            models.CheckConstraint(
                name="robot_quiet_hours_have_two_ends",
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def lane(self) -> str:
        return f"robot:{self.pk}"

    @property
    def shown_url(self) -> str:
        """Where it leads, without what opens it."""
        host = self.url.split("/")[2] if self.url.count("/") >= 2 else ""
        return f"{host}/…"

    def is_quiet(self, now: datetime) -> bool:
        return is_quiet(self.quiet_from, self.quiet_to, now)


class RobotLine(models.Model):
    """One notice that a robot posts, or has posted: several people's notices of one event are one line of its message."""

    robot = models.ForeignKey(Robot, models.CASCADE, related_name="lines", db_index=False)
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="+", db_index=False)
    is_urgent = models.BooleanField()
    at = models.DateTimeField()
    said_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["robot"], name="robot_line_unsaid", condition=Q(said_at__isnull=True)),
            models.Index(fields=["said_at"], name="robot_line_said", condition=Q(said_at__isnull=False)),
            models.Index(fields=["notice"], name="robot_line_of_notice"),
        ]

    def __str__(self) -> str:
        return f"{self.robot_id} {self.notice_id}"


class NoticeWishes(models.Model):
    """By which ways one person is told of which topics, and when they are left in peace. Their page always tells."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="+")
    mail = ArrayField(models.TextField(), default=by_mail, blank=True)
    robot = ArrayField(models.TextField(), default=by_robot, blank=True)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="wishes_quiet_hours_have_two_ends",
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.person_id)

    @classmethod
    def of(cls, person: Person) -> "NoticeWishes":
        return cls.objects.filter(person=person).first() or cls(person=person)


class NoticeRules(models.Model):
    """The firm's own choice about notices: one row; until it is saved, the default holds."""

    only_one = models.BooleanField(primary_key=True, default=True)
    urgent_passes = models.BooleanField(default=True)  # what is urgent is told in quiet hours too

    class Meta:
        constraints = [models.CheckConstraint(name="one_notice_rules", condition=Q(only_one=True))]

    def __str__(self) -> str:
        return "notice rules"


def urgent_passes() -> bool:
    rules = NoticeRules.objects.first()
    return rules.urgent_passes if rules else True


coded("robot_kind", Robot.Kind.choices)
