import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from guixin.desks.acts import Done
from guixin.desks.composing import Composer, Panel, composer, offered
from guixin.desks.forms.composer import FORMS, SayForm, SayReplyForm
from guixin.desks.lists import Lists
from guixin.desks.nouns import NOUNS, address
from guixin.desks.pages.access import NOT_ALLOWED, SignedIn, signed_in
from guixin.desks.pages.case import answer_with_case
from guixin.desks.rendering import fragment
from guixin.handbook import using
from guixin.handbook.models import Article, ArticleCase
from guixin.ledger.clock import database_now
from guixin.serve import attaching, draft_files, drafts, queues, replying, routing, sending
from guixin.serve.meanwhile import SaidMeanwhile
from guixin.serve.models import Case, HeldReply
from guixin.serve.models.case import NO_DEADLINE
from guixin.serve.permitting import may_serve
from guixin.web.refusals import Refused
from guixin.web.toasts import say

_IS_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _fetch(request: SignedIn, number: str) -> Case:
    return NOUNS["case"].fetch(request.user, number)


def _form_of(tab: str) -> type[SayForm]:
    if tab not in FORMS:
        raise Http404
    return FORMS[tab]


@signed_in
@require_POST
def speak(request: SignedIn, number: str, tab: str) -> HttpResponse:
    """Send what one tab holds; refused, the composer comes back with everything typed."""
    case, wanted = _fetch(request, number), _form_of(tab)
    form = wanted(request.POST, request.FILES, noun=case, lists=Lists(), label_suffix="")
    refusal, status, why, has_files = "", 422, None, False
    if tab != "note" and not may_serve(case, request.user):
        refusal, status = str(NOT_ALLOWED), 403
    else:
        try:
            files = _files(request, case, tab)
            has_files = True
            if form.is_valid():
                done = _VERBS[tab](case, form, request, files)
                drafts.drop(case, request.user, tab)
                say(request, done.words, undo=done.undo)
                where = done.where + _within(request)
                return HttpResponseClientRedirect(where) if request.htmx else redirect(where)
            refusal = str(next(iter(form.errors.values()))[0])
        except Refused as refused:
            refusal, status, why = str(refused), 422 if refused.about_input else 409, refused
            if request.FILES and not has_files and not request.htmx:
                refusal += " " + _("Please choose your files again.")
    drafts.keep(case, request.user, tab, _typed(request, form), now=database_now())
    back = composer(case, request.user, wanted=tab, said={tab: request.POST.copy()}, refusals={tab: refusal})
    for panel in back.panels if has_files else ():
        panel.form.choose_anew()
    if isinstance(why, SaidMeanwhile):
        _show_meanwhile(back, why)
    if request.htmx:
        return fragment(request, "desks/_composer.html", {"composer": back, "case": case}, status=status)
    return answer_with_case(request, case, status=status, more={"composer": back})


@signed_in
@require_POST
def keep_files(request: SignedIn, number: str, tab: str) -> HttpResponse:
    """Files just chosen, kept while the words are still being written."""
    case, wanted = _fetch(request, number), _form_of(tab)
    if tab != "note" and not may_serve(case, request.user):
        raise PermissionDenied
    panel = Panel(
        tab, wanted(noun=case, lists=Lists(), label_suffix="", auto_id=f"say-{tab}-%s"), is_open=True
    )
    try:
        _files(request, case, tab)
        panel.form.choose_anew()
    except attaching.CannotAttach as refusal:
        panel.files_refusal = str(refusal)
    panel.files = list(draft_files.of(case, request.user).filter(tab=tab))
    return fragment(
        request, "desks/_composer_files.html", {"panel": panel}, status=422 if panel.files_refusal else 200
    )


def _files(request: SignedIn, case: Case, tab: str) -> set[UUID]:
    """Which files go with the words: those ticked, and those that have just arrived. All of them are kept first, so
    that a refusal finds them in the composer; those that are ticked no more are left out."""
    listed, ticked = (_ids(request.POST.getlist(name)) for name in ("listed_file", "file"))
    arrived = attaching.keep(request.FILES.getlist("attachments"))
    draft_files.leave_out(case, request.user, listed - ticked)
    added = draft_files.add(case, request.user, tab, arrived, now=database_now())
    return ticked | {each.pk for each in added}


def _ids(said: list[str]) -> set[UUID]:
    return {UUID(each) for each in said if _IS_ID.fullmatch(each)}


def _within(request: SignedIn) -> str:
    """The list that stands beside the case goes along."""
    lists = parse_qs(urlsplit(request.htmx.current_url or "").query).get("in") if request.htmx else None
    return f"?{urlencode({'in': lists[0]})}" if lists else ""


def _show_meanwhile(back: Composer, why: SaidMeanwhile) -> None:
    """Both sides one beside the other; pressing Send again is a decision made with both in view."""
    back.said_meanwhile = why
    form: Any = back.reply.form if back.reply else None
    if form is not None:
        back.yours = form.data.get("body", "")
        posted = form.data.copy()
        posted["seen"] = str(why.seen)
        posted["shown"] = ",".join(str(each.pk) for each in why.on_their_way)
        form.data = posted


def _reply(case: Case, form: SayReplyForm, request: SignedIn, files: set[UUID]) -> Done:
    now = database_now()
    words = form.cleaned_data["body"]
    with transaction.atomic():
        held = sending.send(case, words, by=request.user, now=now, files=files, **form.said())
        _note_article(case, form.cleaned_data["article"], request, now)
    where = address("case", case)
    if form.cleaned_data["opens_next"] and (following := _next_of(request, case)):
        where = address("case", following)
    if held.state != HeldReply.State.HELD:
        return Done(_("Sent."), where)
    seconds = max(round((held.send_at - now).total_seconds()), 1)
    words = ngettext(
        "Sent. It can be taken back for %(seconds)s second.",
        "Sent. It can be taken back for %(seconds)s seconds.",
        seconds,
    )
    return Done(words % {"seconds": seconds}, where, undo=f"/held-replies/{held.pk}/taking-back")


def _note_article(case: Case, pk: str, request: SignedIn, now: datetime) -> None:
    """Its words went into the reply. One that was withdrawn meanwhile is no reason not to send."""
    if not pk.isdecimal() or len(pk) > 18:
        return
    today = timezone.localdate(now)
    article = Article.objects.visible_to(request.user).in_force(today).filter(pk=pk).first()
    if article is not None:
        using.use(article, case.pk, ArticleCase.How.INSERTED, by=request.user, now=now)


@transaction.atomic
def _note(case: Case, form: SayForm, request: SignedIn, files: set[UUID]) -> Done:
    now = database_now()
    message = replying.note(case, form.cleaned_data["body"], by=request.user, now=now)
    chosen = draft_files.of(case, request.user).filter(tab="note", pk__in=files)
    draft_files.attach_all(chosen, case=case, message=message, by=request.user, now=now)
    return Done(_("The note is kept; only colleagues see it."), address("case", case))


@transaction.atomic
def _task(case: Case, form: SayForm, request: SignedIn, files: set[UUID]) -> Done:
    department, what = form.cleaned_data["department"], form.cleaned_data["instruction"].strip()
    if not what:
        raise routing.CannotRoute(_("Say what the department is asked to do."))
    now = database_now()
    (task,) = routing.decide_departments(
        case, [(department.pk, 1, what)], by=request.user, reason=what, now=now
    )
    chosen = draft_files.of(case, request.user).filter(tab="task", pk__in=files)
    draft_files.attach_all(chosen, case=case, task=task, by=request.user, now=now)
    return Done(_("%(department)s has the task.") % {"department": department.name}, address("case", case))


_VERBS: dict[str, Callable[[Case, Any, SignedIn, set[UUID]], Done]] = {
    "reply": _reply,
    "note": _note,
    "task": _task,
}


def _next_of(request: SignedIn, case: Case) -> Case | None:
    """The nearest deadline of mine after this one; what I have just answered is still on its way and not the next."""
    answered = HeldReply.objects.held().filter(by=request.user).values("case_id")
    mine = queues.cases("mine", request.user).rows.exclude(pk=case.pk).exclude(pk__in=answered)
    return mine.filter(queue_at__lt=NO_DEADLINE).order_by("queue_at", "pk").first()


# -- drafts ----------------------------------------------------------------------------------------------------


@signed_in
@require_POST
def keep_draft(request: SignedIn, number: str, tab: str) -> HttpResponse:
    """What is typed, kept as it is; the page goes on without an answer."""
    case, wanted = _fetch(request, number), _form_of(tab)
    form = wanted(request.POST, noun=case, lists=Lists())
    drafts.keep(case, request.user, tab, _typed(request, form), now=database_now())
    return HttpResponse(status=204)


NOT_OF_A_DRAFT = ("seen", "shown", "attachments")


def _typed(request: SignedIn, form: SayForm) -> dict[str, str]:
    return {
        name: request.POST[name]
        for name in form.fields
        if name in request.POST and name not in NOT_OF_A_DRAFT
    }


# -- replies on their way ---------------------------------------------------------------------------------------


@signed_in
@require_POST
def take_back(request: SignedIn, pk: int) -> HttpResponse:
    """Undo sending: back to the case with the words in the composer."""
    held = get_object_or_404(HeldReply.objects.visible_to(request.user).select_related("case"), pk=pk)
    case = _fetch(request, held.case.number)
    try:
        sending.take_back(held, by=request.user, now=database_now())
    except sending.CannotTakeBack as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back. Your words are in the composer again."))
    where = f"{address('case', case)}?say=reply#composer"
    return HttpResponseClientRedirect(where) if request.htmx else redirect(where)


@signed_in
@require_safe
def on_its_way(request: SignedIn, number: str) -> HttpResponse:
    """The line that says a reply is leaving; gone once it left."""
    case = _fetch(request, number)
    held = HeldReply.objects.held().filter(case=case, by=request.user).order_by("-pk").first()
    files = held.files.count() if held else 0
    context = {"held": held, "files": files, "case": case, "now": database_now()}
    return fragment(request, "desks/_held_reply.html", context)


# -- templates ---------------------------------------------------------------------------------------------------


@signed_in
@require_safe
def templates(request: SignedIn, number: str) -> HttpResponse:
    """The menu under "/": every template this person may use, with the values of this case in it."""
    case = _fetch(request, number)
    return fragment(
        request, "desks/_templates.html", {"case": case, "templates": offered(case, request.user)}
    )
