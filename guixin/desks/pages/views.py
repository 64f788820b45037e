"""Saved views: keeping a list with its filters under a name, changing, sharing and removing it."""

from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from guixin.desks.forms.base import line
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.serve import saved_views
from guixin.serve.models import SavedView
from guixin.web.refusals import Refused
from guixin.web.toasts import say


class ViewForm(forms.Form):
    name = line(pgettext_lazy("of a thing", "Name"), required=True)
    shared = forms.ChoiceField(
        label=gettext_lazy("Who finds it in the rail"), choices=SavedView.Shared.choices
    )
    list = forms.CharField(widget=forms.HiddenInput)
    query = forms.CharField(widget=forms.HiddenInput, required=False)


@signed_in
def all_views(request: SignedIn) -> HttpResponse:
    """The views this person may see; a post keeps a new one."""
    if request.method != "POST":
        return _all(request)
    return _save(request, None)


@signed_in
def new(request: SignedIn) -> HttpResponse:
    """A name for the list somebody has before them."""
    given = {name: request.GET.get(name, "") for name in ("name", "list", "query")}
    form = ViewForm(initial={**given, "shared": SavedView.Shared.MINE}, auto_id="view-%s", label_suffix="")
    return page(request, "desks/view_form.html", {"form": form, "title": _("Save this list as a view")})


@signed_in
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """Change a view of one's own: its name, its sharing, or (from the list) its filters."""
    saved = _own(request, pk)
    if request.method == "POST":
        return _save(request, saved)
    initial = {"name": saved.name, "shared": saved.shared, "list": saved.list, "query": saved.query}
    form = ViewForm(initial=initial, auto_id="view-%s", label_suffix="")
    return page(request, "desks/view_form.html", {"form": form, "saved": saved, "title": saved.name})


@signed_in
@require_POST
def keep_filters(request: SignedIn, pk: int) -> HttpResponse:
    """“Save changes”: the filters of the address become those of the view."""
    saved = _own(request, pk)
    try:
        saved_views.save(saved.name, saved.list, request.POST.get("query", ""), by=request.user,
                         now=database_now(), shared=saved.shared, view=saved)  # fmt: skip
    except Refused as refusal:
        return page(request, "desks/bulk_refused.html", {"refusal": str(refusal), "back": f"/views/{pk}"},
                    status=422)  # fmt: skip
    say(request, _("The view is saved."))
    return redirect(f"/views/{pk}")


@signed_in
@require_POST
def remove(request: SignedIn, pk: int) -> HttpResponse:
    saved = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    kept = {"name": saved.name, "list": saved.list, "query": saved.query}
    try:
        saved_views.remove(saved, by=request.user)
    except Refused as refusal:
        return page(
            request, "desks/bulk_refused.html", {"refusal": str(refusal), "back": "/views"}, status=409
        )
    say(request, _("The view “%s” is gone.") % kept["name"], undo=f"/views/again?{urlencode(kept)}")
    return redirect("/views")


@signed_in
@require_POST
def again(request: SignedIn) -> HttpResponse:
    """Undo of removing one: kept again, for oneself."""
    given = {name: request.GET.get(name, "") for name in ("name", "list", "query")}
    try:
        saved = saved_views.save(
            given["name"], given["list"], given["query"], by=request.user, now=database_now()
        )
    except Refused as refusal:
        return page(
            request, "desks/bulk_refused.html", {"refusal": str(refusal), "back": "/views"}, status=422
        )
    return redirect(f"/views/{saved.pk}")


def _own(request: SignedIn, pk: int) -> SavedView:
    return get_object_or_404(SavedView.objects.filter(owner=request.user), pk=pk)


def _save(request: SignedIn, saved: SavedView | None) -> HttpResponse:
    form = ViewForm(request.POST, auto_id="view-%s", label_suffix="")
    refusal = ""
    if form.is_valid():
        said = form.cleaned_data
        try:
            kept = saved_views.save(said["name"], said["list"], said["query"], by=request.user,
                                    now=database_now(), shared=said["shared"], view=saved)  # fmt: skip
        except Refused as wrong:
            refusal = str(wrong)
        else:
            say(request, _("The view is saved."))
            return redirect(f"/views/{kept.pk}")
    context = {"form": form, "saved": saved, "refusal": refusal, "title": _("Save this list as a view")}
    return page(request, "desks/view_form.html", context, status=422)


def _all(request: SignedIn) -> HttpResponse:
    return page(request, "desks/views.html", {"views": saved_views.views_of(request.user)})
