"""The import wizard: a file, what its columns are, its first rows judged, a try, the import, the file back."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixin.channels.importing import jobs
from guixin.channels.importing.columns import FIELDS, fields_of, preview, table
from guixin.channels.importing.template import template
from guixin.channels.models import Import, ImportedLine
from guixin.channels.sheets import NotASheet, open_sheet
from guixin.channels.sheets.guarding import theirs
from guixin.desks.admin.access import administrators
from guixin.desks.admin.forms.imports import ColumnsForm, FileForm, LeaveForm
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.prices import may_open
from guixin.desks.rendering import fragment, page
from guixin.ledger.clock import database_now
from guixin.listen.models import Wave
from guixin.organisation.access import scope_of
from guixin.understand.models import PriceStudy
from guixin.web.refusals import Refused
from guixin.web.toasts import say

LISTED = 25
OWNED: dict[str, Any] = {"prices": PriceStudy, "answers": Wave}  # whose owner brings its answers
LINES = 100  # doubtful lines shown; all of them are in the result file


def importers(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Administrators; and for the answers to a price study or a survey wave, whoever answers for it."""

    @signed_in
    @wraps(view)
    def only_importers(request: SignedIn, pk: int) -> HttpResponseBase:
        if not scope_of(request.user).may_administrate and not _is_theirs(request, pk):
            raise PermissionDenied(_("This page is for administrators."))
        return view(request, pk)

    return only_importers


def _is_theirs(request: SignedIn, pk: int) -> bool:
    run = Import.objects.filter(pk=pk, what__in=OWNED).first()
    return run is not None and OWNED[run.what].objects.filter(code=run.mapping, owner=request.user).exists()


@administrators
@require_http_methods(["GET", "POST"])
def index(request: SignedIn) -> HttpResponse:
    """Leave a file; past imports below."""
    form, status = LeaveForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            file, kind = form.cleaned_data["file"], form.cleaned_data["what"]
            what = "cases" if kind == "past" else kind
            try:
                run = jobs.leave(
                    file.file, file.name, what, by=request.user, now=database_now(), history=kind == "past"
                )
                return redirect("import_columns", run.pk)
            except Refused as why:
                form.add_error("file", str(why))
    runs = Import.objects.select_related("by").order_by("-pk")
    some = Paginator(runs, LISTED).get_page(request.GET.get("page"))
    return page(request, "desks/admin/imports.html", {"form": form, "runs": some}, status=status)


@importers
@require_http_methods(["GET", "POST"])
def columns(request: SignedIn, pk: int) -> HttpResponse:
    """Which column is what, with the first rows beside it; then a try, or the import."""
    run = get_object_or_404(Import, pk=pk)
    if run.state != Import.State.LEFT:
        return redirect("import", run.pk)
    try:
        sheet = open_sheet(jobs.stored_file(run))
    except NotASheet as why:
        raise Http404(str(why)) from why
    headings = [sheet.columns[place] for place in theirs(sheet.columns)]
    chosen, history = jobs.chosen_columns(run), jobs.is_history(run)
    only = "" if scope_of(request.user).may_administrate else run.mapping
    form = ColumnsForm(
        request.POST or None,
        what=run.what,
        headings=headings,
        chosen=chosen | {"source": run.mapping},
        only=only,
    )
    refusal, status = "", 200
    if request.method == "POST":
        if form.is_valid():
            chosen = form.chosen()
            run.columns = table(run.what, chosen, history=history, source=run.mapping)
            run.mapping = form.cleaned_data.get("source") or run.mapping
            if "preview" not in request.POST:
                jobs.start(run, dry_run="dry" in request.POST)
                return redirect("import", run.pk)
        else:
            status = 422
    rows = []
    if not form.is_bound or form.is_valid():
        try:
            rows = preview(sheet, run.what, chosen, history=history, source=run.mapping)
        except Refused as why:
            refusal = str(why)
    words = {field.name: field.words for field in fields_of(run.what, run.mapping)}
    return page(
        request,
        "desks/admin/import_columns.html",
        {
            "run": run,
            "form": form,
            "first_rows": rows,
            "bad": sum(bool(row.problem) for row in rows),
            "shown_columns": [(words[name], heading) for name, heading in chosen.items() if name in words],
            "refusal": refusal,
        },
        status=status,
    )


@importers
@require_safe
def show(request: SignedIn, pk: int) -> HttpResponse:
    """How far it is, what became of it, which lines need somebody's eye; htmx asks again while it runs."""
    run = get_object_or_404(Import.objects.select_related("by", "repeats"), pk=pk)
    if run.state == Import.State.LEFT:
        return redirect("import_columns", run.pk)
    return _shown(request, run, FileForm())


def _shown(request: SignedIn, run: Import, form: FileForm, status: int = 200) -> HttpResponse:
    at_work = run.state in (Import.State.WAITING, Import.State.RUNNING)
    about = {
        "run": run,
        "at_work": at_work,
        "lines": list(ImportedLine.objects.filter(run=run).order_by("line")[:LINES]) if not at_work else [],
        "doubtful": run.rejected + run.faults,
        "has_file": bool(run.stored_as) and jobs.stored_file(run).exists(),
        "form": form,
        "may_repair": bool(run.columns),
    }
    if request.htmx and at_work:
        return fragment(request, "desks/admin/_import_progress.html", about)
    if request.htmx:
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    return page(request, "desks/admin/import.html", about, status=status)


@importers
@require_POST
def repair(request: SignedIn, pk: int) -> HttpResponse:
    """The result file, back with its bad rows repaired: read like the first one, at once."""
    run = get_object_or_404(Import, pk=pk, columns__isnull=False)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            again = jobs.leave(
                file.file, file.name, run.what, by=request.user, now=database_now(), repeats=run
            )
            return redirect("import", again.pk)
        except Refused as why:
            form.add_error("file", str(why))
    return _shown(request, run, form, 422)


@importers
@require_POST
def again(request: SignedIn, pk: int) -> HttpResponse:
    """The same file for good after a try, or once more after our lists were put right."""
    run = get_object_or_404(Import.objects.exclude(stored_as=""), pk=pk)
    if not jobs.stored_file(run).exists():
        raise Http404
    made = jobs.run_again(run, by=request.user, now=database_now())
    say(request, _("The file is taken in; rows that are here already are not added again."))
    return redirect("import", made.pk)


@importers
@require_safe
def result(request: SignedIn, pk: int) -> FileResponse:
    """Their file with two columns more: what became of each row, and why."""
    run = get_object_or_404(Import.objects.exclude(stored_as=""), pk=pk, state=Import.State.DONE)
    if not jobs.stored_file(run).exists():
        raise Http404
    out = jobs.result_file(run)
    stem = run.file_name.rpartition(".")[0] or run.file_name
    answer = FileResponse(
        out.open("rb"), as_attachment=True, filename="-".join([stem, _("result") + out.suffix])
    )
    answer["Cache-Control"] = "no-store, private"  # their customers stand in it
    return answer


@signed_in
@require_safe
def template_file(request: SignedIn, what: str) -> HttpResponse:
    if not (scope_of(request.user).may_administrate or (what == "prices" and may_open(request.user))):
        raise PermissionDenied(_("This page is for administrators."))
    if what not in FIELDS:
        raise Http404
    answer = HttpResponse(
        template(what), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    answer["Content-Disposition"] = f'attachment; filename="guixin-{what}.xlsx"'
    answer["Cache-Control"] = "no-store, private"
    return answer
