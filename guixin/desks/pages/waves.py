"""Survey waves: the list, one with what it found, its links, a third party's file, closing."""

import csv
import io
from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixin.channels.exporting import writing
from guixin.channels.importing import jobs
from guixin.desks import survey_charts
from guixin.desks.admin.acting import did_one_of, done, history
from guixin.desks.admin.forms.imports import FileForm
from guixin.desks.forms.export import ResponsesForm
from guixin.desks.forms.wave import LinksForm, WaveForm
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.owned import Owned
from guixin.desks.rendering import page
from guixin.desks.survey_tabs import behind_address, of_wave
from guixin.ledger.clock import database_now
from guixin.listen import building, hanging_up, price_studies, sharing_results, waves
from guixin.listen.behind import REFUSED
from guixin.listen.models import Wave, WavePlan
from guixin.listen.questions import CHOICE, Asked
from guixin.listen.results import Results, changes_told, results
from guixin.organisation.access import scope_of
from guixin.organisation.models.position import Duty
from guixin.serve.models import OpinionPoint
from guixin.understand.data_held import may_hand_out
from guixin.web.charts import figure
from guixin.web.downloads import download
from guixin.web.refusals import Refused
from guixin.web.toasts import say

WAVES = Owned[Wave](
    lambda: Wave.objects.select_related("owner", "version__questionnaire", "sample"),
    building.may_begin,
    building.may_edit,
    gettext_lazy("Only its owner and administrators change a wave."),
)
fetch, editors = WAVES.fetch, WAVES.editors


@signed_in
@require_safe
def listed(request: SignedIn) -> HttpResponse:
    if not WAVES.may_open(request.user):
        raise PermissionDenied(
            _("Surveys are for the front desk, administrators and those who answer for one.")
        )
    rows = (
        Wave.objects.visible_to(request.user)
        .select_related("owner", "version__questionnaire")
        .order_by("closed_at", "-pk")
    )
    plans = WavePlan.objects.visible_to(request.user).select_related("owner")
    context = {
        "waves": list(rows[:200]),
        "plans": list(plans.order_by("withdrawn_at", "pk")),
        "may_begin": building.may_begin(request.user),
    }
    return page(request, "desks/waves/list.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    if not building.may_begin(request.user):
        raise PermissionDenied(_("Administrators decide what customers are asked."))
    form = WaveForm(request.POST or None, person=request.user, label_suffix="")
    made: list[Wave] = []

    def save(said: dict[str, Any]) -> None:
        made.append(waves.open_wave(**said, by=request.user, now=database_now()))

    if request.method == "POST" and done(form, save):
        return redirect("wave", made[0].code)
    return page(request, "desks/waves/new.html", {"form": form}, status=422 if form.errors else 200)


@signed_in
@require_safe
def show(request: SignedIn, code: str) -> HttpResponse:
    return _shown(request, fetch(request, code))


def _shown(request: SignedIn, wave: Wave, *, status: int = 200, **more: Any) -> HttpResponse:
    found, language, now = results(wave), get_language() or "zh-hans", database_now()
    since = found.figures.get("change", {}).get("since")
    places, takes = hanging(wave), waves.takes_answers(wave, now)
    context = of_wave(wave, "wave") | {
        "plank_words": found.plank_words(language) if found.plank else "",
        "changes": changes_told(found, language),
        "before": Wave.objects.filter(code=since).first() if since else None,
        "questionnaire": wave.version.questionnaire,
        "found": found,
        "missing": found.missing(),
        "rate": [figure(each, percent=True) for each in found.figures.get("rate") or ()],
        "dimensions": _dimensions(found, language),
        "questions": _questions(found, language),
        "charts": survey_charts.of_dimensions(found, language) + survey_charts.of_gaps(found, language),
        "model_charts": survey_charts.of_index(found, language),
        "takes_answers": takes,
        "places": places,
        "has_cards": any(not each["place"].taken_down_at for each in places),
        "may_make_points": scope_of(request.user).has_duty(Duty.ADMINISTRATOR),
        "may_edit": building.may_edit(wave, request.user),
        "may_share": wave.shared_at is None and sharing_results.may_share(wave),
        "confirmations": sharing_results.confirmations(wave, now) if wave.shared_at else [],
        "now": now,
        "form": WaveForm(noun=wave, person=request.user, label_suffix=""),
        "links_form": LinksForm(person=request.user),
        "file_form": FileForm(),
        "export_form": ResponsesForm(may_see_all=may_hand_out(request.user), label_suffix="")
        if writing.may_export(wave, request.user)
        else None,
        "history": history(wave.about),
    }
    if context["may_edit"] and takes:
        free = OpinionPoint.objects.filter(is_active=True).order_by("name")
        here = [each["place"].point_id for each in places if not each["place"].taken_down_at]
        context["points"] = list(free.exclude(pk__in=here)[:400])
    return page(request, "desks/waves/one.html", context | more, status=status)


def hanging(wave: Wave) -> list[dict[str, Any]]:
    """Where the wave hangs and hung, with what was answered there and what no longer counts."""
    rows = wave.places.select_related("point__department").annotate(
        counted=Count(
            "responses", filter=Q(responses__completed_at__isnull=False, responses__struck_at=None)
        ),
        left_out=Count("responses", filter=Q(responses__struck_at__isnull=False)),
    )
    return [
        {
            "place": each,
            "counted": "–" if wave.is_anonymous else each.counted,
            "left_out": each.left_out,
            "address": hanging_up.address_of(each.point),
        }
        for each in rows.order_by(F("taken_down_at").asc(nulls_first=True), "point__name")
    ]


def _dimensions(found: Results, language: str) -> list[dict[str, Any]]:
    gaps = found.figures.get("gaps", {})
    return [
        {
            "name": found.dimension_words(name, language),
            "n": each["n"],
            "mean": each["mean"],
            "alpha": each["alpha"],
            "alpha_words": found.alpha_words(name),
            "gap": gaps.get(name, {}).get("mean"),
            "gap_reliability": gaps.get(name, {}).get("reliability"),
        }
        for name, each in found.figures.get("dimensions", {}).items()
    ]


def _questions(found: Results, language: str) -> list[dict[str, Any]]:
    figures, rows = found.figures.get("questions", {}), []
    refused = {} if found.wave.is_anonymous else price_studies.refused_in(found.wave)
    for one in found.sheet.questions:
        told = figures.get(one.code, {})
        read, reading = told.get("read"), one.reads_as
        rows.append(
            {
                "one": one,
                "label": one.called(language),
                "link": behind_address(found.wave, question=one.code),
                "n": told.get("n", 0),
                "mean": told.get("mean"),
                "read": [each if reading == "recommend" else 100 * each for each in read] if read else None,
                "sign": "" if reading == "recommend" else " %",
                "words": _words(found.wave, one, told, language) + _refused(found.wave, one, refused),
            }
        )  # fmt: skip
    return rows


def _refused(wave: Wave, one: Asked, refused: dict[str, int]) -> list[tuple[str, str]]:
    if not refused.get(one.code):
        return []
    words = ngettext(
        "%s answer not taken by the study", "%s answers not taken by the study", refused[one.code]
    )
    return [(words % refused[one.code], behind_address(wave, question=one.code, value=REFUSED))]


def _words(wave: Wave, one: Asked, told: dict[str, Any], language: str) -> list[tuple[str, str]]:
    """How often each word was chosen, with the way to its responses; of a ranking the mean place, the best first."""
    shown = dict(one.shown_choices(language))
    if one.kind == CHOICE:
        counts = told.get("counts", {})
        return [
            (
                f"{words} {counts.get(value, 0)}",
                behind_address(wave, question=one.code, value=value) if counts.get(value) else "",
            )
            for value, words in shown.items()
        ]
    of_place = _("%(word)s: place %(mean)s, first %(first)s times")
    return [
        (of_place % {"word": shown.get(word, word), "mean": figure(mean), "first": first}, "")
        for word, mean, first in told.get("places", ())
    ]


@editors
@require_POST
def describe(request: SignedIn, wave: Wave) -> HttpResponse:
    form = WaveForm(request.POST, noun=wave, person=request.user, label_suffix="")
    now = database_now()
    if done(form, lambda said: waves.describe(wave, said, by=request.user, now=now)):
        say(request, _("The wave is changed."))
        return redirect("wave", wave.code)
    return _shown(request, wave, status=422, form=form)


@editors
@require_POST
def links(request: SignedIn, wave: Wave) -> HttpResponse:
    """The links as a file, this once: we keep their hashes alone."""
    form = LinksForm(request.POST, person=request.user)
    made: list[str] = []

    def make(said: dict[str, Any]) -> None:
        ends = said["until"] and timezone.make_aware(
            datetime.combine(said["until"] + timedelta(days=1), time.min)
        )
        made.extend(waves.invite(wave, said["invited"], by=request.user, now=database_now(), expires_at=ends))

    if not done(form, make):
        return _shown(request, wave, status=422, links_form=form)
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow([_("About"), _("Customer"), _("Link")])
    for each, link in zip(form.cleaned_data["invited"], made, strict=True):
        rows.writerow(
            [each.case.number if each.case else "", f"#{each.customer.pk}" if each.customer else "", link]
        )
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{wave.code}-links.csv"'
    answer["Cache-Control"] = "no-store, private"
    return answer


@signed_in
@require_POST
def export(request: SignedIn, code: str) -> HttpResponseBase:
    """Its responses as a file, told to the ledger."""
    wave, now = fetch(request, code), database_now()
    if not writing.may_export(wave, request.user):
        raise PermissionDenied
    form = ResponsesForm(request.POST, may_see_all=may_hand_out(request.user), label_suffix="")
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = writing.export_responses(
                wave, said["file_kind"], in_full=said.get("in_full", False), reason=said.get("reason", ""),
                by=request.user, now=now,
            )  # fmt: skip
        except Refused as why:
            form.add_error("reason" if "reason" in form.fields else None, str(why))
        else:
            name = writing.file_name(wave.code, said["file_kind"], now)
            return download(made, writing.MEDIA_TYPES[said["file_kind"]], name)
    return _shown(request, wave, status=422, export_form=form)


@editors
@require_POST
def leave_file(request: SignedIn, wave: Wave) -> HttpResponse:
    """A third party's file: on to the columns, as with every import."""
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = jobs.leave(
                file.file, file.name, "answers", by=request.user, now=database_now(), source=wave.code
            )
            return redirect("import_columns", run.pk)
        except Refused as why:
            form.add_error("file", str(why))
    return _shown(request, wave, status=422, file_form=form)


@editors
@require_POST
def act(request: SignedIn, wave: Wave, what: str) -> HttpResponse:
    """Close it, open it again, share what it found, or take back the links nobody answered by."""
    by, now = request.user, database_now()
    acts = {
        "closing": (
            lambda: waves.close(wave, by=by, now=now),
            _("The wave is closed; what was found stays."),
        ),
        "reopening": (lambda: waves.reopen(wave, by=by, now=now), _("The wave takes answers again.")),
        "sharing": (
            lambda: sharing_results.share(wave, by=by, now=now),
            _("Each department concerned has its page; its head is asked to confirm."),
        ),
        "taking-back": (
            lambda: waves.withdraw_links(wave, by=by, now=now),
            _("The links nobody answered by let nobody in any more."),
        ),
    }
    return did_one_of(request, acts, what, where=reverse("wave", args=[wave.code]))
