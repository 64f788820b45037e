"""Answering a survey by a private link: no account, no JavaScript. GET stores nothing, because programs that check links
follow them; each page that is sent is kept, and the same link goes on where one was."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from guixin.desks.rendering import fragment
from guixin.desks.survey_sheet import answers_in, shown_page
from guixin.ledger.clock import database_now
from guixin.listen import answering, asking
from guixin.listen.models import Invitation
from guixin.listen.questions import Sheet
from guixin.web.rate import is_too_fast

AT_MOST, WITHIN = 300, timedelta(hours=1)  # of one address: a whole office may stand behind it


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """`?page=` counts from 1; without it, where whoever answers was last."""
    invitation, now = answering.invitation_of(token), database_now()
    if invitation is None:
        sentence = _("We do not know this link. Perhaps its end was cut off; open it again from our message.")
        return _ended(request, sentence, 404)
    try:
        answering.check_open(invitation, now)
    except answering.AnsweredAlready as done:
        return _ended(request, str(done), 200, is_thanks=True)
    except answering.LinkEnded as why:
        return _ended(request, str(why), 410)
    sheet = invitation.wave.version.sheet
    said = answering.answers_of(answering.begun(invitation, token))
    pages = answering.pages_of(sheet)
    wanted = request.GET.get("page", "")
    page = answering.page_to_resume(pages, said)
    if wanted.isdecimal() and 0 < int(wanted[:3]) <= len(pages):
        page = int(wanted[:3]) - 1
    if request.method != "POST":
        return _page(request, invitation, token, page, said)
    given = answers_in(Sheet(questions=tuple(pages[page])), request.POST)
    if is_too_fast(request, "surveys", at_most=AT_MOST, within=WITHIN):
        problem = _("That was many in a short time. Please try again in an hour.")
        return _page(request, invitation, token, page, said | given, {}, problem, 429)
    try:
        is_done = answering.answer_page(
            invitation, token, page, given, language=get_language() or "zh-hans", now=now
        )
    except answering.CannotAnswer as wrong:
        return _page(request, invitation, token, page, said | given, wrong.errors, str(wrong), 422)
    except answering.LinkEnded:
        return redirect("survey_answer", token)  # somebody else was faster; the page says what became of it
    return redirect("survey_answer", token) if is_done else redirect(f"{request.path}?page={page + 2}")


# Exempt: the secret in the address gives the right, no cookie does; and a mail program presses it by itself (RFC 8058).
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def no_more(request: HttpRequest, token: str) -> HttpResponse:
    """Not to be asked any more, by any channel. GET shows what would stop; POST stores it."""
    invitation = answering.invitation_of(token)
    if invitation is None or invitation.customer_id is None:
        raise Http404
    if request.method == "POST":
        asking.no_more(invitation, now=database_now())
        if request.POST.get("List-Unsubscribe"):
            return HttpResponse(_("Done."), content_type="text/plain; charset=utf-8")
        return redirect("survey_no_more", token)
    context = {"is_out": asking.has_said_no(invitation)}
    return _secret(fragment(request, "desks/public/survey_no_more.html", context))


def _page(
    request: HttpRequest, invitation: Invitation, token: str, page: int, said: dict[str, str],
    errors: dict[str, str] | None = None, problem: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    sheet = invitation.wave.version.sheet
    context = shown_page(
        request,
        invitation.wave,
        answering.pages_of(sheet),
        page,
        said,
        errors,
        about=answering.about(invitation),
    )
    return _secret(
        fragment(request, "desks/public/survey.html", context | {"problem": problem}, status=status)
    )


def _ended(request: HttpRequest, sentence: str, status: int, *, is_thanks: bool = False) -> HttpResponse:
    context = {"sentence": sentence, "is_thanks": is_thanks}
    return _secret(fragment(request, "desks/public/survey_ended.html", context, status=status))


def _secret(answer: HttpResponse) -> HttpResponse:
    """The address is a secret no other site is told."""
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex"
    return answer
