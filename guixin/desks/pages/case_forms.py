"""What was answered in one form, over all cases the reader may see: a table, narrowed by answers, and the same as a file."""

import tempfile
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guixin.channels import form_sheet
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation.access import scope_of
from guixin.serve.filling_in import answer_in_words
from guixin.serve.form_fields import DECIDES, FILE, FormField
from guixin.serve.models import Case, CaseForm, FilledForm
from guixin.serve.overview import sees_all
from guixin.web.downloads import download
from guixin.web.typed_values import ValueKind

PAGE, COLUMNS, FILTERS = 50, 6, 6
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@signed_in
@require_safe
def answers(request: SignedIn, code: str) -> HttpResponse:
    """`?a_<key>=<word>` narrows to those who answered so: lists, and yes and no."""
    form = get_object_or_404(CaseForm, code=code)
    asked, language = form_sheet.all_fields(form), get_language() or "zh-hans"
    wanted = _narrowed(request, form, asked)
    after = request.GET.get("after", "")
    if after.isdecimal() and len(after) < 19:
        wanted = wanted.filter(pk__lt=int(after))
    rows = list(wanted.select_related("case", "version").order_by("-pk")[: PAGE + 1])
    columns = [(key, one) for key, one in asked.items() if one.kind not in (FILE, ValueKind.LONG_TEXT)][
        :COLUMNS
    ]
    return page(
        request,
        "desks/form_answers.html",
        {
            "form": form,
            "columns": [one.shown_label(language) for _key, one in columns],
            "rows": [(each.case, _cells(each, columns, language)) for each in rows[:PAGE]],
            "filters": [
                (
                    f"a_{key}",
                    one.shown_label(language),
                    _words(one, language),
                    request.GET.get(f"a_{key}", ""),
                )
                for key, one in _filtered(asked)
            ],
            "after": rows[PAGE - 1].pk if len(rows) > PAGE else None,
            "is_first": not after,
            "query": request.GET.urlencode(),
            "may_export": sees_all(scope_of(request.user)),
        },
    )


def _filtered(asked: dict[str, FormField]) -> list[tuple[str, FormField]]:
    return [(key, one) for key, one in asked.items() if one.kind in DECIDES and not one.personal][:FILTERS]


def _words(one: FormField, language: str) -> list[tuple[str, str]]:
    if one.kind == ValueKind.YES_NO:
        return [("yes", _("yes")), ("no", _("no"))]
    return one.shown_choices(language)


def _narrowed(request: SignedIn, form: CaseForm, asked: dict[str, FormField]) -> QuerySet[FilledForm]:
    wanted = FilledForm.objects.filter(
        is_current=True, version__form=form, case__in=Case.objects.visible_to(request.user)
    )
    for key, one in _filtered(asked):
        said = request.GET.get(f"a_{key}", "")
        if said in dict(_words(one, "")):
            value: Any = said == "yes" if one.kind == ValueKind.YES_NO else said
            wanted = wanted.filter(
                answers__contains={key: [value] if one.kind == ValueKind.SEVERAL else value}
            )
    return wanted


def _cells(filled: FilledForm, columns: list[tuple[str, FormField]], language: str) -> list[str]:
    theirs = filled.version.asked
    return [
        answer_in_words(theirs[key], filled.answers.get(key), language, masked=theirs[key].personal)
        if key in theirs
        else ""
        for key, _one in columns
    ]


@signed_in
@require_POST
def export(request: SignedIn, code: str) -> HttpResponseBase:
    """A post, since that it left the house stands in the ledger. Narrowed like the page it was asked on."""
    form = get_object_or_404(CaseForm, code=code)
    if not sees_all(scope_of(request.user)):
        raise PermissionDenied(_("The answers of all cases are handed out by the front desk."))
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed by the answer that streams it
    rows = _narrowed(request, form, form_sheet.all_fields(form))
    form_sheet.write(form, rows, file, by=request.user, now=database_now())
    file.seek(0)
    return download(file, f"{form.code}.xlsx", XLSX)
