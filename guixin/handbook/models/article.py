"""The handbook (客户服务手册): what our people and our customers may rely on, in Chinese and English side by side.

Articles, policies, scripts and lessons are one noun (docs/developers/decisions/0019): all are written, published, found,
used, rated, reviewed and withdrawn. A lesson also says what failed and what to do instead, and which cases taught it.
"""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guixin.ledger.wording import coded
from guixin.organisation.access import Scope, scope_of
from guixin.organisation.models import Person
from guixin.search.asking import containing
from guixin.understand.folding import folded_name
from guixin.understand.models.knowledge import keeps_knowledge
from guixin.web.kept_files import KeptFile, holds_files
from guixin.web.languages import for_reader


class ArticleKind(models.TextChoices):
    ARTICLE = "article", _("Article")
    POLICY = "policy", pgettext_lazy("handbook", "Policy")
    SCRIPT = "script", _("Script")
    LESSON = "lesson", _("Lesson")


class Audience(models.TextChoices):
    STAFF = "staff", _("Our people")
    CUSTOMERS = "customers", _("Customers too")


class ArticleState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("handbook", "Draft")
    PUBLISHED = "published", pgettext_lazy("handbook", "Published")
    WITHDRAWN = "withdrawn", pgettext_lazy("handbook", "Withdrawn")


FEW_VOTES = 3  # fewer say nothing about an article
UNHELPFUL_BELOW = 0.5
EVEN = 0.5  # the standing of what nobody has rated
WORDS = (
    "title_zh", "title_en", "text_zh", "text_en", "failed_zh", "failed_en", "instead_zh", "instead_en",
)  # fmt: skip
WHICH = ("drafts", "stale", "unhelpful", "unowned", "withdrawn")


def keeps_handbook(scope: Scope) -> bool:
    """The knowledge steward keeps the handbook too: 知识管理员, and whoever sees everything."""
    return keeps_knowledge(scope)


class ArticleWords(models.Model):
    """What an article says, in two languages; Markdown in which harmless HTML may stand (`handbook.markup`)."""

    title_zh = models.TextField(blank=True)
    title_en = models.TextField(blank=True)
    text_zh = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    failed_zh = models.TextField(blank=True)  # of a lesson: what failed
    failed_en = models.TextField(blank=True)
    instead_zh = models.TextField(blank=True)  # of a lesson: what to do instead
    instead_en = models.TextField(blank=True)

    class Meta:
        abstract = True

    def in_language(self, name: str, language: str) -> str:
        """`name` is title, text, failed or instead; in the other language where this one has nothing.

        >>> ArticleWords.in_language(Article(title_zh="拉头卡住"), "title", "en")
        '拉头卡住'
        """
        first, second = ("en", "zh") if language.startswith("en") else ("zh", "en")
        return getattr(self, f"{name}_{first}") or getattr(self, f"{name}_{second}")

    def title_in(self, language: str) -> str:
        return for_reader(self.in_language("title", language), language)

    def text_in(self, language: str) -> str:
        return self.in_language("text", language)

    def speaks(self, language: str) -> bool:
        """Whether there are words in this very language."""
        end = "en" if language.startswith("en") else "zh"
        return bool(getattr(self, f"text_{end}") or getattr(self, f"instead_{end}"))


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, person) -> "ArticleQuerySet":
        """Whoever works here reads what is published, and what was; a draft is seen by its writer, its owner and the
        steward."""
        scope = scope_of(person)
        if scope.person_id is None:
            return self.none()
        if keeps_handbook(scope):
            return self
        mine = Q(owner_id=scope.person_id) | Q(written_by_id=scope.person_id)
        return self.filter(~Q(state=ArticleState.DRAFT) | mine)

    def public(self, today: date) -> "ArticleQuerySet":
        """What customers may read: published, meant for them, and in force."""
        return self.in_force(today).filter(audience=Audience.CUSTOMERS)

    def in_force(self, today: date) -> "ArticleQuerySet":
        begun = Q(valid_from=None) | Q(valid_from__lte=today)
        not_over = Q(valid_until=None) | Q(valid_until__gte=today)
        return self.filter(begun, not_over, state=ArticleState.PUBLISHED)

    def stale(self, today: date) -> "ArticleQuerySet":
        """Published, and its last day is over or its review is due."""
        lapsed = Q(valid_until__lt=today) | Q(review_on__lte=today)
        return self.filter(lapsed, state=ArticleState.PUBLISHED).order_by("review_on", "pk")

    def unhelpful(self) -> "ArticleQuerySet":
        """Enough people rated what it says now, and fewer than half were helped."""
        votes = F("helpful") + F("unhelpful")
        rows = self.filter(state=ArticleState.PUBLISHED, unhelpful__gte=F("helpful") + 1)
        return rows.alias(votes=votes).filter(votes__gte=FEW_VOTES).order_by("standing", "pk")

    def unowned(self) -> "ArticleQuerySet":
        """Nobody answers for it, or who did has left."""
        nobody = Q(owner=None) | Q(owner__is_active=False)
        return self.exclude(state=ArticleState.WITHDRAWN).filter(nobody).order_by("pk")

    def drafts(self) -> "ArticleQuerySet":
        return self.filter(state=ArticleState.DRAFT).order_by("-written_at", "-pk")

    def narrowed(
        self, *, today: date, q: str = "", kind: str = "", audience: str = "", topic: str = "",
        category: str = "", which: str = "",
    ) -> "ArticleQuerySet":  # fmt: skip
        """`which`: drafts, stale, unhelpful, unowned, withdrawn; otherwise what is published. `q`: words in it."""
        if which == "withdrawn":
            rows: ArticleQuerySet = self.filter(state=ArticleState.WITHDRAWN)
        elif which == "stale":
            rows = self.stale(today)
        elif which in ("drafts", "unhelpful", "unowned"):
            rows = getattr(self, which)()
        else:
            rows = self.filter(state=ArticleState.PUBLISHED)
        if kind:
            rows = rows.filter(kind=kind)
        if audience:
            rows = rows.filter(audience=audience)
        if topic:
            rows = rows.filter(topic_folded=folded_name(topic))
        if category:
            rows = rows.filter(category=category)
        return rows.saying(q) if q.strip() else rows

    def saying(self, text: str) -> "ArticleQuerySet":
        """With all these words in it, as the search reads them."""
        return self.filter(pk__in=containing(Article.FOUND_AS, text).values("key"))


class Article(ArticleWords):
    """One page of the handbook, as it stands now; `versions` keeps all it ever said, this version included.

    `origin` is the record it came from: ("request", 12). `standing` in (0, 1) is what ranking multiplies in: how likely
    it helps, from the votes on what it says now (`handbook.rating`).
    """

    kind = models.TextField(choices=ArticleKind)
    code = models.SlugField(max_length=60, null=True, unique=True)  # of what a firm file brought
    state = models.TextField(choices=ArticleState, default=ArticleState.DRAFT)
    audience = models.TextField(choices=Audience, default=Audience.STAFF)
    owner = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    topic = models.TextField(blank=True)
    topic_folded = models.TextField(blank=True, editable=False)
    category = models.TextField(blank=True)  # code of a term of the firm's list of categories
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)  # the last day it can be relied on
    review_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)
    origin_kind = models.TextField(blank=True)
    origin_id = models.BigIntegerField(null=True)
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.TextField(blank=True)
    helpful = models.PositiveIntegerField(default=0)  # votes on this version
    unhelpful = models.PositiveIntegerField(default=0)
    standing = models.FloatField(default=EVEN)
    used = models.PositiveIntegerField(default=0)

    FOUND_AS = "article"  # its kind in the search

    objects = ArticleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title_zh="") | ~Q(title_en=""), name="article_has_a_title"),
            models.CheckConstraint(
                condition=~Q(kind="lesson") | Q(audience="staff"), name="article_lesson_is_ours"
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(state="published", published_at__isnull=False, review_on__isnull=False)
                | Q(state="withdrawn", withdrawn_at__isnull=False),
                name="article_state_has_time",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="article_valid_span",
            ),
            models.CheckConstraint(
                condition=Q(standing__gt=0, standing__lt=1), name="article_standing_in_range"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-written_at", "-id"], name="article_newest"),
            models.Index(fields=["review_on"], name="article_review", condition=Q(state="published")),
            models.Index(
                fields=["valid_until"], name="article_valid",
                condition=Q(state="published", valid_until__isnull=False),
            ),
            models.Index(fields=["topic_folded"], name="article_topic"),
            models.Index(
                fields=["origin_kind", "origin_id"], name="article_origin", condition=Q(origin_id__isnull=False)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"article {self.pk}"

    @property
    def about(self) -> tuple[str, int]:
        return "article", self.pk

    @property
    def is_published(self) -> bool:
        return self.state == ArticleState.PUBLISHED

    @property
    def is_lesson(self) -> bool:
        return self.kind == ArticleKind.LESSON

    @property
    def votes(self) -> int:
        return self.helpful + self.unhelpful

    @property
    def helped_percent(self) -> int | None:
        """How many of those who rated what it says now were helped; None while too few did."""
        return round(100 * self.helpful / self.votes) if self.votes >= FEW_VOTES else None

    def is_in_force(self, today: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= today
        return self.is_published and begun and (self.valid_until is None or self.valid_until >= today)

    def flags(self, today: date) -> list[tuple[str, str]]:
        """(code, words) of what must not be overlooked by whoever relies on it."""
        found = []
        if self.state == ArticleState.DRAFT:
            found.append(("draft", str(_("not published yet"))))
        if self.state == ArticleState.WITHDRAWN:
            found.append(("withdrawn", str(_("no longer holds"))))
        if self.is_published:
            if self.valid_until and self.valid_until < today:
                found.append(("expired", str(_("expired"))))
            elif self.valid_from and self.valid_from > today:
                found.append(("ahead", str(_("not in force yet"))))
            elif self.review_on and self.review_on <= today:
                found.append(("due", str(_("due for review"))))
            helped = self.helped_percent
            if helped is not None and helped < 100 * UNHELPFUL_BELOW:
                found.append(("unhelpful", str(_("helps few"))))
        return found


class ArticleVersion(ArticleWords):
    """What an article said from one edit to the next."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="article_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} version {self.number}"


@holds_files
class ArticleFile(KeptFile):
    """A file that goes with an article: a drawing, a form, the Word file it came from, a picture in its text."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="files", db_index=False)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta(KeptFile.Meta):
        indexes = [models.Index(fields=["article", "at", "id"], name="article_file_of")]

    def __str__(self) -> str:
        return str(self.pk)


coded("article_kind", ArticleKind.choices)
