"""What customers may read: published articles meant for them, found by words, rated without a name."""

from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from guixin.desks.pages.attachments import handed_out
from guixin.desks.pages.handbook import ASKED, sides
from guixin.desks.rendering import fragment
from guixin.handbook import asking, rating
from guixin.handbook.html_tree import plain_text
from guixin.handbook.markup import rendered
from guixin.handbook.models import Article, ArticleFile, Question
from guixin.ledger.clock import database_now
from guixin.search.asking import search
from guixin.web.rate import is_too_fast
from guixin.web.refusals import Refused

SHOWN = 50
FILES_AT = "/answers/files/"
EXCERPT = 120
VOTES_AT_MOST, WITHIN = 20, timedelta(hours=1)


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """`?q=` finds by words, in either language; without it, by topic."""
    asked = request.GET.get("q", "").strip()[:100]
    today = timezone.localdate(database_now())
    rows = Article.objects.public(today)
    if asked:
        best = [hit.key for hit in search(asked, None, kinds=[Article.FOUND_AS], at_most=SHOWN)]
        known = rows.in_bulk(best)
        found = [known[key] for key in best if key in known]
        asking.asked(asked, Question.Place.PUBLIC, found=len(found), today=today)
    else:
        found = list(rows.order_by("topic", "-used", "pk")[: 4 * SHOWN])
    language = get_language() or "zh-hans"
    topics: dict[str, list[dict]] = {}
    for each in found:
        row = {"pk": each.pk, "title": each.title_in(language), "begins": _beginning(each.text_in(language))}
        topics.setdefault("" if asked else each.topic, []).append(row)
    context = {"asked": asked, "topics": topics, "is_empty": not found}
    return fragment(request, "desks/public/answers.html", context)


def _beginning(text: str) -> str:
    said = " ".join(plain_text(rendered(text[:2000])).split())
    return said if len(said) <= EXCERPT else f"{said[: EXCERPT - 1]}…"


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer(request, pk)


def _answer(request: HttpRequest, pk: int, refusal: str = "", status: int = 200) -> HttpResponse:
    today = timezone.localdate(database_now())
    article = get_object_or_404(Article.objects.public(today), pk=pk)
    asked = request.GET.get(ASKED, "")[:100]
    if asked and request.method == "GET":
        asking.opened(asked, Question.Place.PUBLIC, today=today)
    language = get_language() or "zh-hans"
    shown = sides(article, files_at=FILES_AT, top=2, only=language)
    text = "".join(article.text_zh + article.text_en)
    context = {
        "article": article,
        "title": article.title_in(language),
        "side": shown[0] if shown else None,
        # Pictures in the text stand there already.
        "files": [each for each in article.files.order_by("at", "pk") if str(each.pk) not in text],
        "asked": asked,
        "thanked": "thanks" in request.GET,
        "refusal": refusal,
    }
    return fragment(request, "desks/public/answer.html", context, status=status)


@require_POST
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    """Was this right? Nothing is kept of who says so."""
    article = get_object_or_404(Article.objects.public(timezone.localdate(database_now())), pk=pk)
    said = request.POST.get("helpful")
    if said not in ("yes", "no"):
        return _answer(request, pk, _("Say yes or no."), 422)
    if is_too_fast(request, "answers", at_most=VOTES_AT_MOST, within=WITHIN):
        return _answer(request, pk, _("That was many in a short time. Please try again in an hour."), 429)
    if not is_too_fast(request, "answers", at_most=1, within=WITHIN, also=str(pk)):  # once an hour for each
        try:
            rating.rate(article, said == "yes", now=database_now())
        except Refused as refusal:
            return _answer(request, pk, str(refusal), 409)
    return redirect(f"/answers/{pk}?thanks")


@require_GET
def file(request: HttpRequest, pk: UUID, version: str = "") -> HttpResponseBase:
    today = timezone.localdate(database_now())
    held = ArticleFile.objects.filter(article__in=Article.objects.public(today), pk=pk).first()
    if held is None:
        raise Http404
    return handed_out(held, version)
