from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guixin.organisation.naming import shown_by_name
from guixin.web.languages import for_reader


class Rank(models.IntegerChoices):
    """The usual five steps of the ladder. A firm may have any number: a rank is only ever compared."""

    HANDLER = 1, _("Handler")
    SUPERVISOR = 2, _("Supervisor")
    DEPARTMENT_HEAD = 3, _("Department head")
    DIRECTOR = 4, _("Director")
    GENERAL_MANAGER = 5, _("General manager")


class Sees(models.TextChoices):
    """Whose cases the holder of a position may see, besides their own."""

    OWN = "own", _("Own only")
    DEPARTMENT = "department", _("Own department")
    SUBTREE = "subtree", _("Own department and all below")
    EVERYTHING = "everything", _("Everything")


class Duty(models.TextChoices):
    """What a position does for the whole firm."""

    FRONT_DESK = "front_desk", _("Front desk")
    COORDINATOR = "coordinator", _("Coordinator")
    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Auditor")
    KNOWLEDGE_STEWARD = "knowledge_steward", _("Knowledge steward")
    FINANCE = "finance", _("Finance")


class Position(models.Model):
    """A chair in a department: how high it stands, what it sees, which firm-wide duties come with it."""

    department = models.ForeignKey("organisation.Department", models.PROTECT, related_name="positions")
    code = models.TextField(unique=True)
    title = models.TextField()
    title_en = models.TextField(blank=True)
    rank = models.PositiveSmallIntegerField(default=Rank.HANDLER)
    sees = models.TextField(choices=Sees, default=Sees.DEPARTMENT)
    duties = ArrayField(models.TextField(choices=Duty), default=list, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(rank__gte=1), name="position_rank_from_one"),
            models.CheckConstraint(condition=Q(sees__in=Sees.values), name="position_sees_known"),
            models.CheckConstraint(
                condition=Q(duties__contained_by=Duty.values), name="position_duties_known"
            ),
        ]

    def __str__(self):
        return self.title

    def shown_name(self, language: str) -> str:
        return for_reader(self.title, language, self.title_en)


class Post(models.Model):
    """Somebody in a position, on the days [since, until). A person may hold several at once."""

    person = models.ForeignKey("organisation.Person", models.CASCADE, related_name="posts")
    position = models.ForeignKey(Position, models.PROTECT, related_name="posts")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    is_main = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "position", "since"], name="post_once"),
            models.UniqueConstraint(
                fields=["person"], name="post_one_main", condition=Q(is_main=True, until__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="post_until_after_since"
            ),
        ]

    def __str__(self):
        return f"{self.person_id} as {self.position_id}"


for _of in ("organisation.position_", "organisation.post_"):
    shown_by_name("code", lambda: Position, "organisation", of=_of, name="title")
    shown_by_name("position", lambda: Position, "organisation", of=_of, name="title")
