"""The forms of requests: which there are, what each asks today and in its draft, with a preview, and where it is used."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixin.desks.admin.access import administrators
from guixin.desks.admin.acting import did_one_of, done, draft_as_read, history
from guixin.desks.admin.forms.case_form import CaseFormForm, FieldForm
from guixin.desks.forms.case_form import ask, questions
from guixin.desks.lists import Lists
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.serve import building_forms
from guixin.serve.form_fields import FormField, condition_in_words
from guixin.serve.models import CaseForm, CaseFormVersion, FilledForm, Term
from guixin.web.refusals import Refused
from guixin.web.toasts import say

VERSIONS = 20


@administrators
@require_safe
def index(request: SignedIn) -> HttpResponse:
    every = list(
        CaseForm.objects.annotate(
            number=Max("versions__number", filter=Q(versions__withdrawn_at=None)),
            filled=Count("versions__filled", filter=Q(versions__filled__is_current=True)),
        ).order_by("place", "pk")
    )
    categories = dict(Lists().terms(Term.List.CATEGORY))
    rows = [(each, categories.get(each.category, each.category)) for each in every]
    context = {
        "rows": [row for row in rows if not row[0].withdrawn_at],
        "withdrawn": [each for each in every if each.withdrawn_at],
    }
    return page(request, "desks/admin/case_forms.html", context)


@administrators
@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    form = CaseFormForm(request.POST or None, lists=Lists(), label_suffix="")
    made: list[CaseForm] = []

    def save(said: dict[str, Any]) -> None:
        made.append(building_forms.add_form(**said, by=request.user, now=database_now()))

    if request.method == "POST" and done(form, save):
        say(request, _("Now say what it asks."))
        return redirect("admin_form", made[0].code)
    return page(request, "desks/admin/case_form_new.html", {"form": form}, status=422 if form.errors else 200)


@administrators
@require_http_methods(["GET", "POST"])
def show(request: SignedIn, code: str) -> HttpResponse:
    """What it asks, drafted and in force, as whoever fills it in sees it; a post describes the form anew."""
    found = get_object_or_404(CaseForm, code=code)
    form = CaseFormForm(request.POST or None, noun=found, lists=Lists(), label_suffix="")

    def save(said: dict[str, Any]) -> None:
        building_forms.describe_form(found, said, by=request.user, now=database_now())

    if request.method == "POST" and done(form, save):
        say(request, _("“%s” is described so from now on.") % form.cleaned_data["name"])
        return redirect("admin_form", code)
    fields, language = building_forms.fields_to_edit(found), get_language() or "zh-hans"
    asked = {each.key: each for each in fields}
    versions = found.versions.select_related("published_by").order_by("-number")
    used = FilledForm.objects.filter(is_current=True, version__form=found)
    context = {
        "form": form,
        "case_form": found,
        "fields": [(each, condition_in_words(each, asked, language)) for each in fields],
        "preview": _preview(found, fields),
        "in_force": found.in_force(),
        "versions": list(versions.annotate(filled_now=Count("filled", filter=Q(filled__is_current=True)))[:VERSIONS]),
        "used": used.count(),
        "history": history(found.about),
    }  # fmt: skip
    return page(request, "desks/admin/case_form.html", context, status=422 if form.errors else 200)


def _preview(form: CaseForm, fields: list[FormField]) -> list[forms.BoundField]:
    """The questions as they will be asked, to be tried and sent nowhere."""
    drafted = CaseFormVersion(form=form, number=0, fields=[each.as_json() for each in fields])
    shown = forms.Form(auto_id="preview-%s", label_suffix="")
    ask(shown, drafted)
    return questions(shown)


@administrators
@require_http_methods(["GET", "POST"])
def edit_field(request: SignedIn, code: str, key: str = "") -> HttpResponse:
    """A field of the draft, or a new one at its end. The first edit makes a draft of what is asked today."""
    found = get_object_or_404(CaseForm, code=code)
    fields = building_forms.fields_to_edit(found)
    at = next((number for number, each in enumerate(fields) if each.key == key), None)
    if key and at is None:
        raise Http404
    form = FieldForm(
        request.POST or None, there=fields[:at], one=None if at is None else fields[at],
        draft_version=found.draft_version,
    )  # fmt: skip

    def save(said: dict[str, Any]) -> None:
        building_forms.put_field(
            found, form.field(), by=request.user, now=database_now(), read_at=said["draft_version"], key=key
        )

    if request.method == "POST" and done(form, save):
        say(request, _("The draft asks it so now."))
        return redirect("admin_form", code)
    context = {"form": form, "case_form": found, "one": None if at is None else fields[at]}
    return page(request, "desks/admin/case_form_field.html", context, status=422 if form.errors else 200)


@administrators
@require_POST
def change_field(request: SignedIn, code: str, key: str, what: str) -> HttpResponse:
    """Up, down, or out of the draft."""
    found, by, now = get_object_or_404(CaseForm, code=code), request.user, database_now()
    if what not in ("up", "down", "removal"):
        raise Http404
    # Whoever does not say which draft they saw saw none.
    seen = -1 if (said := draft_as_read(request)) is None else said
    try:
        if what == "removal":
            building_forms.drop_field(found, key, by=by, now=now, read_at=seen)
        else:
            step = -1 if what == "up" else 1
            building_forms.move_field(found, key, step, by=by, now=now, read_at=seen)
    except Refused as why:
        messages.error(request, str(why))
    return redirect("admin_form", code)


@administrators
@require_POST
def act(request: SignedIn, code: str, name: str) -> HttpResponse:
    """Publish or discard the draft; withdraw the form, or offer it again."""
    found, by = get_object_or_404(CaseForm, code=code), request.user
    now, seen = database_now(), draft_as_read(request)
    acts = {
        "publication": (
            lambda: building_forms.publish_form(
                found, by=by, now=now, note=request.POST.get("note", "")[:500], read_at=seen
            ),
            _("“%s” asks this from now on.") % found.name,
        ),
        "discarding": (
            lambda: building_forms.discard_draft(found),
            _("The draft of “%s” is thrown away.") % found.name,
        ),
        "withdrawal": (
            lambda: building_forms.withdraw_form(found, by=by, now=now),
            _("“%s” is offered no more; what was answered stays.") % found.name,
        ),
        "return": (
            lambda: building_forms.restore_form(found, by=by, now=now),
            _("“%s” is offered again.") % found.name,
        ),
    }
    return did_one_of(request, acts, name, where=f"/admin/forms/{code}")
