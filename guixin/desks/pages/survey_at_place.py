"""Answering a survey at a place: the card there is scanned, nobody says a name, and one tap is kept. GET stores nothing; what this
browser answers counts once, by a word it keeps."""

import re
from datetime import timedelta
from secrets import token_urlsafe

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guixin.desks.rendering import fragment
from guixin.desks.survey_sheet import answers_in, shown_page
from guixin.ledger.clock import database_now
from guixin.listen import answering, at_places, hanging_up
from guixin.listen.models import WavePlace
from guixin.listen.questions import Sheet
from guixin.web.rate import is_too_fast

AT_MOST, WITHIN = 60, timedelta(hours=1)  # new answers from one address: a hall may stand behind it
KEPT = re.compile(r"[A-Za-z0-9_-]{16,64}")
REMEMBERED = timedelta(days=30)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """`?page=` counts from 1; without it, where this browser was last. `?anew=1`: somebody else holds the same device."""
    now = database_now()
    place = hanging_up.asked_at(code, now)
    if place is None:
        sentence = _("Nothing is asked here at the moment. You can still write to us.")
        return _ended(request, {"sentence": sentence, "complain": code}, 404)
    if request.method == "POST":
        return _taken(request, place, _word(request.POST.get("once", "")) or token_urlsafe(18))
    kept = "" if request.GET.get("anew") else _word(request.COOKIES.get(_cookie(place), ""))
    response = at_places.begun_at_place(place, kept) if kept else None
    said = answering.answers_of(response)
    pages = at_places.pages_at_place(place.wave.version.sheet)
    wanted = request.GET.get("page", "")
    if response is not None and response.completed_at and not (wanted and at_places.may_add(response, now)):
        return _thanks(request, place, may_add=len(pages) > 1 and at_places.may_add(response, now))
    page = answering.page_to_resume(pages, said)
    if response is not None and wanted.isdecimal() and 0 < int(wanted[:3]) <= len(pages):
        page = int(wanted[:3]) - 1
    return _page(request, place, kept or token_urlsafe(18), page, said)


def _taken(request: HttpRequest, place: WavePlace, kept: str) -> HttpResponse:
    pages = at_places.pages_at_place(place.wave.version.sheet)
    wanted = request.GET.get("page", "1")
    page = int(wanted) - 1 if wanted in {str(n) for n in range(1, len(pages) + 1)} else 0
    response = at_places.begun_at_place(place, kept)
    given = answers_in(Sheet(questions=tuple(pages[page])), request.POST)
    said = answering.answers_of(response) | given
    braked = response is None and is_too_fast(
        request, "survey-at", at_most=AT_MOST, within=WITHIN, also=place.point.code
    )
    try:
        is_last = at_places.answer_at(
            place, kept, page, given, language=get_language() or "zh-hans", now=database_now(), is_braked=braked
        )  # fmt: skip
    except answering.CannotAnswer as wrong:
        return _page(request, place, kept, page, said, wrong.errors, str(wrong), 422)
    except at_places.AskedTooOften as why:
        return _page(request, place, kept, page, said, {}, str(why), 429)
    except answering.AnsweredAlready:
        is_last = True
    done = redirect(request.path if is_last else f"{request.path}?page={page + 2}")
    done.set_cookie(
        _cookie(place), kept, max_age=REMEMBERED, path=request.path, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return done


def _page(
    request: HttpRequest, place: WavePlace, kept: str, page: int, said: dict[str, str],
    errors: dict[str, str] | None = None, problem: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    sheet = place.wave.version.sheet
    pages, tapped = at_places.pages_at_place(sheet), at_places.one_tap(sheet)
    context = shown_page(request, place.wave, pages, page, said, errors) | {
        "problem": problem,
        "once": kept,
        "place": place.point.shown_name(get_language() or "zh-hans"),
        "one_tap": page == 0 and tapped is not None,
        "more_is_needed": any(each.required for each in sheet.questions[1:]) or place.wave.is_anonymous,
    }
    return _unlisted(fragment(request, "desks/public/survey.html", context, status=status))


def _thanks(request: HttpRequest, place: WavePlace, *, may_add: bool) -> HttpResponse:
    return _ended(
        request,
        {
            "sentence": _("Your answer is with us. Nobody can see whose it is."),
            "is_thanks": True,
            "add": f"{request.path}?page=2" if may_add else "",
            "anew": f"{request.path}?anew=1",
            "complain": place.point.code,
        },
        200,
    )


def _ended(request: HttpRequest, context: dict, status: int) -> HttpResponse:
    return _unlisted(fragment(request, "desks/public/survey_ended.html", context, status=status))


def _cookie(place: WavePlace) -> str:
    return f"asked-{place.point.code}"


def _word(kept: str) -> str:
    return kept if KEPT.fullmatch(kept) else ""


def _unlisted(answer: HttpResponse) -> HttpResponse:
    answer["X-Robots-Tag"] = "noindex"
    return answer
