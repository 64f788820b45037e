"""Writing for the handbook: a new article, an edit with its preview, files that people have already."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guixin.desks.admin.acting import done
from guixin.desks.forms.handbook import ArticleForm, ImportForm
from guixin.desks.nouns import NOUNS
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.handbook import sides
from guixin.desks.rendering import page
from guixin.handbook import reading, writing
from guixin.handbook.models import Article, ArticleVersion
from guixin.handbook.models.article import WORDS
from guixin.ledger.clock import database_now
from guixin.web.refusals import Refused
from guixin.web.toasts import say


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """A draft. `?kind=`, `?topic=` and `?title=` fill it in beforehand; the button Preview saves nothing."""
    initial = {name: request.GET.get(name, "")[:120] for name in ("kind", "topic", "category")}
    if title := request.GET.get("title", "")[:120]:
        initial["title_zh"] = title
    form = _form(request, None, initial)
    made: list[Article] = []
    now = database_now()
    if request.method == "POST" and "preview" in request.POST:
        return _answer(request, form, None)
    if request.method == "POST" and done(form, lambda said: made.append(_begin(request, form, now))):
        say(request, _("The draft is kept. Publish it when it is right."))
        return redirect("handbook_article", made[0].pk)
    return _answer(request, form, None, 422 if form.errors else 200)


def _begin(request: SignedIn, form: ArticleForm, now: datetime) -> Article:
    words, facts = form.said()
    return writing.begin(form.cleaned_data["kind"], words, by=request.user, now=now, **facts)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedIn, pk: str) -> HttpResponse:
    """Every save is a version. If somebody else saved meanwhile, both stand there and nothing typed is lost."""
    article = NOUNS["article"].fetch(request.user, pk)
    if not writing.may_change(article, request.user):
        raise PermissionDenied(_("Whoever answers for it changes it, or the knowledge steward."))
    form = _form(request, article, {})
    if request.method != "POST" or "preview" in request.POST:
        return _answer(request, form, article)
    if not form.is_valid():
        return _answer(request, form, article, 422)
    words, facts = form.said()
    read_at = form.cleaned_data["version"] or 0
    try:
        changed = writing.revise(
            article, words, read_at_version=read_at, by=request.user, now=database_now(), **facts
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        article.refresh_from_db()
        theirs = article if read_at != article.version else None
        if theirs:  # the next Save is a decision made with both in view
            posted = request.POST.copy()
            posted["version"] = str(article.version)
            form.data = posted
        return _answer(request, form, article, 422 if refusal.about_input else 409, theirs=theirs)
    say(request, _("Kept as version %s.") % changed.version)
    return redirect("handbook_article", changed.pk)


def _form(request: SignedIn, article: Article | None, initial: dict[str, Any]) -> ArticleForm:
    posted = request.POST if request.method == "POST" else None
    return ArticleForm(posted, noun=article, initial=initial, auto_id="article-%s", label_suffix="")


def _answer(
    request: SignedIn, form: ArticleForm, article: Article | None, status: int = 200, *, theirs: Article | None = None
) -> HttpResponse:  # fmt: skip
    shown = None
    if form.is_bound:
        typed = ArticleVersion(**{name: form.data.get(name, "")[: writing.LONGEST_TEXT] for name in WORDS})
        shown = sides(typed)
    context = {
        "form": form,
        "article": article,
        "preview": shown,
        "theirs": sides(theirs) if theirs else None,
        "topics": writing.topics(),
    }
    return page(request, "desks/handbook/edit.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: SignedIn) -> HttpResponse:
    """Files become drafts, each with its preview; a broken one says what is wrong with it."""
    posted = request.method == "POST"
    form = ImportForm(
        request.POST if posted else None, request.FILES if posted else None, auto_id="import-%s", label_suffix=""
    )  # fmt: skip
    outcomes: list[reading.Outcome] = []
    if posted and form.is_valid():
        said = form.cleaned_data
        try:
            outcomes = reading.take_in(
                said["documents"], by=request.user, now=database_now(), kind=said["kind"], audience=said["audience"],
                topic=said["topic"],
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
    made = [each for each in outcomes if each.article]
    context = {
        "form": form,
        "outcomes": [(each, sides(each.article) if each.article else []) for each in outcomes],
        "made": len(made),
        "refused": len(outcomes) - len(made),
        "topics": writing.topics(),
    }
    failed = form.errors or (outcomes and not made)
    return page(request, "desks/handbook/import.html", context, status=422 if failed else 200)
