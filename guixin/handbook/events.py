"""What is announced about the handbook. Words stand in the versions of the article, never in the ledger."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_noop as _

from guixin.ledger import Event


@dataclass(frozen=True, kw_only=True)
class ArticleEvent(Event):
    """What every event about an article says; `about` is the article."""

    article_id: int
    article_kind: str


@dataclass(frozen=True, kw_only=True)
class ArticleBegun(ArticleEvent):
    """A draft was written: nobody but its writer, its owner and the steward sees it yet. `origin_kind` and `origin_id`
    name the record it came from, if any."""

    kind: ClassVar[str] = "handbook.article_begun"
    sentence: ClassVar[str] = _("A draft for the handbook was written: %(article_kind)s")

    origin_kind: str = ""
    origin_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ArticleRevised(ArticleEvent):
    """It says something else from now on, or is meant for others or another time; earlier versions are kept."""

    kind: ClassVar[str] = "handbook.article_revised"
    sentence: ClassVar[str] = _("The handbook was changed: version %(version)s")

    version: int


@dataclass(frozen=True, kw_only=True)
class ArticlePublished(ArticleEvent):
    """Our people can rely on it, customers too where `audience` says so."""

    kind: ClassVar[str] = "handbook.article_published"
    sentence: ClassVar[str] = _("Published in the handbook: %(article_kind)s, version %(version)s")

    version: int
    audience: str
    review_on: str


@dataclass(frozen=True, kw_only=True)
class ArticleReviewed(ArticleEvent):
    """Looked at again: it still holds."""

    kind: ClassVar[str] = "handbook.article_reviewed"
    sentence: ClassVar[str] = _("The handbook still holds here, to be reviewed on %(review_on)s")

    review_on: str


@dataclass(frozen=True, kw_only=True)
class ArticleWithdrawn(ArticleEvent):
    """It no longer holds, or, a draft, is not worth publishing. Why stands on the article."""

    kind: ClassVar[str] = "handbook.article_withdrawn"
    sentence: ClassVar[str] = _("Withdrawn from the handbook: %(article_kind)s")


@dataclass(frozen=True, kw_only=True)
class ArticleGivenTo(ArticleEvent):
    """Somebody else answers for it from now on."""

    kind: ClassVar[str] = "handbook.article_given_to"
    sentence: ClassVar[str] = _("Somebody else answers for this page of the handbook")

    owner_id: int


@dataclass(frozen=True, kw_only=True)
class ArticleFilesChanged(ArticleEvent):
    """Files were added to it, or taken away from it."""

    kind: ClassVar[str] = "handbook.article_files_changed"
    sentence: ClassVar[str] = _("Files of the handbook were changed: %(added)s added, %(removed)s removed")

    added: int
    removed: int


@dataclass(frozen=True, kw_only=True)
class ArticleUsed(ArticleEvent):
    """It met a case (`case_id`): `taught` its lesson, `answered` it at once, was `inserted` into a reply, or `prevented`
    the same mistake."""

    kind: ClassVar[str] = "handbook.article_used"
    sentence: ClassVar[str] = _("The handbook was used: %(how)s")

    version: int
    how: str


@dataclass(frozen=True, kw_only=True)
class ArticleRated(ArticleEvent):
    """Somebody said whether it was right. Without an actor it was a customer, of whom nothing is known."""

    kind: ClassVar[str] = "handbook.article_rated"
    sentence: ClassVar[str] = _("The handbook helped")

    version: int
    helpful: bool

    @classmethod
    def sentence_for(cls, facts: dict) -> str:
        return cls.sentence if facts.get("helpful") else _("The handbook did not help")
