"""A questionnaire (问卷): what is asked, in versions; and its questions, which answers of every wave point to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guixin.ledger.wording import coded
from guixin.listen.questions import KINDS, Sheet
from guixin.organisation.access import scope_of
from guixin.organisation.models import Drafted, Person, Published
from guixin.organisation.models.position import Duty
from guixin.organisation.naming import shown_by_name
from guixin.web.languages import Named, for_reader

coded(
    "questionnaire_change",
    [
        ("added", _("added")),
        ("described", _("changed")),
        ("withdrawn", _("withdrawn")),
        ("restored", _("in use again")),
    ],
)


class OwnedQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Those who see every customer, and administrators, see them all; an owner sees theirs."""
        scope = scope_of(person)
        if scope.sees_everything or scope.is_front_desk or scope.has_duty(Duty.ADMINISTRATOR):
            return self
        return self.filter(owner_id=scope.person_id) if scope.person_id else self.none()


class Questionnaire(Named, Drafted):
    """`draft` holds what somebody works on; `draft_version` moves with every edit, so that two people do not overwrite each
    other. Withdrawn, no new wave asks it; answers stay."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.TextField()
    name_en = models.TextField(blank=True, default="")
    intro = models.TextField(blank=True, default="")  # what whoever answers reads first
    intro_en = models.TextField(blank=True, default="")
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("questionnaire")

    def __str__(self) -> str:
        return self.name

    @property
    def about(self) -> tuple[str, int]:
        return "questionnaire", self.pk

    @property
    def drafted(self) -> Sheet:
        return Sheet.read(self.draft or {})

    def in_force(self) -> "QuestionnaireVersion | None":
        return self.versions.filter(withdrawn_at=None).first()

    def shown_intro(self, language: str) -> str:
        return for_reader(self.intro, language, self.intro_en)


class QuestionnaireVersion(Published):
    """What it asked from one publication to the next; `note` says why it changed. Never edited once published."""

    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="versions")
    asks = models.JSONField()
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "number"], name="one_questionnaire_version_a_number"
            ),
            models.UniqueConstraint(
                fields=["questionnaire"], condition=Q(withdrawn_at=None), name="one_questionnaire_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire} v{self.number}"

    @property
    def sheet(self) -> Sheet:
        return Sheet.read(self.asks)


class Question(models.Model):
    """One question of a questionnaire through all its versions. Its words may become better; kind and scale stay."""

    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="questions")
    code = models.SlugField(max_length=40)
    kind = models.TextField(choices=KINDS)
    low = models.PositiveSmallIntegerField(null=True)
    high = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "code"], name="one_question_a_code"),
        ]

    def __str__(self) -> str:
        return self.code


shown_by_name("questionnaire", lambda: Questionnaire, "names", of="listen.")
