"""What a draft of a standard would have meant for past cases, looked at before it is published."""

from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from guixin.desks.admin import sentences
from guixin.desks.admin.access import administrators
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.promise.models import Measure, Standard
from guixin.serve import simulating
from guixin.serve.models import Case, Simulation
from guixin.understand.models import Segment
from guixin.web.moments import span
from guixin.web.refusals import Refused

DAYS = (30, 92, 183, 365)
LISTED = 50
SHOWN = 30  # rows of a table
DIMENSIONS = {
    "department": "department_id",
    "segment": "segment_id",
    "grade": "grade",
    "category": "category",
}


def moved(shift: timedelta | None) -> str:
    """2 h earlier, 3 days later, by the clock on the wall."""
    if not shift:
        return "–"
    words = _("%(span)s earlier") if shift < timedelta() else _("%(span)s later")
    return words % {"span": span(shift)}


def _words(found: simulating.Figures) -> str:
    """What a decision needs to know, in one sentence."""
    if not found.changed:
        return _("None of these cases would have been promised anything else.")
    said = [
        ngettext("%(n)s promise would have been late", "%(n)s promises would have been late", found.late_now)
        % {"n": found.late_now},
        _("%(n)s were late") % {"n": found.late_then},
    ]
    return _(", ").join(said) + _(".")


@administrators
@require_safe
def show(request: SignedIn, pk: int) -> HttpResponse:
    """The figures, or how far it is; the page asks again by itself."""
    run = get_object_or_404(Simulation.objects.select_related("standard", "by"), pk=pk)
    words = sentences.Words()
    whole, by = simulating.figures(run)
    draft = simulating.draft_of(run)
    measure = Measure(run.measure).label
    return page(
        request,
        "desks/admin/simulation.html",
        {
            "run": run,
            "name": run.standard.shown_name(words.language) if run.standard else run.named.get("name", ""),
            "sentence": sentences.promise(draft, measure, words) if draft else "",
            "in_words": _words(whole),
            "whole": whole,
            "median": moved(whole.median_shift),
            "tables": _tables(by, words) if whole.changed else [],
            "all_days": DAYS,
            "days": (run.opened_until - run.opened_from).days,
            "back": _back(run),
        },
    )


def _back(run: Simulation) -> str:
    """To the form, filled with the terms that were tried."""
    if run.standard is None:
        return f"{reverse('standard_new')}?tried={run.pk}"
    if run.terms is None:
        return reverse("standard", args=[run.standard.code])
    return f"{reverse('standard_edit', args=[run.standard.code])}?tried={run.pk}"


def _tables(by: dict[str, list], words: sentences.Words) -> list[dict]:
    segments = {each.pk: each.shown_name(words.language) for each in Segment.objects.all()}
    named = {
        "department": (_("By department"), lambda value: words.department(value)),
        "segment": (_("By segment"), lambda value: segments.get(value) or _("In no segment")),
        "grade": (_("By grade"), lambda value: value or _("Without a grade")),
        "category": (
            _("By category"),
            lambda value: words.category(value) if value else _("Without a category"),
        ),
    }
    tables = []
    for name, (title, in_words) in named.items():
        rows = by[DIMENSIONS[name]]
        if len(rows) == 1 and not rows[0][0]:
            continue  # nobody has one
        tables.append(
            {
                "name": name,
                "title": title,
                "more": max(len(rows) - SHOWN, 0),
                "rows": [
                    {
                        "key": "" if value is None else value,
                        "words": in_words(value),
                        "found": found,
                        "median": moved(found.median_shift),
                        "then": 100 * found.late_then // found.changed,
                        "now": 100 * found.late_now // found.changed,
                    }
                    for value, found in rows[:SHOWN]
                ],
            }
        )
    return tables


def _titles() -> dict[str, str]:
    titles = {
        "changed": _("Promises the draft decides"),
        "late_then": _("Late then"),
        "late_now": _("Late under the draft"),
        "newly_late": _("In time then, late under the draft"),
        "spared": _("Late then, in time under the draft"),
        "earlier": _("Due earlier"),
        "later": _("Due later"),
        "gained": _("Promised for the first time"),
        "lost": _("No longer promised"),
        "unknown": _("Promised for the first time, and nobody recorded when it was done"),
        "reminders_then": _("Reminded then"),
        "reminders_now": _("Reminded under the draft"),
    }
    for level in range(1, simulating.LEVELS + 1):
        titles[f"level_{level}_then"] = _("Escalated to level %s then") % level
        titles[f"level_{level}_now"] = _("Escalated to level %s under the draft") % level
    return titles


@administrators
@require_safe
def cases(request: SignedIn, pk: int) -> HttpResponse:
    """The promises behind one number, each with its case; only cases this reader may see."""
    run = get_object_or_404(Simulation.objects.select_related("standard"), pk=pk)
    which = request.GET.get("which", "changed")
    titles = _titles()
    if which not in titles:
        raise Http404(which)
    within: dict[str, Any] = {}
    for name, column in DIMENSIONS.items():
        if name in request.GET:
            value: Any = request.GET[name][:200].replace("\x00", "")
            if column.endswith("_id"):
                value = int(value) if value.isdecimal() and len(value) < 19 else None
            within[column] = value
    rows = simulating.rows_of(run, which, **within)
    visible = rows.filter(case__in=Case.objects.visible_to(request.user))
    some = Paginator(visible, LISTED).get_page(request.GET.get("page"))
    words = sentences.Words()
    return page(
        request,
        "desks/admin/simulation_cases.html",
        {
            "run": run,
            "title": titles[which],
            "rows": [
                {
                    "row": row,
                    "department": words.department(row.department_id),
                    "shift": moved(row.new_due_at - row.old_due_at)
                    if row.new_due_at and row.old_due_at
                    else "–",
                }
                for row in some
            ],
            "some": some,
            "hidden": rows.count() - some.paginator.count,
        },
    )


@administrators
@require_POST
def again(request: SignedIn, pk: int) -> HttpResponse:
    """The same draft on another span."""
    from django.contrib import messages

    run = get_object_or_404(Simulation.objects.select_related("standard"), pk=pk)
    now = database_now()
    wanted = request.POST.get("days", "")
    days = int(wanted) if wanted in map(str, DAYS) else DAYS[1]
    terms = simulating.terms_to_publish(run) if run.terms is not None else None
    try:
        fresh = simulating.begin(
            run.measure, terms, standard=run.standard, opened_from=now - timedelta(days=days), by=request.user,
            now=now, named=run.named,
        )  # fmt: skip
    except Refused as why:
        messages.error(request, str(why))
        return redirect("simulation", run.pk)
    return redirect("simulation", fresh.pk)


@administrators
@require_POST
def of_withdrawal(request: SignedIn, code: str) -> HttpResponse:
    """What would have been promised instead, had this standard not been there."""
    standard = get_object_or_404(Standard, code=code)
    now: datetime = database_now()
    run = simulating.begin(standard.measure, None, standard=standard, by=request.user, now=now)
    return redirect("simulation", run.pk)


def tried(request: SignedIn) -> Simulation | None:
    """The trial a form is filled from, when somebody comes back from it."""
    pk = request.GET.get("tried", "")
    if not pk.isdecimal() or len(pk) > 18:
        return None
    return Simulation.objects.filter(pk=pk, terms__isnull=False).first()
