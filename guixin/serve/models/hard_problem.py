"""A hard problem (疑难问题): what nobody at work on a case can solve, put to somebody who knows, and what they concluded."""

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guixin.handbook.models import Article
from guixin.ledger.clock import database_now
from guixin.ledger.wording import coded
from guixin.organisation.access import scope_of
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Person, Skill
from guixin.promise.models import Escalation
from guixin.serve.models.case import Case

LISTS = ("mine", "asked", "open", "answered")


class HardProblemQuerySet(models.QuerySet["HardProblem"]):
    def open(self) -> "HardProblemQuerySet":
        return self.filter(state=HardProblem.State.OPEN)

    def put_to(self, person: Person, now: datetime | None = None) -> "HardProblemQuerySet":
        """Those this person is the expert of, or stands in for while the expert is away."""
        ladder, people = Ladder.at(now or timezone.now()), [person.pk]
        if ladder.is_somebodys_deputy(person.pk):
            people += ladder.stands_in_for(person.pk, now or database_now())
        return self.filter(expert__in=people)

    def visible_to(self, person: Person) -> "HardProblemQuerySet":
        """Whoever sees the case, its expert and who stands in, who knows the same field, and whom it was raised to.

        They read with it what the case is about, or they could not answer; the case itself only who sees it.
        """
        scope = scope_of(person)
        if scope.person_id is None:
            return self.none()
        if scope.sees_everything:
            return self
        told = Escalation.objects.filter(
            clock__about_kind=HardProblem.ABOUT, clock__about_id=OuterRef("pk"), to_person=person
        )
        cases = Case.objects.visible_to(person).filter(pk=OuterRef("case"))
        knows = Skill.objects.filter(pk=OuterRef("skill"), people=person)
        put_to = HardProblem.objects.put_to(person).values("pk")
        return self.filter(
            Q(pk__in=put_to) | Q(asked_by=person) | Exists(told) | Exists(knows) | Exists(cases)
        )

    def waiting_for(self, person: Person, now: datetime) -> "HardProblemQuerySet":
        """Open ones of this person, of whom they stand in for, or raised to them."""
        told = Escalation.objects.waiting_for(person.pk).filter(clock__about_kind=HardProblem.ABOUT)
        put_to = HardProblem.objects.put_to(person, now).values("pk")
        return self.open().filter(Q(pk__in=put_to) | Q(pk__in=told.values("clock__about_id")))

    def listed(self, which: str, person: Person, now: datetime) -> "HardProblemQuerySet":
        """One of LISTS: what waits for this person, what they asked, and what they may see besides."""
        seen = self.visible_to(person)
        return {
            "mine": self.waiting_for(person, now),
            "asked": seen.filter(asked_by=person),
            "open": seen.open(),
            "answered": seen.filter(state=HardProblem.State.ANSWERED),
        }[which]


class HardProblem(models.Model):
    """One question of a case to one expert. The conclusion has a cause, a remedy and what the customer is told; kept in
    the handbook, `article` is what it became."""

    ABOUT = "hard_problem"

    class State(models.TextChoices):
        OPEN = "open", _("With the expert")
        ANSWERED = "answered", _("Answered")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    case = models.ForeignKey(Case, models.CASCADE, related_name="hard_problems")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+", db_index=False)
    question = models.TextField()
    state = models.TextField(choices=State, default=State.OPEN)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    expert = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    instead_of = models.ForeignKey(  # whose deputy was asked
        Person, models.PROTECT, null=True, related_name="+", db_index=False
    )
    cause = models.TextField(blank=True, default="")
    remedy = models.TextField(blank=True, default="")
    tell_customer = models.TextField(blank=True, default="")
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)
    article = models.ForeignKey(Article, models.PROTECT, null=True, related_name="+")

    objects = HardProblemQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["expert", "case"], name="hard_problem_of_expert"),
            models.Index(fields=["-asked_at", "-id"], name="hard_problem_newest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "skill"], condition=Q(state="open"), name="one_open_problem_a_skill"
            ),
            models.CheckConstraint(
                name="hard_problem_state",
                condition=Q(state="open", ended_at=None)
                | Q(state="answered", ended_at__isnull=False) & ~Q(remedy="")
                | Q(state="withdrawn", ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"problem {self.pk} of case {self.case_id}"

    @property
    def about(self) -> tuple[str, int]:
        return self.ABOUT, self.pk

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


coded("became", [("article", _("an article")), ("lesson", _("a lesson"))])
