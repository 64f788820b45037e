"""Working on a communication plan: hours and cap, line by line, a look at what it would do, and putting it into force."""

from typing import Any

from django.contrib import messages as toasts
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixin.channels.customer_messages import can_leave
from guixin.desks.communication_words import line_in_words
from guixin.desks.forms.communication import EntryForm, TermsForm, language, placeholders
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.communication import editable
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation.access import scope_of
from guixin.promise import communication
from guixin.promise.models import Channel, CommunicationPlan
from guixin.promise.plan_forecast import forecast
from guixin.serve.overview import sees_all
from guixin.web.refusals import Refused
from guixin.web.toasts import say


def _about(plan: CommunicationPlan) -> dict[str, Any]:
    return {"plan": plan, "segment": plan.segment, "name": plan.segment.shown_name(language())}


@signed_in
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, code: str) -> HttpResponse:
    """The draft: its hours and cap as a form, its lines as a list."""
    plan, now = editable(request, code), database_now()
    draft = communication.draft_of(plan) if plan.pk else communication.blank()
    shown = {**draft, "calendar": draft["calendar"] or "", "version": plan.draft_version}
    form = TermsForm(request.POST or None, initial=shown)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            communication.keep_terms(
                communication.plan_of(plan.segment), said, read_at_version=said["version"], by=request.user, now=now
            )  # fmt: skip
        except Refused as why:
            form.add_error(None, str(why))
        else:
            say(request, _("Kept in the draft."))
            return redirect("communication_draft", code)
    context = {
        "form": form,
        "lines": [line_in_words(each) for each in draft["entries"]],
        "is_draft": bool(plan.pk and plan.draft is not None),
        "now": now,
    }
    return page(
        request, "desks/communication_draft.html", _about(plan) | context, status=422 if form.errors else 200
    )


@signed_in
@require_http_methods(["GET", "POST"])
def entry(request: SignedIn, code: str, line: str = "") -> HttpResponse:
    """One line of the draft; without a code, a new one."""
    plan, now = editable(request, code), database_now()
    draft = communication.draft_of(plan) if plan.pk else communication.blank()
    known = next((each for each in draft["entries"] if each["code"] == line), None)
    if line and known is None:
        raise Http404
    initial = {"version": plan.draft_version} | (EntryForm.initial_of(known) if known else {"unit": "days"})
    form = EntryForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            communication.keep_entry(
                communication.plan_of(plan.segment), form.content(line), by=request.user, now=now,
                read_at_version=form.cleaned_data["version"],
            )  # fmt: skip
        except Refused as why:
            form.add_error(None, str(why))
        else:
            say(request, _("Kept in the draft."))
            return redirect("communication_draft", code)
    context = {"form": form, "line": known, "placeholders": placeholders()}
    return page(
        request, "desks/communication_entry.html", _about(plan) | context, status=422 if form.errors else 200
    )


def _act(request: SignedIn, code: str, act: Any, words: str, then: str) -> HttpResponse:
    plan = editable(request, code)
    if not plan.pk:
        raise Http404
    try:
        act(plan)
    except Refused as why:
        toasts.error(request, str(why))
        return redirect("communication_draft", code)
    say(request, words)
    return redirect(then, code)


@signed_in
@require_POST
def remove(request: SignedIn, code: str, line: str) -> HttpResponse:
    return _act(
        request, code, lambda plan: communication.remove_entry(plan, line, by=request.user, now=database_now()),
        _("The line is taken out of the draft."), "communication_draft",
    )  # fmt: skip


@signed_in
@require_POST
def discard(request: SignedIn, code: str) -> HttpResponse:
    return _act(
        request, code, lambda plan: communication.discard(plan, by=request.user, now=database_now()),
        _("The draft is thrown away."), "communication_plan",
    )  # fmt: skip


@signed_in
@require_POST
def publish(request: SignedIn, code: str) -> HttpResponse:
    said = request.POST.get("version", "")
    read = int(said) if said.isdecimal() and len(said) < 10 else None
    return _act(
        request, code,
        lambda plan: communication.publish(plan, read_at_version=read, by=request.user, now=database_now()),
        _("The plan is in force. What happens from now on is told by it."), "communication_plan",
    )  # fmt: skip


@signed_in
@require_safe
def preview(request: SignedIn, code: str) -> HttpResponse:
    """How many would be told what in the next thirty days, who would not, and five messages as they would read."""
    plan, now = editable(request, code), database_now()
    draft = communication.draft_of(plan) if plan.pk else communication.blank()
    found, why = None, ""
    try:
        found = forecast(plan, draft, now=now)
    except Refused as refusal:
        why = str(refusal)
    used = {each["channel"] for each in draft["entries"]}
    context = {
        "forecast": found,
        "why": why,
        "rows": [{"line": line_in_words(each.entry), "found": each} for each in found.lines] if found else [],
        "closed_channels": [str(Channel(each).label) for each in sorted(used) if not can_leave(each)],
        "may_open": sees_all(scope_of(request.user)),
        "is_draft": bool(plan.pk and plan.draft is not None),
    }
    return page(request, "desks/communication_preview.html", _about(plan) | context)
