"""The handbook: articles found, written, published, rated, used and imported; the share of first contacts."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Form, Router
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import BaseModel, Field

from guixin.channels.api.answers import Id, Input, PersonShown, ReasonGiven, Said, Word
from guixin.channels.api.answers import Text as ShortText
from guixin.channels.api.answers import person as person_shown
from guixin.channels.api.door import Needs, by, must, now_of
from guixin.channels.api.finding import person_named
from guixin.handbook import filing, lessons, publishing, rating, reading, using, writing
from guixin.handbook.markup import rendered
from guixin.handbook.models import Article, ArticleFile, ArticleKind, Question
from guixin.handbook.models.article import WORDS
from guixin.organisation.access import get_visible_or_404
from guixin.organisation.models import Scopes
from guixin.serve import answering
from guixin.serve.knowledge import case_called
from guixin.serve.models import Case
from guixin.web.downloads import download
from guixin.web.kept_files import keep

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


class VoteGiven(Input):
    """Was this right? `case`: beside which it was used."""

    helpful: bool
    case: Word | None = None


class ArticleUseGiven(Input):
    """`inserted`: its words went into a reply; `prevented`: a lesson was heeded; `taught`: the case is why it was written."""

    case: Said
    how: Literal["inserted", "prevented", "taught"]


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


class ImportedShown(BaseModel):
    """A draft, or why the file could not be made one."""

    name: str
    article: int | None
    refusal: str
    notes: list[str]


class ImportedList(BaseModel):
    files: list[ImportedShown]


class HandbookQuestionShown(BaseModel):
    words: str
    place: str
    asked: int
    found: int
    opened: int
    last_on: date


class QuestionList(BaseModel):
    questions: list[HandbookQuestionShown]


class FirstContactShown(BaseModel):
    """Of the cases the caller may see. `numbers`: those answered at once, the newest first, at most 200."""

    since: datetime
    at_once: int
    all: int
    percent: int | None
    numbers: list[str]


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
    return {"articles": [_shown(each, today) for each in rows]}


@router.post("/articles", auth=writes, response={201: ArticleWhole}, summary="Write an article")
def begin(request: HttpRequest, response: HttpResponse, given: ArticleGiven):
    """A draft, until it is published."""
    words, facts = given.parts()
    about: dict[str, Any] = {"by": by(request), "now": now_of(request), **facts}
    about["owner"] = person_named(given.owner) if given.owner else None
    if given.kind == ArticleKind.LESSON:
        article = lessons.teach([_case(request, each).pk for each in given.cases], words, **about)
    else:
        article = writing.begin(given.kind, words, **about)
    response["Location"] = f"/api/articles/{article.pk}"
    return Status(201, _whole(request, article))


@router.post(
    "/articles/imports", auth=writes, response={201: ImportedList}, summary="Import articles from files"
)
def take_in(
    request: HttpRequest, files: File[list[UploadedFile]], kind: Form[Kind] = "article",
    audience: Form[Reader] = "staff", topic: Form[Word] = "",
):  # fmt: skip
    """Word, Markdown, HTML or text; each becomes a draft, with the file. A broken one says why and stops no other."""
    found = reading.take_in(
        files, by=by(request), now=now_of(request), kind=kind, audience=audience, topic=topic
    )
    return Status(
        201,
        {
            "files": [
                {
                    "name": each.name, "article": each.article.pk if each.article else None,
                    "refusal": each.refusal, "notes": each.notes,
                }
                for each in found
            ]
        },
    )  # fmt: skip


@router.get("/articles/questions", auth=reads, response=QuestionList, summary="What was looked for in vain")
def questions(request: HttpRequest):
    """For the knowledge steward. Counted by words, never by who asked."""
    must(writing.may_keep(by(request)))
    rows = Question.objects.unmet(timezone.localdate(now_of(request)))[:SHOWN]
    return {"questions": list(rows.values("words", "place", "asked", "found", "opened", "last_on"))}


@router.get("/articles/{int:article_id}", auth=reads, response=ArticleWhole, summary="An article")
def one(request: HttpRequest, article_id: int):
    """With its files, the cases it met, and what it said before."""
    return _whole(request, _article(request, article_id))


@router.post(
    "/articles/{int:article_id}/revision", auth=writes, response=ArticleWhole, summary="Change an article"
)
def revise(request: HttpRequest, article_id: int, given: ArticleRevisionGiven):
    """A new version. A published one stays published."""
    words, facts = given.parts()
    article = _to_change(request, article_id)
    changed = writing.revise(
        article, words, read_at_version=given.version, by=by(request), now=now_of(request), **facts
    )
    return _whole(request, changed)


@router.post(
    "/articles/{int:article_id}/publication", auth=writes, response=ArticleWhole, summary="Publish an article"
)
def publish(request: HttpRequest, article_id: int, given: ArticlePublicationGiven):
    """By whoever answers for it; what customers read, by the knowledge steward."""
    article = _article(request, article_id)
    must(publishing.may_publish(article, by(request)))
    done = publishing.publish(article, review_on=given.review_on, by=by(request), now=now_of(request))
    return _whole(request, done)


@router.post(
    "/articles/{int:article_id}/review", auth=writes, response=ArticleWhole, summary="An article still holds"
)
def review(request: HttpRequest, article_id: int, given: ArticleReviewGiven):
    """By whoever answers for it, or the knowledge steward."""
    article = _to_change(request, article_id)
    return _whole(
        request, publishing.review(article, **given.model_dump(), by=by(request), now=now_of(request))
    )


@router.post(
    "/articles/{int:article_id}/withdrawal", auth=writes, response=ArticleWhole, summary="Withdraw an article"
)
def withdraw(request: HttpRequest, article_id: int, given: ReasonGiven):
    """It can still be read, and published again."""
    article = _to_change(request, article_id)
    return _whole(request, publishing.withdraw(article, given.reason, by=by(request), now=now_of(request)))


@router.post(
    "/articles/{int:article_id}/owner", auth=writes, response=ArticleWhole, summary="Somebody else answers for it"
)  # fmt: skip
def give_to(request: HttpRequest, article_id: int, given: ArticleOwnerGiven):
    """`owner`: a login."""
    article = _to_change(request, article_id)
    return _whole(
        request,
        publishing.give_to(article, person_named(given.owner), by=by(request), now=now_of(request)),
    )


@router.post(
    "/articles/{int:article_id}/votes", auth=writes, response=ArticleShown, summary="Was this right?"
)
def rate(request: HttpRequest, article_id: int, given: VoteGiven):
    """One vote of the caller on each version, which they may change; it counts where articles are suggested."""
    case = _case(request, given.case) if given.case else None
    rated = rating.rate(
        _article(request, article_id), given.helpful, case_id=case.pk if case else None, by=by(request),
        now=now_of(request),
    )  # fmt: skip
    return _shown(rated, timezone.localdate(now_of(request)))


@router.post(
    "/articles/{int:article_id}/cases", auth=writes, response={201: ArticleWhole}, summary="It met a case"
)
def meet(request: HttpRequest, article_id: int, given: ArticleUseGiven):
    """The same case counts once for each way."""
    article, case = _article(request, article_id), _case(request, given.case)
    if given.how == "taught":
        must(writing.may_change(article, by(request)))
        lessons.add_case(article, case.pk, by=by(request), now=now_of(request))
    elif given.how == "prevented":
        using.prevent(article, case.pk, by=by(request), now=now_of(request))
    else:
        using.use(article, case.pk, given.how, by=by(request), now=now_of(request))
    return Status(201, _whole(request, _article(request, article_id)))


@router.post(
    "/articles/{int:article_id}/files", auth=writes, response={201: list[ArticleFileShown]},
    summary="Add files to an article",
)  # fmt: skip
def add_files(request: HttpRequest, article_id: int, files: File[list[UploadedFile]]):
    """As for a case."""
    article = _to_change(request, article_id)
    return Status(
        201, [_file(each) for each in filing.add(article, keep(files), by=by(request), now=now_of(request))]
    )


@router.get("/articles/files/{uuid:file_id}", auth=reads, response=None, summary="The bytes of a file")
def content(request: HttpRequest, file_id: UUID) -> FileResponse:
    """Always a download, never of a type a browser would run."""
    visible = ArticleFile.objects.filter(article__in=Article.objects.visible_to(by(request)))
    held = get_object_or_404(visible, pk=file_id)
    try:
        return download(held.open(), held.media_type, held.name)
    except FileNotFoundError as gone:
        raise Http404 from gone


@router.get("/first-contacts", auth=reads, response=FirstContactShown, summary="Answered at first contact")
def first_contacts(request: HttpRequest):
    """Of the cases that came in within 30 days, those answered and closed at once and never opened again."""
    share = answering.first_contact_share(by(request), now=now_of(request))
    counted = answering.ended_at_once(answering.came_in(by(request), share.since)).order_by("-opened_at")
    return {
        "since": share.since, "at_once": share.at_once, "all": share.all, "percent": share.percent,
        "numbers": list(counted.values_list("number", flat=True)[:SHOWN]),
    }  # fmt: skip


def _article(request: HttpRequest, pk: Id) -> Article:
    return get_visible_or_404(Article.objects.select_related("owner"), by(request), pk=pk)


def _to_change(request: HttpRequest, pk: int) -> Article:
    article = _article(request, pk)
    must(writing.may_change(article, by(request)))
    return article


def _case(request: HttpRequest, number: str) -> Case:
    case = case_called(number, by(request))
    if case is None:
        raise writing.CannotWrite(_("Say which case."))
    return case


def _file(one: ArticleFile) -> dict:
    return {"id": one.pk, "name": one.name, "media_type": one.media_type, "size": one.size}


def _shown(article: Article, today: date) -> dict:
    names = (
        "id", "kind", "state", "audience", *WORDS, "topic", "category", "version", "valid_from", "valid_until",
        "review_on", "written_at", "published_at", "withdrawn_at", "withdrawn_why", "helpful", "unhelpful",
        "standing", "used",
    )  # fmt: skip
    return {name: getattr(article, name) for name in names} | {
        "owner": person_shown(article.owner),
        "flags": [code for code, _words in article.flags(today)],
    }


def _whole(request: HttpRequest, article: Article) -> dict:
    cases = list(article.cases.order_by("-at", "-pk")[:SHOWN])
    visible = Case.objects.visible_to(by(request)).filter(pk__in={each.case_id for each in cases})
    numbers = dict(visible.values_list("pk", "number"))
    score = lessons.scores([article.pk])[article.pk]
    versions = article.versions.select_related("by").order_by("-number")[:SHOWN]
    said = ("title_zh", "title_en", "text_zh", "text_en")
    return _shown(article, timezone.localdate(now_of(request))) | {
        "html_zh": rendered(article.text_zh, files_at="/api/articles/files/"),
        "html_en": rendered(article.text_en, files_at="/api/articles/files/"),
        "taught": score.taught,
        "prevented": score.prevented if article.is_lesson else 0,
        "files": [_file(each) for each in article.files.order_by("at", "pk")],
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
