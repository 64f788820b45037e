"""The handbook: articles found, written, published and reviewed. Votes, files and imports: `handbook_use.py`."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import Id, Input, PersonShown, ReasonGiven, Said, Word
from guixin.channels.api.answers import Text as ShortText
from guixin.channels.api.answers import person as person_shown
from guixin.channels.api.door import Needs, by, must, now_of
from guixin.channels.api.finding import person_named
from guixin.handbook import lessons, publishing, writing
from guixin.handbook.markup import rendered
from guixin.handbook.models import Article, ArticleFile, ArticleKind
from guixin.handbook.models.article import WORDS
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Scopes
from guixin.serve.knowledge import case_called
from guixin.serve.models import Case

router = Router(tags=["handbook"])
reads = Needs(Scopes.CASES_READ)
writes = Needs(Scopes.CASES_WRITE)
SHOWN = 200

Kind = Literal["article", "policy", "script", "lesson"]
Reader = Literal["staff", "customers"]


class ArticleWordsGiven(Input):
    """Markdown, in which harmless HTML may stand. A lesson says what failed and what to do instead."""

    title_zh: Word = ""
    title_en: Word = ""
    text_zh: str = Field("", max_length=writing.LONGEST_TEXT, pattern="^[^\\x00]*$")
    text_en: str = Field("", max_length=writing.LONGEST_TEXT, pattern="^[^\\x00]*$")
    failed_zh: ShortText = ""
    failed_en: ShortText = ""
    instead_zh: ShortText = ""
    instead_en: ShortText = ""
    audience: Reader = "staff"
    topic: Word = ""
    category: Word = ""
    valid_from: date | None = None
    valid_until: date | None = None

    def parts(self) -> tuple[dict[str, str], dict[str, Any]]:
        """The words and the facts, as `writing` takes them."""
        return {name: getattr(self, name) for name in WORDS}, {
            name: getattr(self, name) for name in writing.FACTS
        }


class ArticleGiven(ArticleWordsGiven):
    """`cases`: the numbers of those that taught a lesson. `owner`: a login; the caller otherwise."""

    kind: Kind
    owner: Word = ""
    cases: list[Word] = Field(default=[], max_length=100)


class ArticleRevisionGiven(ArticleWordsGiven):
    """All it says from now on; `version` is the one that was read."""

    version: int


class ArticlePublicationGiven(Input):
    review_on: date | None = None


class ArticleReviewGiven(Input):
    """It still holds; one that has expired needs a new last day."""

    review_on: date | None = None
    valid_until: date | None = None


class ArticleOwnerGiven(Input):
    owner: Said


class ArticleFileShown(BaseModel):
    id: UUID
    name: str
    media_type: str
    size: int


class ArticleCaseShown(BaseModel):
    """`number` only of a case the caller may see."""

    number: str | None
    how: str
    version: int
    at: datetime


class ArticleVersionShown(BaseModel):
    number: int
    at: datetime
    by: PersonShown | None
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str


class ArticleShown(BaseModel):
    """`flags`: draft, withdrawn, expired, ahead, due, unhelpful. `standing`: between 0 and 1, from the votes on this version."""

    id: int
    kind: str
    state: str
    audience: str
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    failed_zh: str
    failed_en: str
    instead_zh: str
    instead_en: str
    topic: str
    category: str
    owner: PersonShown | None
    version: int
    valid_from: date | None
    valid_until: date | None
    review_on: date | None
    written_at: datetime
    published_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_why: str
    helpful: int
    unhelpful: int
    standing: float
    used: int
    flags: list[str]


class ArticleWhole(ArticleShown):
    """With its HTML made harmless, its files, the cases it met, and what it said before."""

    html_zh: str
    html_en: str
    taught: int
    prevented: int
    files: list[ArticleFileShown]
    cases: list[ArticleCaseShown]
    versions: list[ArticleVersionShown]


class ArticleList(BaseModel):
    articles: list[ArticleShown]


@router.get("/articles", auth=reads, response=ArticleList, summary="Articles of the handbook")
def listed(
    request: HttpRequest,
    q: Word = "",
    kind: Kind | None = None,
    audience: Reader | None = None,
    topic: Word = "",
    category: Word = "",
    which: Literal["", "drafts", "stale", "unhelpful", "unowned", "withdrawn"] = "",
):
    """What the caller may see, the newest first, at most 200: what is published, unless `which` asks for something else."""
    today = timezone.localdate(now_of(request))
    rows = Article.objects.visible_to(by(request)).narrowed(
        today=today, q=q, kind=kind or "", audience=audience or "", topic=topic, category=category, which=which
    )  # fmt: skip
    rows = rows.select_related("owner").order_by("-written_at", "-pk")[:SHOWN]
    return {"articles": [shown_article(each, today) for each in rows]}


@router.post("/articles", auth=writes, response={201: ArticleWhole}, summary="Write an article")
def begin(request: HttpRequest, response: HttpResponse, given: ArticleGiven):
    """A draft, until it is published."""
    words, facts = given.parts()
    about: dict[str, Any] = {"by": by(request), "now": now_of(request), **facts}
    about["owner"] = person_named(given.owner) if given.owner else None
    if given.kind == ArticleKind.LESSON:
        article = lessons.teach([case_of_article(request, each).pk for each in given.cases], words, **about)
    else:
        article = writing.begin(given.kind, words, **about)
    response["Location"] = f"/api/articles/{article.pk}"
    return Status(201, whole_article(request, article))


@router.get("/articles/{int:article_id}", auth=reads, response=ArticleWhole, summary="An article")
def one(request: HttpRequest, article_id: int):
    """With its files, the cases it met, and what it said before."""
    return whole_article(request, article_called(request, article_id))


@router.post(
    "/articles/{int:article_id}/revision", auth=writes, response=ArticleWhole, summary="Change an article"
)
def revise(request: HttpRequest, article_id: int, given: ArticleRevisionGiven):
    """A new version. A published one stays published."""
    words, facts = given.parts()
    article = article_to_change(request, article_id)
    changed = writing.revise(
        article, words, read_at_version=given.version, by=by(request), now=now_of(request), **facts
    )
    return whole_article(request, changed)


@router.post(
    "/articles/{int:article_id}/publication", auth=writes, response=ArticleWhole, summary="Publish an article"
)
def publish(request: HttpRequest, article_id: int, given: ArticlePublicationGiven):
    """By whoever answers for it; what customers read, by the knowledge steward."""
    article = article_called(request, article_id)
    must(publishing.may_publish(article, by(request)))
    done = publishing.publish(article, review_on=given.review_on, by=by(request), now=now_of(request))
    return whole_article(request, done)


@router.post(
    "/articles/{int:article_id}/review", auth=writes, response=ArticleWhole, summary="An article still holds"
)
def review(request: HttpRequest, article_id: int, given: ArticleReviewGiven):
    """By whoever answers for it, or the knowledge steward."""
    article = article_to_change(request, article_id)
    return whole_article(
        request, publishing.review(article, **given.model_dump(), by=by(request), now=now_of(request))
    )


@router.post(
    "/articles/{int:article_id}/withdrawal", auth=writes, response=ArticleWhole, summary="Withdraw an article"
)
def withdraw(request: HttpRequest, article_id: int, given: ReasonGiven):
    """It can still be read, and published again."""
    article = article_to_change(request, article_id)
    return whole_article(
        request, publishing.withdraw(article, given.reason, by=by(request), now=now_of(request))
    )


@router.post(
    "/articles/{int:article_id}/owner", auth=writes, response=ArticleWhole, summary="Somebody else answers for it"
)  # fmt: skip
def give_to(request: HttpRequest, article_id: int, given: ArticleOwnerGiven):
    """`owner`: a login."""
    article = article_to_change(request, article_id)
    return whole_article(
        request,
        publishing.give_to(article, person_named(given.owner), by=by(request), now=now_of(request)),
    )


def article_called(request: HttpRequest, pk: Id) -> Article:
    return get_visible_or_404(Article.objects.select_related("owner"), by(request), pk=pk)


def article_to_change(request: HttpRequest, pk: int) -> Article:
    article = article_called(request, pk)
    must(writing.may_change(article, by(request)))
    return article


def case_of_article(request: HttpRequest, number: str) -> Case:
    case = case_called(number, by(request))
    if case is None:
        raise writing.CannotWrite(_("Say which case."))
    return case


def shown_file(one: ArticleFile) -> dict:
    return {"id": one.pk, "name": one.name, "media_type": one.media_type, "size": one.size}


def shown_article(article: Article, today: date) -> dict:
    names = (
        "id", "kind", "state", "audience", *WORDS, "topic", "category", "version", "valid_from", "valid_until",
        "review_on", "written_at", "published_at", "withdrawn_at", "withdrawn_why", "helpful", "unhelpful",
        "standing", "used",
    )  # fmt: skip
    return {name: getattr(article, name) for name in names} | {
        "owner": person_shown(article.owner),
        "flags": [code for code, _words in article.flags(today)],
    }


def whole_article(request: HttpRequest, article: Article) -> dict:
    cases = list(article.cases.order_by("-at", "-pk")[:SHOWN])
    visible = Case.objects.visible_to(by(request)).filter(pk__in={each.case_id for each in cases})
    numbers = dict(visible.values_list("pk", "number"))
    score = lessons.scores([article.pk])[article.pk]
    versions = article.versions.select_related("by").order_by("-number")[:SHOWN]
    said = ("title_zh", "title_en", "text_zh", "text_en")
    return shown_article(article, timezone.localdate(now_of(request))) | {
        "html_zh": rendered(article.text_zh, files_at="/api/articles/files/"),
        "html_en": rendered(article.text_en, files_at="/api/articles/files/"),
        "taught": score.taught,
        "prevented": score.prevented if article.is_lesson else 0,
        "files": [shown_file(each) for each in article.files.order_by("at", "pk")],
        "cases": [
            {"number": numbers.get(each.case_id), "how": each.how, "version": each.version, "at": each.at}
            for each in cases
        ],
        "versions": [
            {"number": each.number, "at": each.at, "by": person_shown(each.by)}
            | {name: getattr(each, name) for name in said}
            for each in versions
        ],
    }
