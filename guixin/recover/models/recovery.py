"""A recovery (服务补救): the plan to make the customer of one case whole, its steps, and what was consciously left out."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guixin.ledger.wording import coded
from guixin.organisation.access import scope_of
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Person
from guixin.promise.models import Escalation
from guixin.serve.models import Case, Failure, Goodwill


class Fault(models.TextChoices):
    OURS = "ours", _("Ours")
    THEIRS = "theirs", _("Not ours")
    SHARED = "shared", _("Shared")
    UNKNOWN = "unknown", _("Not yet known")


class Justice(models.TextChoices):
    """By what a customer judges how they were treated (三种公平)."""

    OUTCOME = "outcome", _("Fair outcome")
    PROCEDURE = "procedure", _("Fair procedure")
    MANNER = "manner", _("Fair manner")


class StepKind(models.TextChoices):
    APOLOGY = "apology", _("Apology")
    LISTENING = "listening", _("Listening")
    EXPLANATION = "explanation", _("Explanation")
    REDOING = "redoing", pgettext_lazy("recovery", "Done again")
    REFUND = "refund", _("Refund")
    REPLACEMENT = "replacement", pgettext_lazy("recovery", "Replacement")
    CREDIT = "credit", _("Credit")
    GIFT = "gift", _("Gift")


TANGIBLE = (StepKind.REFUND, StepKind.REPLACEMENT, StepKind.CREDIT, StepKind.GIFT)
# What a step answers to unless its planner says otherwise: being heard is procedure, being told and treated well manner.
ANSWERS_TO = {
    StepKind.APOLOGY: Justice.MANNER,
    StepKind.LISTENING: Justice.PROCEDURE,
    StepKind.EXPLANATION: Justice.MANNER,
    StepKind.REDOING: Justice.OUTCOME,
    **dict.fromkeys(TANGIBLE, Justice.OUTCOME),
}
# What repays in kind, by what the failure did: compensation works best like for like (Roschk and Gelbrich 2014).
IN_KIND = {
    Failure.MONEY: StepKind.REFUND,
    Failure.GOODS: StepKind.REPLACEMENT,
    Failure.SERVICE: StepKind.REDOING,
    Failure.ATTENTION: StepKind.APOLOGY,
}


class Again(models.TextChoices):
    """Why this is not the first failure of the same customer in the same matter. Whoever is let down twice is lost (Maxham and
    Netemeyer 2002): the recovery begins one level higher."""

    REOPENED = "reopened", pgettext_lazy("recovery", "opened again: the first answer did not do")
    REPEAT = "repeat", pgettext_lazy("recovery", "the same complaint for the second time")


class RecoveryQuerySet(models.QuerySet["Recovery"]):
    def running(self) -> "RecoveryQuerySet":
        return self.filter(state=Recovery.State.RUNNING)

    def visible_to(self, person: Person) -> "RecoveryQuerySet":
        """Whoever sees the case, who has a step to do or stands in for them, and whom it was raised to.

        They read with it what the case is about; the case itself only who sees it.
        """
        scope = scope_of(person)
        if scope.person_id is None:
            return self.none()
        if scope.sees_everything or scope.is_front_desk:
            return self
        told = Escalation.objects.filter(
            clock__about_kind=Recovery.ABOUT, clock__about_id=OuterRef("pk"), to_person=person
        )
        cases = Case.objects.visible_to(person).filter(pk=OuterRef("case"))
        steps = RecoveryStep.objects.filter(recovery=OuterRef("pk"), owner__in=_in_whose_place(person))
        return self.filter(Q(holder=person) | Exists(steps) | Exists(told) | Exists(cases))

    def waiting_for(self, person: Person) -> "RecoveryQuerySet":
        """Running ones this person answers for, or has a step of to do."""
        steps = RecoveryStep.objects.filter(
            recovery=OuterRef("pk"), owner__in=_in_whose_place(person), state=RecoveryStep.State.PLANNED
        )
        return self.running().filter(Q(holder=person) | Exists(steps))


def _in_whose_place(person: Person) -> list[int]:
    from guixin.ledger.clock import database_now

    now = database_now()
    ladder = Ladder.at(now)
    others = ladder.stands_in_for(person.pk, now) if ladder.is_somebodys_deputy(person.pk) else []
    return [person.pk, *others]


class Recovery(models.Model):
    """The plan of one case. It goes on after the case is closed: what was promised to the customer is still owed.

    severity, grade   those it was proposed by; one severity more than the case's where it is the second failure
    failure           what the failure did, one of Failure, blank: not known; `failure_from`: "category:quality/shade", the word of
                      the case that says so, blank: a person
    again             why it is the second failure, blank: it is the first
    holder            who answers for it: the owner of the case
    """

    ABOUT = "recovery"

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("recovery", "Running")
        FINISHED = "finished", pgettext_lazy("recovery", "Finished")
        DROPPED = "dropped", pgettext_lazy("recovery", "Given up")

    case = models.ForeignKey(Case, models.PROTECT, related_name="recoveries")
    state = models.TextField(choices=State, default=State.RUNNING)
    fault = models.TextField(choices=Fault)
    severity = models.PositiveSmallIntegerField(choices=Case.Severity)
    grade = models.TextField(blank=True, default="")
    failure = models.TextField(choices=Failure, blank=True, default="")
    failure_from = models.TextField(blank=True, default="")
    again = models.TextField(choices=Again, blank=True, default="")
    rule = models.ForeignKey(
        "recover.RecoveryRule", models.PROTECT, null=True, related_name="+", db_index=False
    )
    rule_number = models.PositiveIntegerField(null=True)
    holder = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    begun_at = models.DateTimeField()
    contacted_at = models.DateTimeField(null=True)  # first spoken to in this matter
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    end_note = models.TextField(blank=True, default="")

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("recovery")
        indexes = [
            models.Index(fields=["-begun_at", "-id"], name="recovery_latest"),
            models.Index(fields=["holder"], name="recovery_running", condition=Q(state="running")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="running"), name="one_recovery_at_a_time"
            ),
            models.CheckConstraint(
                name="recovery_ended_has_time",
                condition=Q(state="running", ended_at__isnull=True)
                | (~Q(state="running") & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="recovery_given_up_says_why", condition=~Q(state="dropped") | ~Q(end_note="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"

    @property
    def about(self) -> tuple[str, int]:
        return self.ABOUT, self.pk

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING


class RecoveryStep(models.Model):
    """One thing that is done for the customer, by one of us. A tangible one is done when what was promised is handed over.

    goodwill   what was promised for it; promised anew where that was refused or taken back
    """

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("step", "To do")
        DONE = "done", pgettext_lazy("step", "Done")
        DROPPED = "dropped", pgettext_lazy("step", "Left out")

    recovery = models.ForeignKey(Recovery, models.CASCADE, related_name="steps")
    kind = models.TextField(choices=StepKind)
    justice = models.TextField(choices=Justice)
    words = models.TextField(blank=True, default="")
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    amount = models.BigIntegerField(null=True)  # proposed, in minor units
    currency = models.TextField(blank=True, default="")
    goodwill = models.OneToOneField(Goodwill, models.PROTECT, null=True, related_name="+")
    state = models.TextField(choices=State, default=State.PLANNED)
    said = models.TextField(blank=True, default="")  # what was said, or why it is left out
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["owner"], name="recovery_step_to_do", condition=Q(state="planned"))]
        constraints = [
            models.CheckConstraint(
                name="recovery_step_done_has_time",
                condition=Q(state="planned", done_at__isnull=True)
                | (~Q(state="planned") & Q(done_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="recovery_step_money",
                condition=Q(amount__isnull=True) | (Q(amount__gt=0) & ~Q(currency="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recovery_id} {self.kind} {self.state}"

    @property
    def is_tangible(self) -> bool:
        return self.kind in TANGIBLE

    @property
    def is_planned(self) -> bool:
        return self.state == self.State.PLANNED

    @property
    def may_be_promised(self) -> bool:
        """Nothing is promised for it, or what was is off the table."""
        return (
            self.is_tangible
            and self.is_planned
            and (
                self.goodwill is None
                or self.goodwill.state in (Goodwill.State.REFUSED, Goodwill.State.WITHDRAWN)
            )
        )


class SkippedJustice(models.Model):
    """One of the three was consciously left out of a plan: who said so, and why."""

    recovery = models.ForeignKey(Recovery, models.CASCADE, related_name="skipped")
    justice = models.TextField(choices=Justice)
    reason = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recovery", "justice"], name="one_skip_a_justice"),
            models.CheckConstraint(name="skip_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.recovery_id} {self.justice}"


coded("fault", Fault.choices)
coded("failure", Failure.choices)
coded("again", Again.choices)
coded("justice", Justice.choices)
coded("step_kind", StepKind.choices)
