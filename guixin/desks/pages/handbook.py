"""The handbook at the desk: found, read, compared; the steward's worklist; how many contacts were ended by it."""

from collections.abc import Sequence
from datetime import date
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guixin.desks.acts import Offer, Reader, asked_for_alone, form_alone, offers, with_refused
from guixin.desks.admin.acting import did
from guixin.desks.lists import Lists
from guixin.desks.nouns import NOUNS, shown_by
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.attachments import handed_out
from guixin.desks.rendering import page
from guixin.handbook import asking, filing, lessons, writing
from guixin.handbook.markup import rendered
from guixin.handbook.models import Article, ArticleCase, ArticleFile, ArticleKind, Audience, Question
from guixin.handbook.models.article import WHICH, ArticleWords
from guixin.ledger.clock import database_now
from guixin.serve import answering, queues
from guixin.serve.models import Case, Term

SHOWN = 50
PARTS = ("text", "failed", "instead")
ASKED = "asked"  # in an address: the words by which it was found


@signed_in
@require_safe
def listed(request: SignedIn) -> HttpResponse:
    """What is published, the newest first. `?q=` words, `?kind=`, `?audience=`, `?topic=` narrow it; `?which=` drafts,
    stale, unhelpful, unowned, withdrawn."""
    names = ("q", "kind", "audience", "topic", "which")
    asked = {name: request.GET.get(name, "").strip()[:100] for name in names}
    if asked["which"] not in ("", *WHICH) or asked["kind"] not in ("", *ArticleKind.values):
        raise Http404
    now = database_now()
    today = timezone.localdate(now)
    rows = Article.objects.visible_to(request.user).narrowed(today=today, **asked).select_related("owner")
    found = queues.page_of(queues.Listed(rows, order=("-written_at",)), request.GET.get("after"))
    if asked["q"] and "after" not in request.GET:
        asking.asked(asked["q"], Question.Place.DESK, found=len(found.rows), today=today)
    context = {
        "rows": rows_of(found.rows, today),
        "asked": asked,
        "kinds": ArticleKind.choices,
        "audiences": Audience.choices,
        "topics": writing.topics(),
        "is_narrowed": any(asked.values()),
        "is_steward": writing.may_keep(request.user),
        "share": answering.first_contact_share(request.user, now=now),
        "after": found.after,
        "is_first": "after" not in request.GET,
        "now": now,
    }
    return page(request, "desks/handbook/list.html", context)


def rows_of(articles: Sequence[Article], today: date) -> list[dict[str, Any]]:
    """Each with its title in the reader's language, what must not be overlooked, and what a lesson did."""
    scores = lessons.scores([each.pk for each in articles if each.is_lesson]) if articles else {}
    language = get_language() or "zh-hans"
    return [
        {
            "article": each,
            "title": each.title_in(language),
            "flags": each.flags(today),
            "score": scores.get(each.pk),
        }
        for each in articles
    ]


@signed_in
@require_safe
def worklist(request: SignedIn) -> HttpResponse:
    """The steward's: what is out of date, helps few, belongs to nobody, waits as a draft, and what was looked for in vain."""
    if not writing.may_keep(request.user):
        raise PermissionDenied(_("This is for the knowledge steward to decide."))
    now = database_now()
    today = timezone.localdate(now)
    every = Article.objects.select_related("owner")
    parts = [
        (_("Out of date"), "review", every.stale(today)),
        (_("Helps few"), "", every.unhelpful()),
        (_("Nobody answers for it"), "owner", every.unowned()),
        (_("Drafts"), "publication", every.drafts()),
    ]
    found = [(title, act, list(rows[: SHOWN + 1])) for title, act, rows in parts]
    questions = list(Question.objects.unmet(today)[:SHOWN])
    context = {
        "parts": [
            {
                "key": f"part-{place}",
                "title": title,
                "act": act,
                "rows": rows_of(rows[:SHOWN], today),
                "number": f"{SHOWN}+" if len(rows) > SHOWN else len(rows),
            }
            for place, (title, act, rows) in enumerate(found)
        ],
        "questions": questions,
        "is_empty": not questions and not any(rows for _title, _act, rows in found),
        "now": now,
    }
    return page(request, "desks/handbook/worklist.html", context)


@signed_in
@require_safe
def first_contacts(request: SignedIn) -> HttpResponse:
    """The share of cases their first contact ended, and exactly the cases it counts; `?which=others` those it does not."""
    now = database_now()
    share = answering.first_contact_share(request.user, now=now)
    cases = answering.came_in(request.user, share.since)
    at_once = answering.ended_at_once(cases)
    which = request.GET.get("which", "")
    rows = cases.exclude(pk__in=at_once.values("pk")) if which == "others" else at_once
    rows = rows.select_related("owner", "first_contact__article")
    found = queues.page_of(queues.Listed(rows, order=("-opened_at",)), request.GET.get("after"))
    language = get_language() or "zh-hans"
    context = {
        "share": share,
        "others": share.all - share.at_once,
        "which": which,
        "rows": [(case, _answer_of(case, language)) for case in found.rows],
        "after": found.after,
        "is_first": "after" not in request.GET,
        "now": now,
    }
    return page(request, "desks/handbook/first_contacts.html", context)


def _answer_of(case: Case, language: str) -> dict[str, Any] | None:
    first = getattr(case, "first_contact", None)
    if first is None or first.article is None:
        return None
    return {
        "pk": first.article_id,
        "title": first.article.title_in(language),
        "version": first.article_version,
    }


# -- one article -------------------------------------------------------------------------------------------------


@signed_in
@require_safe
def one(request: SignedIn, pk: str) -> HttpResponse:
    """`?asked=`: the words by which it was found, so that the steward knows they led somewhere."""
    article = NOUNS["article"].fetch(request.user, pk)
    if asked_for_alone(request):
        reader = Reader.of(request)
        found = offers("article", article, reader)
        return form_alone(request, next((each for each in found if each.name == reader.wanted), None), {})
    if words := request.GET.get(ASKED, "")[:100]:
        asking.opened(words, Question.Place.DESK, today=timezone.localdate(database_now()))
    return answer_with_article(request, article)


@shown_by("article")
def answer_with_article(
    request: SignedIn, article: Article, refused: Offer | None = None, status: int = 200
) -> HttpResponse:
    now = database_now()
    found = [
        each
        for each in offers("article", article, Reader.of(request, refused))
        if each.name != "votes" or each is refused
    ]
    mine = article.votes_given.filter(by=request.user, version=article.version).first()
    cases = list(article.cases.select_related("by").order_by("-at", "-pk")[: SHOWN + 1])
    numbers = _numbers(request, cases)
    score = lessons.scores([article.pk])[article.pk] if article.is_lesson else None
    context = {
        "article": article,
        "title": article.title_in(get_language() or "zh-hans"),
        "sides": sides(article),
        "flags": article.flags(timezone.localdate(now)),
        "files": list(article.files.order_by("at", "pk")),
        "may_change": writing.may_change(article, request.user),
        "my_vote": mine,
        "cases": [(each, numbers.get(each.case_id)) for each in cases[:SHOWN]],
        "has_more_cases": len(cases) > SHOWN,
        "score": score,
        "category": _category(article),
        "versions": list(article.versions.select_related("by").order_by("-number")[:SHOWN]),
        "acts": with_refused({"acts": found}, "acts", refused)["acts"],
        "here": f"/handbook/{article.pk}",
        "now": now,
    }
    return page(request, "desks/handbook/article.html", context, status=status)


def sides(
    words: ArticleWords, *, files_at: str = "/handbook/files/", top: int = 3, only: str = ""
) -> list[dict[str, Any]]:
    """What it says in each language it speaks, or in the one of `only`: title and parts as harmless HTML."""
    languages = [("zh", "zh-Hans"), ("en", "en")]
    if only:
        first = "en" if only.startswith("en") else "zh"
        languages.sort(key=lambda each: each[0] != first)
    found = []
    for code, lang in languages:
        said = {
            part: rendered(getattr(words, f"{part}_{code}"), files_at=files_at, top=top)
            for part in PARTS
            if getattr(words, f"{part}_{code}")
        }
        if said:
            found.append({"code": code, "lang": lang, "title": getattr(words, f"title_{code}"), **said})
    return found[:1] if only else found


def _numbers(request: SignedIn, cases: Sequence[ArticleCase]) -> dict[int, str]:
    """Of those the reader may see."""
    ids = {each.case_id for each in cases}
    return dict(Case.objects.visible_to(request.user).filter(pk__in=ids).values_list("pk", "number"))


def _category(article: Article) -> str:
    return dict(Lists().terms(Term.List.CATEGORY)).get(article.category, article.category)


@signed_in
@require_safe
def compared(request: SignedIn, pk: str) -> HttpResponse:
    """Two versions, line by line: `?from=` and `?to=`, the last two unless said."""
    article = NOUNS["article"].fetch(request.user, pk)
    to = _number(request.GET.get("to"), article.version)
    since = _number(request.GET.get("from"), max(1, to - 1))
    before = get_object_or_404(article.versions.select_related("by"), number=since)
    after = get_object_or_404(article.versions.select_related("by"), number=to)
    names = {
        "title_zh": _("Title in Chinese"), "title_en": _("Title in English"), "text_zh": _("Text in Chinese"),
        "text_en": _("Text in English"), "failed_zh": _("What failed, in Chinese"),
        "failed_en": _("What failed, in English"), "instead_zh": _("What to do instead, in Chinese"),
        "instead_en": _("What to do instead, in English"),
    }  # fmt: skip
    context = {
        "article": article,
        "title": article.title_in(get_language() or "zh-hans"),
        "before": before,
        "after": after,
        "numbers": list(article.versions.order_by("number").values_list("number", flat=True)),
        "parts": [
            (words, name[-2:], _differences(getattr(before, name), getattr(after, name)))
            for name, words in names.items()
            if getattr(before, name) != getattr(after, name)
        ],
    }
    return page(request, "desks/handbook/compared.html", context)


def _number(said: str | None, otherwise: int) -> int:
    return int(said) if said and said.isdecimal() and len(said) < 9 else otherwise


def _differences(before: str, after: str) -> list[tuple[str, str]]:
    """Lines with what became of them: same, gone, new. Of long stretches that stayed, the ends."""
    old, new = before.split("\n"), after.split("\n")
    lines: list[tuple[str, str]] = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            same = old[i:j]
            kept = same if len(same) <= 5 else [*same[:2], "…", *same[-2:]]
            lines += [("same", each) for each in kept]
        else:
            lines += [("gone", each) for each in old[i:j]] + [("new", each) for each in new[k:m]]
    return lines


# -- its files ---------------------------------------------------------------------------------------------------


@signed_in
@require_safe
def file(request: SignedIn, pk: UUID, version: str = "") -> HttpResponseBase:
    held = get_object_or_404(
        ArticleFile.objects.filter(article__in=Article.objects.visible_to(request.user)), pk=pk
    )
    return handed_out(held, version)


@signed_in
@require_POST
def remove_file(request: SignedIn, pk: str, which: UUID) -> HttpResponse:
    article = NOUNS["article"].fetch(request.user, pk)
    if not writing.may_change(article, request.user):
        raise PermissionDenied(_("Whoever answers for it changes it, or the knowledge steward."))
    return did(
        request,
        lambda: filing.remove(article, which, by=request.user, now=database_now()),
        _("The file no longer goes with it."),
        where=f"/handbook/{article.pk}#files",
    )
