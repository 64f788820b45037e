"""What the open answers of a wave are about: the themes of each question, the answers of one theme, and correcting them."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guixin.desks.admin.acting import did
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.waves import editors, fetch
from guixin.desks.rendering import page
from guixin.desks.survey_tabs import behind_address, of_wave
from guixin.ledger.clock import database_now
from guixin.listen import building, correcting_themes, theming
from guixin.listen.groups import FEWEST
from guixin.listen.models import Answer, Theme, ThemedAnswer, Wave
from guixin.listen.results import results
from guixin.listen.themes import LEAST
from guixin.understand.masking import mask_within

PAGE = 50
OTHERS = "others"


@signed_in
@require_safe
def show(request: SignedIn, code: str) -> HttpResponse:
    """?theme= (an id, or “others” with ?question=) for the answers of one, ?from= to go on."""
    wave, language = fetch(request, code), get_language() or "zh-hans"
    found = results(wave)
    told = theming.themes_of(wave)
    chosen = request.GET.get("theme", "")
    scale = theming.satisfaction(found.sheet)
    context = of_wave(wave, "wave_themes") | {
        "found": found,
        "least": LEAST,
        "satisfaction": found.question_words(scale.code, language) if scale and not wave.is_anonymous else "",
        "high": scale.high if scale else None,
        "may_edit": building.may_edit(wave, request.user),
    }
    if chosen:
        return page(request, "desks/waves/theme.html", context | _one(request, wave, told, chosen, language))
    context["questions"] = [_question(wave, each, language) for each in told]
    return page(request, "desks/waves/themes.html", context)


def _question(wave: Wave, told: theming.Told, language: str) -> dict[str, Any]:
    hidden = wave.is_anonymous and told.of.answers < FEWEST
    return {
        "told": told,
        "label": told.asked.shown_label(language),
        "link": behind_address(wave, question=told.asked.code),
        "agreement": None if told.agreement is None else round(100 * told.agreement),
        "rows": [_row(each) for each in told.themes],
        "plainly": []
        if told.themes or hidden
        else [mask_within(each.words) for each in theming.answers_plainly(told.of)[:LEAST]],
        "is_hidden": hidden,
    }


def _row(theme: Theme) -> dict[str, Any]:
    share = theme.figures.get("share")
    return {
        "theme": theme,
        "n": theme.figures.get("n", 0),
        "share": [100 * each for each in share] if share else None,
        "mean": theme.figures.get("mean"),
        "typical": mask_within(theme.typical.words) if theme.typical else "",
    }


def _one(
    request: SignedIn, wave: Wave, told: list[theming.Told], chosen: str, language: str
) -> dict[str, Any]:
    """One theme with its answers, fifty at a time; or the answers that fit none."""
    asked = request.GET.get("question", "")
    for each in told:
        theme = next((one for one in each.themes if str(one.pk) == chosen), None)
        if theme or (chosen == OTHERS and each.asked.code == asked and each.themes):
            break
    else:
        raise Http404
    begin = request.GET.get("from", "")
    at = int(begin) if begin.isdecimal() and len(begin) < 9 else 0
    rows = list(theming.answers_in(each.of, theme)[at : at + PAGE + 1])
    also = theming.also_about(each.of, [one.answer_id for one in rows], theme) if theme else {}
    return {
        "told": each,
        "label": each.asked.shown_label(language),
        "theme": theme,
        "row": _row(theme) if theme else None,
        "number": theme.figures.get("n", 0) if theme else each.others,
        "answers": [
            {
                "placed": one,
                "words": mask_within(one.answer.words),
                "also": also.get(one.answer_id, []),
                "said_at": None if wave.is_anonymous else one.answer.response.completed_at,
            }
            for one in rows[:PAGE]
        ],
        "others": [one for one in each.themes if one != theme],
        "after": at + PAGE if len(rows) > PAGE else None,
    }


def _back(theme: Theme) -> str:
    address = reverse("wave_themes", args=[theme.of.wave.code])
    return f"{address}?{urlencode({'theme': theme.pk})}"


def _theme(wave: Wave, pk: Any) -> Theme:
    found = Theme.objects.filter(of__wave=wave, pk=pk if str(pk).isdecimal() and len(str(pk)) < 19 else 0)
    theme = found.select_related("of__wave").first()
    if theme is None:
        raise Http404
    return theme


@editors
@require_POST
def name(request: SignedIn, wave: Wave, theme: int) -> HttpResponse:
    one, called = _theme(wave, theme), request.POST.get("called", "")
    return did(
        request,
        lambda: correcting_themes.name(one, called, by=request.user, now=database_now()),
        _("The theme is named."),
        where=_back(one),
    )


@editors
@require_POST
def merge(request: SignedIn, wave: Wave, theme: int) -> HttpResponse:
    one, wanted = _theme(wave, theme), request.POST.get("into", "")
    into = _theme(wave, wanted) if wanted else one
    return did(
        request,
        lambda: correcting_themes.merge(one, into, by=request.user, now=database_now()),
        _("The two themes are one."),
        where=_back(into),
    )


@editors
@require_POST
def move(request: SignedIn, wave: Wave, answer: int) -> HttpResponse:
    """`theme`: an id; blank: none of them."""
    placed = (
        ThemedAnswer.objects.filter(of__wave=wave, answer=answer)
        .select_related("of", "theme__of__wave")
        .order_by("-fit", "pk")
        .first()
    )
    if placed is None:
        raise Http404
    wanted = request.POST.get("theme", "")
    theme = _theme(wave, wanted) if wanted else None
    question = Answer.objects.values_list("question__code", flat=True).get(pk=answer)
    address = reverse("wave_themes", args=[wave.code])
    others = f"{address}?{urlencode({'theme': OTHERS, 'question': question})}"
    if theme is None and placed.theme is None:
        return redirect(others)
    return did(
        request,
        lambda: correcting_themes.move(placed, theme, by=request.user, now=database_now()),
        _("The answer is moved."),
        where=_back(placed.theme) if placed.theme else others,
    )
