"""Price studies: the list, one with its curves, points and demand, and how it is described, closed and taken along."""

import tempfile
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixin.channels import price_sheet
from guixin.desks import price_charts
from guixin.desks.admin.acting import did, done, history
from guixin.desks.forms.price import AnswerForm, SoldForm, StudyForm
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.owned import Owned
from guixin.desks.rendering import page
from guixin.desks.survey_tabs import behind_address
from guixin.ledger.clock import database_now
from guixin.listen import price_studies
from guixin.listen.behind import REFUSED
from guixin.listen.models import Wave
from guixin.organisation.pinyin import free_code
from guixin.understand import pricing
from guixin.understand.models import PriceStudy
from guixin.understand.price_questions import QUESTIONS, WORDS, question
from guixin.understand.price_results import MEANS, POINTS, Results, results
from guixin.web import money
from guixin.web.downloads import download
from guixin.web.toasts import say

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


STUDIES = Owned[PriceStudy](
    lambda: PriceStudy.objects.select_related("owner", "segment"),
    pricing.may_begin,
    pricing.may_edit,
    gettext_lazy("Only its owner and administrators change a price study."),
)
may_open, fetch, editors = STUDIES.may_open, STUDIES.fetch, STUDIES.editors


@signed_in
@require_safe
def listed(request: SignedIn) -> HttpResponse:
    if not may_open(request.user):
        raise PermissionDenied(
            _("Price studies are for the front desk, administrators and those who answer for one.")
        )
    standing = Count("answers", filter=Q(answers__struck_at=None))
    studies = (
        PriceStudy.objects.visible_to(request.user)
        .select_related("owner", "segment")
        .annotate(given=standing)
        .order_by("closed_at", "-pk")
    )
    context = {"studies": list(studies[:200]), "may_begin": pricing.may_begin(request.user)}
    return page(request, "desks/prices/list.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    if not pricing.may_begin(request.user):
        raise PermissionDenied(_("Administrators decide which prices customers are asked about."))
    form = StudyForm(request.POST or None, person=request.user, auto_id="study-%s", label_suffix="")
    made: list[PriceStudy] = []
    if request.method == "POST" and done(form, lambda said: made.append(_begin(said, request))):
        return redirect("price_study", code=made[0].code)
    return page(request, "desks/prices/edit.html", {"form": form}, status=422 if form.errors else 200)


def _begin(said: dict[str, Any], request: SignedIn) -> PriceStudy:
    code = free_code(
        said["name"],
        said["name_en"],
        lambda code: code == "new" or PriceStudy.objects.filter(code=code).exists(),
        otherwise="prices",
    )
    try:
        return pricing.begin(code, by=request.user, now=database_now(), **said)
    except IntegrityError as twice:
        raise pricing.CannotStudy(_("Somebody else has just made a study; try again.")) from twice


@signed_in
@require_safe
def show(request: SignedIn, code: str) -> HttpResponse:
    return answer(request, fetch(request, code))


def answer(
    request: SignedIn, study: PriceStudy, *, status: int = 200, more: dict[str, Any] | None = None
) -> HttpResponse:
    found, language = results(study), get_language() or "zh-hans"
    may_edit = pricing.may_edit(study, request.user)
    context = {
        "study": study,
        "name": study.shown_name(language),
        "found": found,
        "points": _points(found),
        "missing": found.missing(),
        "charts": price_charts.of_prices(found),
        "demand_charts": price_charts.of_demand(found),
        "sold": [(each, each.shown_price(), each.shown_quantity()) for each in _with_study(found)],
        "questions": [(WORDS[name], question(study, name, language)) for name in QUESTIONS],
        "other_questions": [
            question(study, name, "en" if language.startswith("zh") else "zh") for name in QUESTIONS
        ],
        "other_language": "en" if language.startswith("zh") else "zh-Hans",
        "answer_form": AnswerForm(study=study, person=request.user),
        "sold_form": SoldForm(study=study),
        "refused": _refused(request, study),
        "today": timezone.localdate(),
        "may_edit": may_edit,
        "history": history(("price_study", study.pk)),
    }
    return page(request, "desks/prices/study.html", context | (more or {}), status=status)


def _refused(request: SignedIn, study: PriceStudy) -> list[tuple[Wave, str, str, int]]:
    """Answers of surveys that were not taken: of which wave, where they are for whoever sees it, why, how many."""
    rows = price_studies.refused_by_wave(study)
    seen = (
        set(Wave.objects.visible_to(request.user).filter(pk__in={row[0].pk for row in rows})) if rows else ()
    )
    return [
        (wave, behind_address(wave, question=code, value=REFUSED) if wave in seen else "", why, number)
        for wave, code, why, number in rows
    ]


def _with_study(found: Results) -> list:
    for each in found.sold:
        each.study = found.study
    return found.sold


def _points(found: Results) -> list[dict[str, Any]]:
    """The four prices in the order in which they are read, each with its interval."""
    if found.points is None:
        return []
    currency = found.study.currency

    def shown(units: float) -> str:
        return money.shown(round(units), currency)

    return [
        {
            "short": name.upper(),
            "words": words,
            "means": MEANS[name],
            "price": shown(getattr(found.points, name)),
            "interval": [shown(each) for each in found.intervals[name]] if found.intervals else None,
        }
        for name, words in POINTS.items()
    ]


@editors
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, study: PriceStudy) -> HttpResponse:
    """What it is about, whom it asks and in which words."""
    form = StudyForm(
        request.POST or None, noun=study, person=request.user, auto_id="study-%s", label_suffix=""
    )
    now = database_now()
    if request.method == "POST" and done(
        form, lambda said: pricing.change(study, said, by=request.user, now=now)
    ):
        say(request, _("The study is changed."))
        return redirect("price_study", code=study.code)
    context = {"form": form, "study": study, "name": study.shown_name(get_language() or "zh-hans")}
    return page(request, "desks/prices/edit.html", context, status=422 if form.errors else 200)


@editors
@require_POST
def close(request: SignedIn, study: PriceStudy) -> HttpResponse:
    return did(
        request,
        lambda: pricing.close(study, by=request.user, now=database_now()),
        _("The study is closed; what was found stays."),
        where=reverse("price_study", args=[study.code]),
    )


@editors
@require_POST
def reopen(request: SignedIn, study: PriceStudy) -> HttpResponse:
    return did(
        request,
        lambda: pricing.reopen(study, by=request.user, now=database_now()),
        _("The study takes answers again."),
        where=reverse("price_study", args=[study.code]),
    )


@signed_in
@require_safe
def workbook(request: SignedIn, code: str) -> HttpResponseBase:
    """Points, curves, demand and every answer without a name, as Excel."""
    study = fetch(request, code)
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115  # the answer closes it
    price_sheet.write(results(study), file)
    file.seek(0)
    return download(file, XLSX, f"{study.code}.xlsx")
