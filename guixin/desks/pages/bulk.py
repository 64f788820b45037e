"""Many cases at once: chosen in a list, previewed, done, and taken back."""

from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from guixin.desks.forms.bulk import FORMS, BulkForm
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import fragment, page
from guixin.ledger.clock import database_now
from guixin.organisation.models import Person
from guixin.serve import bulk_changes, queues
from guixin.serve.bulk_changes import CannotChangeMany
from guixin.serve.filtering import BadFilter
from guixin.serve.models import BulkChange, BulkItem
from guixin.web.preferences import local_address
from guixin.web.refusals import Refused
from guixin.web.toasts import say

SHOWN = 200  # refused cases listed on the page
State = BulkChange.State


@signed_in
@require_POST
def choose(request: SignedIn) -> HttpResponse:
    """The cases that were ticked, or all that the filters of the list let through, for one act."""
    listed = local_address(request, request.POST.get("listed"))
    try:
        change = bulk_changes.draft(
            request.POST.get("act", ""), _chosen(request), by=request.user, now=database_now(), listed=listed
        )
    except Refused as refusal:
        return page(request, "desks/bulk_refused.html", {"refusal": str(refusal), "back": listed}, status=422)
    return redirect(f"/bulk/{change.pk}")


def _chosen(request: SignedIn) -> list[int]:
    if request.POST.get("all") != "yes":
        return [int(pk) for pk in request.POST.getlist("case") if pk.isdecimal() and len(pk) < 19]
    name, query = request.POST.get("queue", ""), QueryDict(request.POST.get("query", ""))
    if name in queues.OF_TASKS:
        raise CannotChangeMany(_("Tasks are passed on one by one."))
    try:
        rows = queues.listed(name, request.user, query).all_rows
    except (queues.NoSuchQueue, BadFilter) as wrong:
        raise CannotChangeMany(str(wrong)) from wrong
    return list(rows.order_by().values_list("pk", flat=True)[: bulk_changes.MOST + 1])


@signed_in
@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """A change as it stands: what it would do, how far it is, or what it did."""
    change = _change(request, pk)
    if change.state == State.DRAFT:
        return _drafted(request, change, _form(change))
    if request.htmx:
        return fragment(request, "desks/_bulk_state.html", _standing(change, request.user))
    return page(request, "desks/bulk.html", _standing(change, request.user))


@signed_in
@require_POST
def preview(request: SignedIn, pk: int) -> HttpResponse:
    """What would happen with this choice. With `do` it happens."""
    change = _change(request, pk)
    if change.state != State.DRAFT:
        return redirect(f"/bulk/{pk}")
    form, now = _form(change, request.POST), database_now()
    if not form.is_valid():
        return _drafted(request, change, form, status=422)
    if not request.POST.get("do"):
        return _drafted(request, change, form)
    try:
        change = bulk_changes.start(change, form.asked(), by=request.user, now=now)
    except Refused as refusal:
        return _drafted(request, change, form, refusal=str(refusal), status=422)
    return _went(request, change)


def _went(request: SignedIn, change: BulkChange) -> HttpResponse:
    """Done without refusals goes back to the list; everything else has its own page to be read."""
    if change.state != State.DONE:
        return redirect(f"/bulk/{change.pk}")
    tally = bulk_changes.tally(change)
    undo = f"/bulk/{change.pk}/undoing" if bulk_changes.may_undo(change, request.user) else ""
    done = tally.get("done", 0)
    say(
        request,
        ngettext("%(n)s case was changed.", "%(n)s cases were changed.", done) % {"n": done},
        undo=undo,
    )
    return redirect(f"/bulk/{change.pk}" if tally.get("refused") else change.listed or "/")


@signed_in
@require_POST
def undo(request: SignedIn, pk: int) -> HttpResponse:
    """Take a change back, from its page or from the toast after it."""
    change = _change(request, pk)
    try:
        change = bulk_changes.undo(change, by=request.user, now=database_now())
    except CannotChangeMany as refusal:
        context = {**_standing(change, request.user), "refusal": str(refusal)}
        return page(request, "desks/bulk.html", context, status=409)
    only = change.items.select_related("case").first() if change.items.count() == 1 else None
    if (
        only and only.case and only.state == BulkItem.State.UNDONE
    ):  # a single act, taken back where it was done
        say(request, _("Taken back."))
        return redirect(f"/cases/{only.case.number}")
    return redirect(f"/bulk/{pk}")


def _change(request: SignedIn, pk: int) -> BulkChange:
    changes = BulkChange.objects.visible_to(request.user).select_related("by", "undone_by")
    return get_object_or_404(changes, pk=pk)


def _form(change: BulkChange, said: QueryDict | None = None) -> BulkForm:
    if change.act not in FORMS:
        raise Http404
    more: dict[str, Any] = {"by": change.by} if change.act == BulkChange.Act.TEMPLATE else {}
    return FORMS[change.act](said, auto_id="bulk-%s", label_suffix="", **more)


def _drafted(
    request: SignedIn, change: BulkChange, form: BulkForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    asked = form.asked() if form.is_bound and form.is_valid() else {}
    context = {
        "change": change,
        "form": form,
        "refusal": refusal,
        "number": change.items.count(),
        "preview": bulk_changes.preview(change, asked, now=database_now()) if asked else None,
    }
    if request.htmx:
        return fragment(request, "desks/_bulk_draft.html", context, status=status)
    return page(request, "desks/bulk.html", context, status=status)


def _standing(change: BulkChange, reader: Person) -> dict:
    tally = bulk_changes.tally(change)
    whole = sum(tally.values())
    left = tally.get("done", 0) if change.state == State.UNDOING else tally.get("waiting", 0)
    problems = (
        change.items.filter(state__in=["refused", "kept"]).select_related("case").order_by("reason", "pk")
    )
    return {
        "change": change,
        "tally": tally,
        "whole": whole,
        "finished": whole - left,
        "is_at_work": change.state in (State.WAITING, State.UNDOING),
        "problems": problems[:SHOWN],
        "may_undo": bulk_changes.may_undo(change, reader),
    }
