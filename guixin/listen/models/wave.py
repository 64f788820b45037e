"""A wave (批次): one questionnaire, asked of some customers from a day on; and who was invited to it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guixin.ledger.wording import coded
from guixin.listen.models.questionnaire import OwnedQuerySet, QuestionnaireVersion
from guixin.organisation.models import Person
from guixin.organisation.naming import shown_by_name
from guixin.serve.models import Case
from guixin.understand.following import follows_customer
from guixin.understand.models import Contact, Customer, Purchase
from guixin.web.languages import Named

coded(
    "wave_change",
    [
        ("opened", _("opened")),
        ("described", _("changed")),
        ("closed", pgettext_lazy("study", "closed")),
        ("reopened", _("opened again")),
        ("shared", _("its results were shared with the departments")),
    ],
)
coded("sending_change", [("stopped", _("stopped")), ("went on", _("goes on"))])


class Wave(Named, models.Model):
    """It asks one version, whatever is published later.

    `missing_codes`  values of a third party's file that mean "no answer", as they are written there ("-99")
    `answers_seen`   moves with every change of its answers; `figures` were counted when it was `figures_of`, by a worker, who last
                     began to at `tried_at`
    `is_anonymous`   no answer leads to a person: see docs/developers/decisions/0022
    `is_of_our_people`  our own people answer, as they think customers would: what managers believe (gap 1)
    `evidence`       what our records say beside the answers, counted at `evidence_at`: see listen/evidence.py
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.TextField()
    name_en = models.TextField(blank=True, default="")
    version = models.ForeignKey(QuestionnaireVersion, models.PROTECT, related_name="waves")
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+")
    plan = models.ForeignKey(
        "listen.WavePlan", models.PROTECT, null=True, related_name="waves", db_index=False
    )
    is_anonymous = models.BooleanField(default=False)
    is_of_our_people = models.BooleanField(default=False, db_default=False)
    missing_codes = models.JSONField(default=list, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    answers_seen = models.PositiveIntegerField(default=0)
    figures = models.JSONField(null=True, blank=True)
    figures_of = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    shared_at = models.DateTimeField(null=True)  # when the departments concerned were given its results
    evidence = models.JSONField(null=True, blank=True)
    evidence_at = models.DateTimeField(null=True, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey wave")
        indexes = [
            models.Index(
                fields=["id"], name="wave_to_count", condition=~Q(answers_seen=F("figures_of"))
            ),
            models.Index(fields=["plan"], name="wave_of_plan", condition=Q(plan__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def about(self) -> tuple[str, int]:
        return "wave", self.pk


class GroupFigures(models.Model):
    """What one group of a wave answered, as the worker counted it with the figures of the wave: see listen/groups.py.

    `by`         "segment", "department", "grade", "place", "answer:" and the code of a list of words, or "moment": no group of
                 people, but what all of them found at a moment of truth
    `key`        the id of the segment, department or place, the letter, the word, “blueprint:element”
    `responses`  none: fewer than may be told of an anonymous wave; `figures`: none with too few
    """

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="groups", db_index=False)
    by = models.TextField()
    key = models.TextField()
    responses = models.PositiveIntegerField(null=True)
    figures = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wave", "by", "key"], name="group_of_wave_once")]

    def __str__(self) -> str:
        return f"{self.by} {self.key}"


@follows_customer("survey_invitation")
class Invitation(models.Model):
    """One person's way into a wave. The token is theirs alone; we keep its hash. What it is about is carried to the
    response, unless the wave is anonymous. One that was drawn has a `key` and a `state`."""

    class State(models.TextChoices):
        """How far the invitation itself came; blank: a link that was handed over, we do not know to whom."""

        GIVEN = "", _("Link made")
        WAITING = "waiting", _("To be sent")
        POSTED = "posted", _("On its way")
        SENT = "sent", _("Sent")
        TO_CALL = "to_call", _("To be called")
        CALLED = "called", pgettext_lazy("call", "Called")
        NOT_SENT = "not_sent", _("Not sent")

    class Reason(models.TextChoices):
        """Why somebody of the frame is not asked, or an invitation was not sent."""

        ASKED = "asked", _("already in this wave")
        CONSENT = "consent", _("does not want to be asked")
        FATIGUE = "fatigue", _("was asked not long ago")
        ADDRESS = "address", _("has no address for it")
        QUOTA = "quota", _("enough of this kind have answered")
        CLOSED = "closed", _("the wave had ended")
        BOUNCED = "bounced", _("it could not be delivered")
        NO_ANSWER = "no_answer", _("nobody answered the phone")
        REFUSED = "refused", _("said no on the phone")
        WRONG_NUMBER = "wrong_number", _("the number is wrong")

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="invitations", db_index=False)
    token_hash = models.CharField(max_length=64, unique=True, null=True)  # none before it leaves
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.SET_NULL, null=True, related_name="+", db_index=False)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+", db_index=False)
    purchase = models.ForeignKey(Purchase, models.SET_NULL, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    is_answered = models.BooleanField(
        default=False
    )  # not when: beside the moment of a response it would name its author
    state = models.TextField(choices=State, blank=True, default="")
    reason = models.TextField(choices=Reason, blank=True, default="")
    key = models.TextField(null=True)  # what it is for, once a wave: "customer:12", "case:7:1"
    stratum = models.TextField(blank=True, default="")
    next_at = models.DateTimeField(null=True)  # when a worker takes it: to send it, or to remind
    sent_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    # By phone: how often it was tried and when last, not before when again, and whose call it is until when.
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    called_at = models.DateTimeField(null=True)
    call_at = models.DateTimeField(null=True)
    held_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    held_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wave", "key"], name="invited_once")]
        indexes = [
            models.Index(fields=["next_at"], name="invitation_due", condition=Q(next_at__isnull=False)),
            models.Index(fields=["wave", "id"], name="invitation_of_wave"),
            models.Index(fields=["customer"], name="invitation_of", condition=Q(customer__isnull=False)),
            models.Index(fields=["case"], name="invitation_about", condition=Q(case__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


shown_by_name("wave", lambda: Wave, "names", of="listen.")
