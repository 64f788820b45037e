"""What a wave found, further than its first page: the short plank, its groups, and the responses behind a figure."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guixin.desks import survey_charts, survey_evidence
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.waves import fetch
from guixin.desks.rendering import page
from guixin.desks.survey_tabs import behind_address, has_gaps, of_wave
from guixin.listen import behind, price_studies
from guixin.listen.answering import answers_of_all
from guixin.listen.behind import DISSATISFIED, REFUSED, Which
from guixin.listen.groups import MOMENT
from guixin.listen.models import Response, Wave
from guixin.listen.questions import SCALE, TEXT, Asked
from guixin.listen.results import Results, by_words, groups, results, ways_to_tell_apart
from guixin.listen.weakest import judged
from guixin.promise.moments import elements_in_force
from guixin.serve.customers import ids_visible_to
from guixin.serve.models import Case
from guixin.web.refusals import Refused

PAGE = 25
SHORT = 8  # answers that are read at once


@signed_in
@require_safe
def plank(request: SignedIn, code: str) -> HttpResponse:
    wave, language = fetch(request, code), get_language() or "zh-hans"
    found = results(wave)
    told = found.plank
    context = of_wave(wave, "wave_plank") | {
        "found": found,
        "words": found.plank_words(language),
        "by": _how_weighed(found, language),
        "worst": _worst(found, language),
        "field": survey_charts.of_plank(
            found, language, lambda code: behind_address(wave, question=code), told
        )
        if told.get("points")
        else None,
    }
    return page(request, "desks/waves/plank.html", context | survey_evidence.of_plank(found, language))


@signed_in
@require_safe
def five_gaps(request: SignedIn, code: str) -> HttpResponse:
    wave, language = fetch(request, code), get_language() or "zh-hans"
    found = results(wave)
    if not has_gaps(wave):
        raise Http404
    context = of_wave(wave, "wave_gaps") | {"found": found} | survey_evidence.of_gaps(found, language)
    return page(request, "desks/waves/gaps.html", context)


def _how_weighed(found: Results, language: str) -> str:
    by, outcome = found.plank.get("by"), found.plank.get("outcome", "")
    named = found.dimension_words(outcome, language)
    if named not in found.sheet.dimensions and outcome in found.sheet.by_code:
        named = found.question_words(outcome, language)
    return {
        "stated": _("How much each matters is what customers said."),
        "derived": _(
            "How much each matters is its share of what goes along with “%s”; whether it is its cause is not told."
        )
        % named,
        "equal": _("How much each matters is not known: all count the same."),
    }.get(by or "", "")


def _worst(found: Results, language: str) -> dict[str, Any] | None:
    told = found.plank
    if not told.get("worst"):
        return None
    point = next(each for each in told["points"] if each["code"] == told["worst"])
    figures = found.figures["questions"].get(point["code"], {})
    return {
        "name": found.question_words(point["code"], language),
        "mean": figures.get("mean"),
        "high": found.sheet.by_code[point["code"]].high,
        "point": point,
        "performance": point["performance"],
        "importance": [100 * each for each in point["importance"]],
        "dissatisfied": [100 * each for each in point["dissatisfied"]] if point["dissatisfied"] else None,
        "link": behind_address(found.wave, question=point["code"], value=DISSATISFIED),
    }


@signed_in
@require_safe
def by_group(request: SignedIn, code: str) -> HttpResponse:
    """?by= one of the ways this wave can be told apart."""
    wave, language = fetch(request, code), get_language() or "zh-hans"
    ways = ways_to_tell_apart(wave)
    by = request.GET.get("by") or (ways[0] if ways else "")
    if by and by not in ways:
        raise Http404
    found = results(wave)
    if by == MOMENT:
        context = _by_moment(wave, found, ways, language)
        return page(request, "desks/waves/groups.html", of_wave(wave, "wave_groups") | context)
    about = judged(found.sheet)
    shown = [each for each in found.sheet.questions if each.kind == SCALE and not each.is_beside]
    outcome = next((each for each in shown if each in about.outcome), shown[0] if shown else None)
    rows = groups(wave, by, language) if by else []
    context = of_wave(wave, "wave_groups") | {
        "found": found,
        "ways": [(each, by_words(wave, each, language)) for each in ways],
        "by": by,
        "by_words": by_words(wave, by, language) if by else "",
        "outcome": found.question_words(outcome.code, language) if outcome else "",
        "rows": [
            {
                "group": each,
                "told": each.question(outcome.code) if outcome else {},
                "gap": (each.figures.get("gap") or {}),
                "link": behind_address(wave, by=by, key=each.key),
            }
            for each in rows
        ],
        "has_gaps": any((each.figures or {}).get("gap") for each in rows),
        "charts": survey_charts.of_groups(rows, outcome, found, language) if outcome else [],
        "waits_for_closing": wave.is_anonymous and wave.closed_at is None,
    }
    return page(request, "desks/waves/groups.html", context)


def _by_moment(wave: Wave, found: Results, ways: list[str], language: str) -> dict[str, Any]:
    """What everybody found at each moment of truth; not groups of people, but told beside them."""
    rows = groups(wave, MOMENT, language)
    drawn = elements_in_force({each.key for each in rows})
    return {
        "found": found,
        "ways": [(each, by_words(wave, each, language)) for each in ways],
        "by": MOMENT,
        "moments": [
            {
                "group": each,
                "level": each.figures.get("level"),
                "low": [100 * share for share in each.figures.get("low") or ()],
                "gap": each.figures.get("gap") or {},
                "link": behind_address(wave, by=MOMENT, key=each.key),
                "drawing": reverse("blueprint_element", args=each.key.split(":"))
                if each.key in drawn
                else "",
            }
            for each in rows
        ],
        "charts": survey_charts.of_moments(rows),
    }


@signed_in
@require_safe
def responses(request: SignedIn, code: str) -> HttpResponse:
    """?question= and ?value= (a point, a word, “dissatisfied”) and ?by= and ?key= as the figure that leads here says."""
    wave, language = fetch(request, code), get_language() or "zh-hans"
    which = Which(
        **{name: request.GET.get(name, "")[:200] for name in ("question", "value", "by", "key", "response")}
    )
    try:
        rows = behind.responses_behind(wave, which)
    except Refused as why:
        raise PermissionDenied(str(why)) from why
    number, after = behind.how_many(wave, which, rows), request.GET.get("after", "")
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    here = list(behind.newest_first(rows)[: PAGE + 1])
    more, here = len(here) > PAGE, here[:PAGE]
    context = of_wave(wave, "wave_responses") | {
        "which": which,
        "which_words": which_in_words(wave, which, language),
        "rows": _shown(request, wave, here, language, which.question),
        "number": number,
        "after": here[-1].pk if more else None,
    }
    return page(request, "desks/waves/responses.html", context)


def which_in_words(wave: Wave, which: Which, language: str) -> str:
    words, found = [], results(wave)
    if which.response:
        words.append(_("Response %s") % which.response)
    if which.question:
        value = {DISSATISFIED: _("dissatisfied"), REFUSED: _("not taken by the study")}.get(
            which.value, which.value
        )
        one = found.question_words(which.question, language)
        words.append(f"{one}：{value}" if value else one)
    if which.by:
        name = next(
            (each.name for each in groups(wave, which.by, language) if each.key == which.key), which.key
        )
        words.append(f"{by_words(wave, which.by, language)}：{name}")
    return " · ".join(words)


def _shown(
    request: SignedIn, wave: Wave, rows: list[Response], language: str, about: str
) -> list[dict[str, Any]]:
    """Each response with its answers; customer and case only for whoever may see them."""
    sheet, said = wave.version.sheet, answers_of_all([each.pk for each in rows])
    outcome = {each.code for each in judged(sheet).outcome}
    asked = [
        (
            one.code, one.shown_label(language), _answers_in_words(one, language), one.kind == TEXT,
            one.kind == TEXT or one.code in outcome or one.code == about,
        )
        for one in sheet.questions
    ]  # fmt: skip
    refusals = price_studies.refusals_of(rows) if any(each.study for each in sheet.questions) else {}
    cases = set(
        Case.objects.visible_to(request.user)
        .filter(pk__in=[each.case_id for each in rows if each.case_id])
        .values_list("pk", flat=True)
    )
    customers = ids_visible_to(request.user, [each.customer_id for each in rows if each.customer_id])

    def answers(each: Response, first: bool) -> list[tuple[str, str, bool]]:
        """What is read at once, words and the whole of it, or the rest; of a short response all of it at once."""
        given = said.get(each.pk, {})
        is_short = len(given) <= SHORT
        return [
            (label, words.get(given[code], given[code]), is_text)
            for code, label, words, is_text, at_once in asked
            if code in given and first == (is_short or at_once)
        ]

    return [
        {
            "response": each,
            "answers": answers(each, first=True),
            "rest": answers(each, first=False),
            "refused": [
                (sheet.by_code[code].shown_label(language), sheet.by_code[code].study, why)
                for code, why in refusals.get(each.pk, {}).items()
                if code in sheet.by_code
            ],
            "customer": each.customer if each.customer_id in customers else None,
            "case": each.case if each.case_id in cases else None,
        }
        for each in rows
    ]


def _answers_in_words(one: Asked, language: str) -> dict[str, str]:
    """What is kept -> what is read."""
    if one.kind == SCALE:
        return {str(point): f"{point}/{one.high}" for point in one.points}
    return dict(one.shown_choices(language))
