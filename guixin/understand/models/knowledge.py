"""Knowledge (知识): what we know of customers and of their market, who judged it, how long it holds, who used it.

Customer knowledge and market intelligence are one noun (docs/developers/decisions/0017): both are captured, judged, given
a topic, shared, used and reviewed. Who must know of an item, and has seen it, stands in `knowledge_share.py`.
"""

from datetime import date

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guixin.ledger.wording import coded
from guixin.organisation.access import Scope, scope_of
from guixin.organisation.ladder import Ladder
from guixin.organisation.models import Person
from guixin.organisation.models.position import Duty, Rank
from guixin.search.asking import containing
from guixin.understand.folding import folded_name
from guixin.understand.following import follows_customer
from guixin.understand.models.customer import Customer
from guixin.understand.models.segment import Segment


class KnowledgeKind(models.TextChoices):
    """The first three are knowledge of customers, the others market intelligence."""

    INTERACTION = "interaction", _("What they told us")
    OBSERVATION = "observation", pgettext_lazy("knowledge", "What we observed")
    PREDICTION = "prediction", _("What we expect")
    COMPETITOR = "competitor", _("Competitor")
    PRICE = "price", _("Prices")
    ORDER_PLAN = "order_plan", _("Order plans")
    SUPPLY = "supply", _("Supply")
    STANDARD = "standard", _("Standards and rules")
    CONTACTS = "contacts", _("People and contacts")


OF_CUSTOMERS = (KnowledgeKind.INTERACTION, KnowledgeKind.OBSERVATION, KnowledgeKind.PREDICTION)
OF_THE_MARKET = tuple(kind for kind in KnowledgeKind if kind not in OF_CUSTOMERS)
FAMILIES = {"customers": OF_CUSTOMERS, "market": OF_THE_MARKET}
WHICH = ("unread", "flagged", "ended")


class Reliability(models.TextChoices):
    """How far the source can be relied on, whatever it says this time: the letter of the Admiralty code (NATO AJP-2.1)."""

    A = "A", _("A · completely reliable")
    B = "B", _("B · usually reliable")
    C = "C", _("C · fairly reliable")
    D = "D", _("D · not usually reliable")
    E = "E", _("E · unreliable")
    F = "F", _("F · cannot be judged yet")


class Credibility(models.IntegerChoices):
    """How likely it is that this is true, whoever says so: the figure of the Admiralty code."""

    CONFIRMED = 1, _("1 · confirmed by others")
    PROBABLY = 2, _("2 · probable")
    POSSIBLY = 3, _("3 · possible")
    DOUBTFUL = 4, _("4 · doubtful")
    IMPROBABLE = 5, _("5 · improbable")
    UNKNOWN = 6, _("6 · cannot be judged yet")


class Worth(models.IntegerChoices):
    BACKGROUND = 1, _("Background")
    USEFUL = 2, pgettext_lazy("knowledge", "Useful")
    DECISIVE = 3, _("Changes what we do")


class KnowledgeState(models.TextChoices):
    CAPTURED = "captured", _("to be judged")
    JUDGED = "judged", _("to be given a topic")
    KEPT = "kept", _("kept")
    DROPPED = "dropped", _("not worth keeping")
    ENDED = "ended", _("no longer holds")


OPEN = (KnowledgeState.CAPTURED, KnowledgeState.JUDGED, KnowledgeState.KEPT)


def keeps_knowledge(scope: Scope) -> bool:
    """The knowledge steward (知识管理员), and whoever sees everything."""
    return scope.has_duty(Duty.KNOWLEDGE_STEWARD) or scope.sees_everything


class KnowledgeQuerySet(models.QuerySet["Knowledge"]):
    def visible_to(self, person) -> "KnowledgeQuerySet":
        """The steward and the front desk see all. Others see what they captured, what is about their customers and
        segments, and what was shared with their department, one above it, or one below that they look after."""
        scope = scope_of(person)
        if scope.person_id is None:
            return self.none()
        if keeps_knowledge(scope) or scope.is_front_desk:
            return self
        shared = Q(department_id__in=departments_that_reach(scope))
        shares = Knowledge._meta.apps.get_model("understand", "KnowledgeShare").objects
        return self.filter(
            Q(captured_by_id=scope.person_id)
            | Q(customer__in=Customer.objects.visible_to(person))
            | Q(segment__in=Segment.objects.visible_to(person))
            | Exists(shares.filter(shared, knowledge=OuterRef("pk")))
        )

    def open(self) -> "KnowledgeQuerySet":
        return self.filter(state__in=OPEN)

    def to_judge(self) -> "KnowledgeQuerySet":
        return self.filter(state=KnowledgeState.CAPTURED).order_by("captured_at", "pk")

    def without_topic(self) -> "KnowledgeQuerySet":
        return self.filter(state=KnowledgeState.JUDGED).order_by("captured_at", "pk")

    def expired(self, today: date) -> "KnowledgeQuerySet":
        """Its last day is over and nobody has looked at it since."""
        return self.open().filter(valid_until__lt=today).order_by("valid_until", "pk")

    def due_for_review(self, today: date) -> "KnowledgeQuerySet":
        return self.filter(state=KnowledgeState.KEPT, review_on__lte=today).order_by("review_on", "pk")

    def waiting(self, today: date) -> "KnowledgeQuerySet":
        """Everything the steward has to look at: unjudged, without a topic, expired or due."""
        unreviewed = Q(state__in=(KnowledgeState.CAPTURED, KnowledgeState.JUDGED))
        lapsed = Q(state=KnowledgeState.KEPT) & (Q(valid_until__lt=today) | Q(review_on__lte=today))
        return self.filter(unreviewed | lapsed).order_by("captured_at", "pk")

    def narrowed(
        self, *, today: date, reader: Person, q: str = "", family: str = "", kind: str = "", topic: str = "",
        segment: str = "", which: str = "",
    ) -> "KnowledgeQuerySet":  # fmt: skip
        """`which`: what the reader must still read (`unread`), what is unreviewed, expired or due (`flagged`), what no
        longer holds (`ended`); otherwise what holds. `q`: words in it; `segment`: its code."""
        if which == "ended":
            rows: KnowledgeQuerySet = self.exclude(ended_at=None)
        elif which == "flagged":
            rows = self.filter(pk__in=Knowledge.objects.waiting(today).order_by().values("pk"))
        elif which == "unread":
            readings = Knowledge._meta.apps.get_model("understand", "KnowledgeReading").objects
            unread = readings.waiting_for(reader.pk).order_by()
            rows = self.filter(pk__in=unread.values("share__knowledge"))
        else:
            rows = self.open()
        if family:
            rows = rows.filter(kind__in=FAMILIES[family])
        if kind:
            rows = rows.filter(kind=kind)
        if topic:
            rows = rows.filter(topic_folded=folded_name(topic))
        if segment:
            rows = rows.filter(segment__code=segment)
        return rows.saying(q) if q.strip() else rows

    def with_uses(self) -> "KnowledgeQuerySet":
        """Each with `used`, how often, or None."""
        uses = KnowledgeUse.objects.filter(knowledge=OuterRef("pk")).order_by().values("knowledge")
        return self.annotate(used=Subquery(uses.annotate(times=Count("pk")).values("times")))

    def saying(self, text: str) -> "KnowledgeQuerySet":
        """With all these words in it, as the search reads them."""
        return self.filter(pk__in=containing(Knowledge.FOUND_AS, text).values("key"))


def departments_that_reach(scope: Scope) -> set[int]:
    """What is shared with one of these is meant for this person: their own, those above, those they look after."""
    ladder = Ladder.at(timezone.now())
    reached = set(scope.department_ids)
    for own in scope.own_department_ids:
        reached.update(ladder.line_of(own))
        if scope.rank >= Rank.SUPERVISOR:  # what climbs to them they must be able to read
            reached |= ladder.departments_under(own)
    return reached


class Knowledge(models.Model):
    """One thing known, about a customer, a segment, or what `subject` names: a competitor, a product line, a market.

    `evidence` is the record it came from: ("contact", 17), ("case", 42), ("need", 3). Judged means graded by source and
    content (`Reliability`, `Credibility`) and by what it is worth to us; kept means it has a topic and a day of review.
    """

    class Source(models.TextChoices):
        CONTACT = "contact", _("Contact")
        CASE = "case", _("Case")
        NEED = "need", _("Need")
        SURVEY = "survey", _("Survey")
        OBSERVATION = "observation", _("Observation")
        FAIR = "fair", _("Trade fair")
        PRESS = "press", _("Press, internet")
        SUPPLIER = "supplier", _("Supplier")
        PARTNER = "partner", _("Reseller, partner")
        AUTHORITY = "authority", _("Authority, association")

    kind = models.TextField(choices=KnowledgeKind)
    customer = models.ForeignKey(
        Customer, models.CASCADE, null=True, related_name="knowledge", db_index=False
    )
    segment = models.ForeignKey(Segment, models.PROTECT, null=True, related_name="knowledge", db_index=False)
    subject = models.TextField(blank=True)
    title = models.TextField()
    words = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    source = models.TextField(choices=Source)
    source_words = models.TextField(blank=True)  # who or what exactly
    evidence_kind = models.TextField(blank=True)
    evidence_id = models.BigIntegerField(null=True)
    valid_until = models.DateField(null=True)  # the last day it can be relied on
    captured_at = models.DateTimeField()
    captured_by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    state = models.TextField(choices=KnowledgeState, default=KnowledgeState.CAPTURED)
    reliability = models.TextField(choices=Reliability, blank=True)
    credibility = models.PositiveSmallIntegerField(choices=Credibility, null=True)
    worth = models.PositiveSmallIntegerField(choices=Worth, null=True)
    judged_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    topic = models.TextField(blank=True)
    topic_folded = models.TextField(blank=True, editable=False)
    review_on = models.DateField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.TextField(blank=True)

    FOUND_AS = "knowledge"  # its kind in the search

    objects = KnowledgeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(customer__isnull=False) | Q(segment__isnull=False) | ~Q(subject=""),
                name="knowledge_about_something",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["captured", "dropped", "ended"])
                | (~Q(reliability="") & Q(credibility__isnull=False, worth__isnull=False)),
                name="knowledge_judged_has_grades",
            ),
            models.CheckConstraint(
                condition=~Q(state="kept") | (~Q(topic="") & Q(review_on__isnull=False)),
                name="knowledge_kept_has_review",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["dropped", "ended"], ended_at__isnull=False)
                | Q(state__in=["captured", "judged", "kept"], ended_at=None),
                name="knowledge_ended_has_time",
            ),
            models.CheckConstraint(
                condition=Q(evidence_id=None) | ~Q(evidence_kind=""), name="knowledge_evidence_has_kind"
            ),
        ]
        indexes = [
            models.Index(fields=["-captured_at", "-id"], name="knowledge_newest"),
            models.Index(fields=["customer", "id"], name="knowledge_of_customer"),
            models.Index(
                fields=["segment", "id"], name="knowledge_of_segment", condition=Q(segment__isnull=False)
            ),
            models.Index(fields=["captured_by"], name="knowledge_captured_by"),
            models.Index(
                fields=["captured_at"], name="knowledge_unreviewed", condition=Q(state__in=["captured", "judged"])
            ),
            models.Index(fields=["review_on"], name="knowledge_review", condition=Q(state="kept")),
            models.Index(
                fields=["valid_until"], name="knowledge_valid", condition=Q(state="kept", valid_until__isnull=False)
            ),
            models.Index(fields=["evidence_kind", "evidence_id"], name="knowledge_evidence"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"knowledge {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def grading(self) -> str:
        """B2; nothing while nobody has judged it."""
        return f"{self.reliability}{self.credibility or ''}"

    @property
    def about(self) -> tuple[str, int]:
        """Whose story it belongs to: the customer's, or its own."""
        return ("customer", self.customer_id) if self.customer_id else ("knowledge", self.pk)

    def flags(self, today: date) -> list[tuple[str, str]]:
        """(code, words) of what must not be overlooked by whoever relies on it."""
        found = []
        if self.state in (KnowledgeState.CAPTURED, KnowledgeState.JUDGED):
            found.append(("unreviewed", str(_("not reviewed yet"))))
        if self.is_open and self.valid_until and self.valid_until < today:
            found.append(("expired", str(_("expired"))))
        elif self.state == KnowledgeState.KEPT and self.review_on and self.review_on <= today:
            found.append(("due", str(_("due for review"))))
        return found


class KnowledgeVersion(models.Model):
    """What an item said before it was changed."""

    knowledge = models.ForeignKey(Knowledge, models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    title = models.TextField()
    words = models.TextField(blank=True)
    valid_until = models.DateField(null=True)
    grading = models.TextField(blank=True)
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["knowledge", "number"], name="knowledge_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.knowledge_id} version {self.number}"


class KnowledgeUse(models.Model):
    """Somebody made use of it: what for, perhaps for which case or customer."""

    knowledge = models.ForeignKey(Knowledge, models.CASCADE, related_name="uses", db_index=False)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    version = models.PositiveIntegerField()
    for_what = models.TextField(blank=True)
    case_id = models.BigIntegerField(null=True)
    customer = models.ForeignKey(Customer, models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["knowledge", "-id"], name="knowledge_use_of"),
            models.Index(fields=["customer"], name="knowledge_use_for", condition=Q(customer__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"use of {self.knowledge_id}"


coded("knowledge_kind", KnowledgeKind.choices)
follows_customer("knowledge", words=lambda item: item.title)(Knowledge)
follows_customer("knowledge_use")(KnowledgeUse)
