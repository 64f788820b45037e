"""The handbook in use: files read into it and out of it, votes, cases an article met, what was looked for in vain."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Form, Router
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import BaseModel

from guixin.channels.api.answers import Input, Said, Word
from guixin.channels.api.door import by, must, now_of
from guixin.channels.api.handbook import (
    SHOWN,
    ArticleFileShown,
    ArticleShown,
    ArticleWhole,
    Kind,
    Reader,
    article_called,
    article_to_change,
    case_of_article,
    reads,
    shown_article,
    shown_file,
    whole_article,
    writes,
)
from guixin.handbook import filing, lessons, rating, reading, using, writing
from guixin.handbook.models import Article, ArticleFile, Question
from guixin.serve import answering
from guixin.web.downloads import download
from guixin.web.kept_files import keep

router = Router(tags=["handbook"])


class VoteGiven(Input):
    """Was this right? `case`: beside which it was used."""

    helpful: bool
    case: Word | None = None


class ArticleUseGiven(Input):
    """`inserted`: its words went into a reply; `prevented`: a lesson was heeded; `taught`: the case is why it was written."""

    case: Said
    how: Literal["inserted", "prevented", "taught"]


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


@router.post(
    "/articles/{int:article_id}/votes", auth=writes, response=ArticleShown, summary="Was this right?"
)
def rate(request: HttpRequest, article_id: int, given: VoteGiven):
    """One vote of the caller on each version, which they may change; it counts where articles are suggested."""
    case = case_of_article(request, given.case) if given.case else None
    rated = rating.rate(
        article_called(request, article_id), given.helpful, case_id=case.pk if case else None, by=by(request),
        now=now_of(request),
    )  # fmt: skip
    return shown_article(rated, timezone.localdate(now_of(request)))


@router.post(
    "/articles/{int:article_id}/cases", auth=writes, response={201: ArticleWhole}, summary="It met a case"
)
def meet(request: HttpRequest, article_id: int, given: ArticleUseGiven):
    """The same case counts once for each way."""
    article, case = article_called(request, article_id), case_of_article(request, given.case)
    if given.how == "taught":
        must(writing.may_change(article, by(request)))
        lessons.add_case(article, case.pk, by=by(request), now=now_of(request))
    elif given.how == "prevented":
        using.prevent(article, case.pk, by=by(request), now=now_of(request))
    else:
        using.use(article, case.pk, given.how, by=by(request), now=now_of(request))
    return Status(201, whole_article(request, article_called(request, article_id)))


@router.post(
    "/articles/{int:article_id}/files", auth=writes, response={201: list[ArticleFileShown]},
    summary="Add files to an article",
)  # fmt: skip
def add_files(request: HttpRequest, article_id: int, files: File[list[UploadedFile]]):
    """As for a case."""
    article = article_to_change(request, article_id)
    return Status(
        201,
        [shown_file(each) for each in filing.add(article, keep(files), by=by(request), now=now_of(request))],
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
