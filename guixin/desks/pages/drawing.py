"""Drawing a blueprint: its draft, one form for each edit, everything by keyboard and without JavaScript."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guixin.desks.admin.acting import did, done
from guixin.desks.blueprint_picture import picture
from guixin.desks.forms.blueprint import ElementForm, NewBlueprintForm, StepForm
from guixin.desks.pages.access import SignedIn, View, signed_in
from guixin.desks.pages.blueprints import blueprint_for, outline
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation.models.versions import DraftChanged
from guixin.organisation.pinyin import free_code
from guixin.promise import blueprints
from guixin.promise.blueprints import may_draw
from guixin.promise.drawing import CannotDraw, Drawing, differences
from guixin.promise.models import Blueprint
from guixin.web.refusals import Refused
from guixin.web.toasts import say


def drawers(view: View) -> View:
    """For whoever may draw this blueprint; others are told that it is not theirs to draw."""

    @signed_in
    @wraps(view)
    def only_drawers(request: SignedIn, code: str, *args, **kwargs) -> HttpResponseBase:
        blueprint = blueprint_for(request.user, code)
        if not may_draw(request.user, blueprint):
            raise PermissionDenied(_("This blueprint is drawn by its steward and by administrators."))
        return view(request, blueprint, *args, **kwargs)

    return cast(View, only_drawers)


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    if not may_draw(request.user):
        raise PermissionDenied(_("A new blueprint is begun by an administrator."))
    form = NewBlueprintForm(request.POST or None, label_suffix="")
    made: list[Blueprint] = []

    def define(said: dict) -> None:
        code = free_code(
            said["name"],
            said["name_en"],
            lambda code: code == "new" or Blueprint.objects.filter(code=code).exists(),
            otherwise="blueprint",
        )
        with transaction.atomic():
            made.append(blueprints.define(code, **said))
            blueprints.begin_draft(made[0], by=request.user, now=database_now())

    if request.method == "POST" and done(form, define):
        return redirect("blueprint_draft", made[0].code)
    status = 422 if request.method == "POST" else 200
    return page(request, "desks/blueprints/new.html", {"form": form}, status=status)


def _drawn(blueprint: Blueprint) -> Drawing:
    if blueprint.drawn is None:
        raise Http404
    return blueprint.drawn


@drawers
@require_http_methods(["GET", "POST"])
def draft(request: SignedIn, blueprint: Blueprint) -> HttpResponse:
    """A post begins one: of the drawing in force, or of the version named."""
    if request.method == "POST":
        number = request.POST.get("version", "")
        version = get_object_or_404(blueprint.versions, number=number) if number.isdecimal() else None
        blueprints.begin_draft(blueprint, by=request.user, now=database_now(), version=version)
        return redirect("blueprint_draft", blueprint.code)
    if blueprint.draft is None:
        return redirect("blueprint", blueprint.code)
    return _desk(request, blueprint)


def _desk(request: SignedIn, blueprint: Blueprint, step_form: StepForm | None = None) -> HttpResponse:
    language, drawing = get_language() or "zh-hans", _drawn(blueprint)
    in_force = blueprint.in_force()
    changes = differences(in_force.drawn if in_force else Drawing(), drawing)
    return page(
        request,
        "desks/blueprints/draft.html",
        {
            "blueprint": blueprint,
            "title": blueprint.shown_name(language),
            "drawing": drawing,
            "picture": picture(drawing, language),
            "outline": outline(drawing, language, {}),
            "links": reverse("draft_element", args=[blueprint.code, "x"]).removesuffix("/x"),
            "step_form": step_form or StepForm(initial={"seen": blueprint.draft_version}, label_suffix=""),
            "differs": bool(changes),
        },
        status=422 if step_form else 200,
    )


def _edited(request: SignedIn, blueprint: Blueprint, seen: int, change: Callable[[Drawing], Drawing]) -> None:
    blueprints.edit(blueprint, change, seen=seen, by=request.user, now=database_now())
    say(request, _("The draft says so now."), undo=reverse("draft_back", args=[blueprint.code]))


def _seen(request: SignedIn, blueprint: Blueprint) -> int:
    said = request.POST.get("seen", "")
    return int(said) if said.isdecimal() and len(said) < 10 else -1


@drawers
@require_POST
def add_step(request: SignedIn, blueprint: Blueprint) -> HttpResponse:
    form = StepForm(request.POST, label_suffix="")

    def change(said: dict) -> None:
        _edited(request, blueprint, said["seen"], lambda d: d.with_step(said["name"], said["name_en"]))

    if done(form, change):
        return redirect("blueprint_draft", blueprint.code)
    return _desk(request, blueprint, form)


@drawers
@require_http_methods(["GET", "POST"])
def step(request: SignedIn, blueprint: Blueprint, key: str) -> HttpResponse:
    """Rename a step."""
    there = next((each for each in _drawn(blueprint).steps if each.key == key), None)
    if there is None:
        raise Http404(key)
    initial = {"seen": blueprint.draft_version, "name": there.name, "name_en": there.name_en}
    form = StepForm(request.POST or None, initial=initial, label_suffix="")

    def change(said: dict) -> None:
        _edited(
            request, blueprint, said["seen"], lambda d: d.renamed_step(key, said["name"], said["name_en"])
        )

    if request.method == "POST" and done(form, change):
        return redirect("blueprint_draft", blueprint.code)
    return _form(request, blueprint, form, _("Rename the step"))


@drawers
@require_POST
def change_step(request: SignedIn, blueprint: Blueprint, key: str, name: str) -> HttpResponse:
    acts: dict[str, Callable[[Drawing], Drawing]] = {
        "earlier": lambda drawing: drawing.moved_step(key, -1),
        "later": lambda drawing: drawing.moved_step(key, 1),
        "removal": lambda drawing: drawing.without_step(key),
    }
    return _one_button(request, blueprint, acts, name)


@drawers
@require_http_methods(["GET", "POST"])
def element(request: SignedIn, blueprint: Blueprint, key: str = "") -> HttpResponse:
    """Change an element of the draft, or add one; `?lane=` and `?step=` say where it was asked for."""
    drawing = _drawn(blueprint)
    there = next((each for each in drawing.elements if each.key == key), None)
    if key and there is None:
        raise Http404(key)
    if not drawing.steps:
        messages.error(request, _("Draw the first step before what happens in it."))
        return redirect("blueprint_draft", blueprint.code)
    initial = {"seen": blueprint.draft_version} | {
        name: request.GET[name] for name in ("lane", "step") if name in request.GET
    }
    form = ElementForm(request.POST or None, drawing=drawing, element=there, initial=initial)

    def change(said: dict) -> None:
        about = form.about()
        _edited(
            request,
            blueprint,
            said["seen"],
            lambda d: d.changed_element(key, **about) if key else d.with_element(**about),
        )

    if request.method == "POST" and done(form, change):
        return redirect("blueprint_draft", blueprint.code)
    return _form(
        request, blueprint, form, _("Change the element") if key else _("Add an element"), element_key=key
    )


def _form(request: SignedIn, blueprint: Blueprint, form, words: str, element_key: str = "") -> HttpResponse:
    language = get_language() or "zh-hans"
    context = {
        "blueprint": blueprint,
        "title": blueprint.shown_name(language),
        "form": form,
        "words": words,
        "key": element_key,
    }
    return page(request, "desks/blueprints/edit.html", context, status=422 if form.is_bound else 200)


@drawers
@require_POST
def change_element(request: SignedIn, blueprint: Blueprint, key: str, name: str) -> HttpResponse:
    acts: dict[str, Callable[[Drawing], Drawing]] = {
        "up": lambda drawing: drawing.moved_element(key, -1),
        "down": lambda drawing: drawing.moved_element(key, 1),
        "removal": lambda drawing: drawing.without_element(key),
    }
    return _one_button(request, blueprint, acts, name)


def _one_button(
    request: SignedIn, blueprint: Blueprint, acts: dict[str, Callable[[Drawing], Drawing]], name: str
) -> HttpResponse:
    if name not in acts:
        raise Http404(name)
    try:
        _edited(request, blueprint, _seen(request, blueprint), acts[name])
    except Refused as why:
        messages.error(request, str(why))
    return redirect("blueprint_draft", blueprint.code)


@drawers
@require_POST
def back(request: SignedIn, blueprint: Blueprint) -> HttpResponse:
    return did(
        request,
        lambda: blueprints.step_back(blueprint, by=request.user, now=database_now()),
        _("The latest edit is taken back."),
        where=reverse("blueprint_draft", args=[blueprint.code]),
    )


@drawers
@require_POST
def discard(request: SignedIn, blueprint: Blueprint) -> HttpResponse:
    return did(
        request,
        lambda: blueprints.discard(blueprint),
        _("The draft is thrown away; what is in force stays as it is."),
        where=reverse("blueprints"),
    )


@drawers
@require_POST
def publish(request: SignedIn, blueprint: Blueprint) -> HttpResponse:
    try:
        version = blueprints.publish(
            blueprint,
            seen=_seen(request, blueprint),
            note=request.POST.get("note", "")[:500],
            by=request.user,
            now=database_now(),
        )
    except (CannotDraw, DraftChanged) as why:
        messages.error(request, str(why))
        return redirect("blueprint_draft", blueprint.code)
    say(
        request,
        _("Version %(number)s of “%(name)s” is in force.")
        % {"number": version.number, "name": blueprint.shown_name(get_language() or "zh-hans")},
    )
    return redirect("blueprint", blueprint.code)


@drawers
@require_POST
def withdraw(request: SignedIn, blueprint: Blueprint) -> HttpResponse:
    return did(
        request,
        lambda: blueprints.withdraw(blueprint, by=request.user, now=database_now()),
        _("The blueprint is withdrawn; its versions can still be read."),
        where=reverse("blueprint", args=[blueprint.code]),
    )
