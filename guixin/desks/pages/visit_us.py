"""Customers apply for a visit, and see on the page of their case what became of it. No account, no JavaScript."""

import json
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guixin.desks.forms.visit import AgainForm, ComeForm
from guixin.desks.pages.tracking import answer_with_progress, customers_case
from guixin.desks.rendering import fragment
from guixin.ledger.clock import database_now
from guixin.listen.asking_visitors import feedback_link
from guixin.serve import visit_applying, visit_deciding, visiting
from guixin.serve.models import Case, Visit
from guixin.serve.visit_rules import rules_in_force
from guixin.web.rate import give_back, is_too_fast
from guixin.web.refusals import Refused

AT_MOST, WITHIN = 6, timedelta(hours=1)


@require_http_methods(["GET", "POST"])
def apply_for(request: HttpRequest) -> HttpResponse:
    """Acknowledged with the number and the private link of the case it becomes."""
    if request.method == "GET":
        return _form(request, ComeForm(initial={"once": token_urlsafe(18)}, label_suffix=""))
    form = ComeForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _form(request, form, 422)
    if form.cleaned_data["website"]:
        form.add_error(None, _("This could not be taken in. Please call us instead."))
        return _form(request, form, 422)
    if is_too_fast(request, "visit-us", at_most=AT_MOST, within=WITHIN):
        form.add_error(None, _("That was many in a short time. Please try again in an hour, or call us."))
        return _form(request, form, 429)
    said = form.cleaned_data
    try:
        visit = visit_applying.apply_once(
            form.application(), phone=said["phone"], email=said["email"], now=database_now(), once=_once(said),
            language=get_language() or "zh-hans",
        )  # fmt: skip
    except Refused as refusal:
        give_back(request, "visit-us")
        form.add_error(None, str(refusal))
        return _form(request, form, 422)
    except DatabaseError:
        give_back(request, "visit-us")
        raise
    context = {"case": visit.case, "now": database_now(), "promises": [], "files": 0}
    return fragment(request, "desks/public/received.html", context, status=201)


def _once(said: dict[str, Any]) -> str:
    """A double click is one application; whoever goes back and changes a word has another."""
    words = json.dumps({**said, "once": said["once"] or token_urlsafe(18)}, sort_keys=True, default=str)
    return sha256(words.encode()).hexdigest()[:40]


def _form(request: HttpRequest, form: ComeForm, status: int = 200) -> HttpResponse:
    rules, language = rules_in_force(), get_language() or "zh-hans"
    context = {"form": form, "rules": rules, "safety": rules.safety_in(language)}
    return fragment(request, "desks/public/visit_us.html", context, status=status)


def _of(case: Case) -> Visit | None:
    return Visit.objects.filter(case=case.merged_into or case).select_related("case", "host").first()


@require_POST
def cancel(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """The visitors call it off themselves."""
    case = customers_case(number, token)
    reason = request.POST.get("body", "").strip()[: visiting.LONG]
    try:
        if visit := _of(case):
            visit_deciding.cancel(visit, reason, now=database_now())
            messages.success(request, _("The visit is called off. You can apply again on this page."))
    except Refused as refusal:
        return answer_with_progress(request, case, token, refusal=str(refusal), status=409)
    return redirect(f"/track/{number}/{token}")


@require_POST
def feedback(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """They tell us how it was: straight into the survey. Nothing is made by looking, so mail scanners make nothing."""
    case = customers_case(number, token)
    visit = _of(case)
    if visit is None:
        return redirect(f"/track/{number}/{token}")
    try:
        link = feedback_link(visit, now=database_now())
    except Refused as refusal:
        return answer_with_progress(request, case, token, refusal=str(refusal), status=409)
    return redirect("survey_answer", link.rpartition("/")[2])


@require_POST
def again(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """Another day, after it was declined or called off."""
    case, form = customers_case(number, token), AgainForm(request.POST)
    if not form.is_valid():
        why = next(iter(form.errors.values()))[0]
        return answer_with_progress(request, case, token, refusal=str(why), status=422)
    try:
        if visit := _of(case):
            said = form.cleaned_data
            visit_applying.apply_again(
                visit, said["wished_on"], wished_or=said["wished_or"], now=database_now()
            )
            messages.success(request, _("Thank you. We have your new day and answer you here."))
    except Refused as refusal:
        status = 422 if refusal.about_input else 409
        return answer_with_progress(request, case, token, refusal=str(refusal), status=status)
    return redirect(f"/track/{number}/{token}")
