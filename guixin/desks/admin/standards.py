"""Service standards: what is in force, its versions, new terms with their meaning shown before they are published."""

from itertools import groupby
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixin.desks.admin import sentences
from guixin.desks.admin.access import administrators
from guixin.desks.admin.forms.standards import NewStandardForm, TermsForm
from guixin.desks.admin.simulations import tried
from guixin.desks.lists import Lists
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation.models import Department
from guixin.organisation.pinyin import spell
from guixin.promise import publishing
from guixin.promise.example import example
from guixin.promise.models import Measure, Standard, StandardVersion
from guixin.promise.models.standard import TO_CUSTOMER
from guixin.serve import simulating
from guixin.serve.models import Simulation
from guixin.web.refusals import Refused
from guixin.web.toasts import say

_ORDER = {measure: place for place, measure in enumerate(Measure.values)}


@administrators
@require_safe
def index(request: SignedIn) -> HttpResponse:
    """By measure, as a case meets them; the ones that promise nothing any more at the end."""
    words = sentences.Words()
    chosen = request.GET.get("department", "")
    versions = {v.standard_id: v for v in StandardVersion.objects.filter(withdrawn_at__isnull=True)}
    standards = list(Standard.objects.select_related("owner").order_by("code"))
    if chosen.isdecimal():
        standards = [each for each in standards if each.owner_id == int(chosen)]
    rows = [_row(each, versions.get(each.pk), words) for each in standards]
    live = sorted((row for row in rows if row["version"]), key=lambda row: _ORDER[row["standard"].measure])
    groups = [
        {"words": Measure(measure).label, "to_customer": measure in TO_CUSTOMER, "rows": list(some)}
        for measure, some in groupby(live, key=lambda row: row["standard"].measure)
    ]
    return page(
        request,
        "desks/admin/standards.html",
        {
            "groups": groups,
            "retired": [row for row in rows if not row["version"]],
            "departments": Lists().departments(_("All departments")),
            "chosen": chosen,
        },
    )


def _row(standard: Standard, version: StandardVersion | None, words: sentences.Words) -> dict:
    said = sentences.promise(version, standard.get_measure_display(), words) if version else ""
    return {
        "standard": standard,
        "name": standard.shown_name(words.language),
        "owner": standard.owner.shown_name(words.language) if standard.owner else "",
        "version": version,
        "sentence": said,
    }


@administrators
@require_safe
def show(request: SignedIn, code: str) -> HttpResponse:
    standard = get_object_or_404(Standard.objects.select_related("owner"), code=code)
    words = sentences.Words()
    versions = list(
        standard.versions.select_related("published_by", "proposed_by")
        .prefetch_related("proposals")
        .order_by("number")
    )
    history: list[dict[str, Any]] = []
    for before, version in zip([None, *versions], versions, strict=False):
        changed = publishing.differing(version, publishing.terms_of(before)) if before else []
        history.append(
            {
                "version": version,
                "sentence": sentences.promise(version, standard.get_measure_display(), words),
                "changed": [_TERM_WORDS[name] for name in changed],
            }
        )
    now = database_now()
    current = next((each for each in history if not each["version"].withdrawn_at), None)
    return page(
        request,
        "desks/admin/standard.html",
        {
            **_row(standard, current["version"] if current else None, words),
            "history": history[::-1],
            "running": publishing.still_running(standard),
            "example": _example(standard, current["version"], now, words) if current else None,
            "to_customer": standard.measure in TO_CUSTOMER,
            "side_by_side": _side_by_side(versions, request.GET, words),
            "today": timezone.localdate(now),
            "now": now,
        },
    )


def _side_by_side(versions: list[StandardVersion], asked: Any, words: sentences.Words) -> dict | None:
    """Two versions beside each other, the latest two unless others are chosen; what differs is marked."""
    if len(versions) < 2:
        return None
    by_number = {str(each.number): each for each in versions}
    left = by_number.get(asked.get("left", ""), versions[-2])
    right = by_number.get(asked.get("right", ""), versions[-1])
    pairs = [(name, sentences.term(name, left, words), sentences.term(name, right, words))
             for name in publishing.TERMS]  # fmt: skip
    rows = [
        {"name": _TERM_WORDS[name], "left": one, "right": other, "differs": one != other}
        for name, one, other in pairs
        if one or other
    ]
    numbers = [each.number for each in versions]
    return {"chosen": [("left", left), ("right", right)], "rows": rows, "numbers": numbers}


@administrators
@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    run = tried(request)
    initial = TermsForm.initial_of(simulating.draft_of(run) if run else None)
    form = NewStandardForm(request.POST or None, initial=initial | (_named(run) if run else {}))
    return _edit(request, form, None)


@administrators
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, code: str) -> HttpResponse:
    standard = get_object_or_404(Standard, code=code)
    latest = publishing.in_force(standard) or standard.versions.order_by("-number").first()
    run = tried(request)
    shown = simulating.draft_of(run) if run and run.standard_id == standard.pk else latest
    form = TermsForm(request.POST or None, initial=TermsForm.initial_of(shown))
    return _edit(request, form, standard)


def _edit(request: SignedIn, form: TermsForm, standard: Standard | None) -> HttpResponse:
    """Show what the terms mean; publish them when asked to."""
    now, refusal, status = database_now(), "", 200
    if request.method == "POST":
        status = 200 if form.is_valid() else 422
        if status == 200 and {"publish", "simulate"} & set(request.POST):
            try:
                doing = _publish if "publish" in request.POST else _simulate
                return doing(request, form, standard, now)
            except Refused as why:
                refusal, status = str(why), 422
    elif standard is not None:
        form = TermsForm(form.initial)  # what is in force is previewed as it stands
        form.is_valid()
    preview = None
    if form.is_bound and form.is_valid():
        measure = standard.measure if standard else form.cleaned_data["measure"]
        about = standard or Standard(measure=measure, owner=form.cleaned_data["owner"])
        version = StandardVersion(standard=about, **form.terms())
        words = sentences.Words()
        preview = {
            "sentence": sentences.promise(version, about.get_measure_display(), words),
            "example": _example(about, version, now, words),
            "same": standard is not None
            and not publishing.differing(publishing.in_force(standard), form.terms()),
        }
    return page(
        request,
        "desks/admin/standard_edit.html",
        {
            "form": form,
            "standard": standard,
            "name": standard.shown_name(sentences.Words().language) if standard else "",
            "preview": preview,
            "refusal": refusal,
            "running": publishing.still_running(standard) if standard else 0,
            "now": now,
        },
        status=status if "preview" not in request.POST else 200,
    )


@transaction.atomic
def _publish(request: SignedIn, form: TermsForm, standard: Standard | None, now: Any) -> HttpResponse:
    if standard is None:
        said = form.cleaned_data
        standard = publishing.define(
            free_code(Standard, said["name_en"] or said["name"]),
            measure=said["measure"],
            name=said["name"],
            name_en=said["name_en"],
            owner=said["owner"],
        )
    before = publishing.in_force(standard)
    version = publishing.publish_terms(standard, form.terms(), by=request.user, now=now, **form.about_it())
    say(
        request,
        _("Version %(number)s of “%(name)s” is in force.") % {"number": version.number, "name": standard},
        undo=_again(before) if before else reverse("standard_withdraw", args=[standard.code]),
    )
    return redirect("standard", standard.code)


def _simulate(request: SignedIn, form: TermsForm, standard: Standard | None, now: Any) -> HttpResponse:
    """The draft on the last quarter's cases. Nothing is published; the form comes back filled from it."""
    named = {}
    if standard is None:
        named = {name: form.cleaned_data[name] for name in ("name", "name_en")}
        named["owner"] = getattr(form.cleaned_data["owner"], "pk", None)
    measure = standard.measure if standard else form.cleaned_data["measure"]
    run = simulating.begin(measure, form.terms(), standard=standard, by=request.user, now=now, named=named)
    return redirect("simulation", run.pk)


def _named(run: Simulation) -> dict[str, Any]:
    return {"measure": run.measure, **run.named}


def free_code(model: Any, words: str, taken: tuple[str, ...] = ()) -> str:
    """A code for something new from its name, one that nothing of its kind has."""
    plain = "".join(
        c if c.isascii() and c.isalnum() else "-"
        for c in (words if words.isascii() else spell(words)[0]).lower()
    )
    stem = "-".join(filter(None, plain.split("-")))[:40] or model._meta.model_name
    code, number = stem, 2
    while code in taken or model.objects.filter(code=code).exists():
        code, number = f"{stem}-{number}", number + 1
    return code


def _again(version: StandardVersion) -> str:
    return reverse("standard_again", args=[version.standard.code, version.number])


@administrators
@require_POST
def withdraw(request: SignedIn, code: str) -> HttpResponse:
    standard = get_object_or_404(Standard, code=code)
    return _try(request, standard, lambda now: publishing.withdraw(standard, by=request.user, now=now), True)


@administrators
@require_POST
def again(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Roll back: what this version said becomes the next version."""
    version = get_object_or_404(
        StandardVersion.objects.select_related("standard"), standard__code=code, number=number
    )
    there = publishing.in_force(version.standard)
    return _try(
        request,
        version.standard,
        lambda now: publishing.publish_again(version, by=request.user, now=now),
        False,
        undo=_again(there) if there else reverse("standard_withdraw", args=[code]),
    )


def _try(
    request: SignedIn, standard: Standard, act: Any, is_withdrawal: bool, undo: str = ""
) -> HttpResponse:
    from django.contrib import messages

    try:
        version = act(database_now())
    except Refused as why:
        messages.error(request, str(why))
    else:
        words = (
            _withdrawn_in_words(publishing.still_running(standard))
            if is_withdrawal
            else _("Version %(number)s of “%(name)s” is in force.")
        )
        said = words % {"name": standard, "number": version.number}
        say(request, said, undo=undo or _again(version))
    return redirect("standard", standard.code)


def _withdrawn_in_words(running: int) -> str:
    if not running:
        return _("“%(name)s” promises nothing from now on; what was promised is kept.")
    more = "+" if running >= publishing.COUNTED else ""
    return ngettext(
        "“%%(name)s” promises nothing from now on; %(n)s promise that runs by it is kept.",
        "“%%(name)s” promises nothing from now on; the %(n)s promises that run by it are kept.",
        running,
    ) % {"n": f"{running}{more}"}


def _example(standard: Standard, version: StandardVersion, now: Any, words: sentences.Words) -> dict | None:
    """For a promise given this minute, at the department that would keep it."""
    department_id = version.for_department_id or standard.owner_id or _front_desk()
    found = example(version, department_id, now)
    if found is None:
        return None
    return {
        "department": words.department(department_id),
        "due_at": found.due_at,
        "steps": [
            {"words": _("Reminder") if not level else _("Level %s") % level, "at": at}
            for level, at in found.steps
        ],
    }


def _front_desk() -> int | None:
    return Department.objects.filter(is_front_desk=True).values_list("pk", flat=True).first()


class _TermWords(dict):
    """Names of the terms for people, in the reader's language when asked for."""

    def __getitem__(self, name: str) -> str:
        field = {"budget_minutes": "budget", "ladder_minutes": "ladder", "repeat_minutes": "repeat"}.get(
            name, name
        )
        return str(TermsForm.base_fields[field].label)


_TERM_WORDS = _TermWords()
