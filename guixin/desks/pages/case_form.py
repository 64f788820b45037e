"""The form of a case: filled in, corrected without overwriting anybody, shown in full for a reason, with what stood there
before; and, on the public side, the requests customers can make."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guixin.desks.forms.case_form import (
    FillInForm,
    answers_said,
    files_chosen,
    products_offered,
    questions,
    show_errors,
    uploads_of,
)
from guixin.desks.nouns import NOUNS
from guixin.desks.pages.access import SignedIn, must, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.serve import filling_in
from guixin.serve.models import Case, CaseFormVersion, FilledForm
from guixin.understand.models.customer import CannotReveal
from guixin.web.refusals import Refused
from guixin.web.toasts import say

HISTORY = 20


@signed_in
@require_http_methods(["GET", "POST"])
def fill_in(request: SignedIn, number: str) -> HttpResponse:
    case, filled, version = _asked(request, number)
    may = case.is_open and filling_in.may_fill_in(case, request.user)
    if request.method == "GET":
        return _answer(request, case, filled, FillInForm(version=version, filled=filled) if may else None)
    must(filling_in.may_fill_in(case, request.user))
    form = FillInForm(request.POST, request.FILES, version=version, filled=filled)
    form.is_valid()
    try:
        said = answers_said(form)
        before = filled.answers if filled else None
        filling_in.read_answers(version, said, before=before, uploads=files_chosen(form))
        filling_in.fill_in(
            case, version, said, by=request.user, now=database_now(), uploads=uploads_of(form),
            read_at=form.cleaned_data.get("read_at") or 0,
        )  # fmt: skip
    except filling_in.FilledInMeanwhile as refusal:
        conflict = form.theirs(refusal)
        return _answer(request, case, refusal.current, form, 409, refusal=str(refusal), conflict=conflict)
    except Refused as refusal:
        show_errors(form, refusal)
        return _answer(request, case, filled, form, 422 if refusal.about_input else 409)
    say(request, _("“%s” is saved.") % version.form.name)
    return redirect("case", case.number)


@signed_in
@require_POST
def reveal(request: SignedIn, number: str) -> HttpResponse:
    """The personal answers in full, for a reason that goes into the ledger."""
    case, filled, _version = _asked(request, number)
    if filled is None:
        raise Http404
    reason = request.POST.get("reason", "")
    try:
        shown = filling_in.reveal_form(filled, by=request.user, reason=reason, now=database_now())
    except CannotReveal as why:
        return _answer(request, case, filled, None, 422, no_reason=str(why), typed=reason)
    return _answer(request, case, filled, None, shown=shown)


def _asked(request: SignedIn, number: str) -> tuple[Case, FilledForm | None, CaseFormVersion]:
    case = NOUNS["case"].fetch(request.user, number)
    filled = filling_in.current_form(case)
    version = filled.version if filled else filling_in.form_to_fill_in(case)
    if version is None:
        raise Http404
    return case, filled, version


def _answer(
    request: SignedIn, case: Case, filled: FilledForm | None, form: FillInForm | None, status: int = 200, **more: Any
) -> HttpResponse:  # fmt: skip
    version = filled.version if filled else filling_in.form_to_fill_in(case)
    history = FilledForm.objects.filter(case=case).select_related("version", "by").order_by("-number")
    context = {
        "case": case,
        "version": version,
        "form": form,
        "questions": questions(form) if form else [],
        "products": products_offered(version) if form else [],
        "filled": filling_in.shown_form(filled) if filled else None,
        "history": [
            (each, filling_in.shown_form(each, attachments=()) if not each.is_current else None)
            for each in history[:HISTORY]
        ],
    }
    if shown := more.pop("shown", None):
        context["filled"] = shown
    return page(request, "desks/case_form.html", context | more, status=status)
