"""The tree of departments: added, renamed, moved, closed."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guixin.desks.admin.access import administrators
from guixin.desks.admin.acting import did, done, history
from guixin.desks.admin.forms.firm import DepartmentForm, PositionForm
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation import arranging
from guixin.organisation.ladder import Ladder, NoAuthority
from guixin.organisation.models import Department, Person, Position, Post
from guixin.serve.models.counter import counted
from guixin.web.toasts import say


@administrators
@require_http_methods(["GET", "POST"])
def departments(request: SignedIn) -> HttpResponse:
    form = DepartmentForm(request.POST or None, auto_id="department-%s", label_suffix="")
    if request.method == "POST":
        now = database_now()
        if done(form, lambda said: arranging.add_department(**_named(said), by=request.user, now=now)):
            say(request, _("%(name)s was added.") % {"name": form.cleaned_data["name"]})
            return redirect("departments")
    context = {"listed": _tree(), "form": form}
    return page(request, "desks/admin/departments.html", context, status=422 if form.errors else 200)


@administrators
@require_http_methods(["GET", "POST"])
def department(request: SignedIn, pk: int) -> HttpResponse:
    box = get_object_or_404(Department.objects.select_related("parent", "calendar"), pk=pk)
    form = DepartmentForm(request.POST or None, noun=box, auto_id="department-%s", label_suffix="")
    if request.method == "POST":
        now = database_now()
        if done(form, lambda said: arranging.change_department(box, by=request.user, now=now, **said)):
            say(request, _("Saved."))
            return redirect("department", pk)
        box.refresh_from_db()
    return _show(request, box, form, PositionForm(auto_id="position-%s", label_suffix=""))


@administrators
@require_POST
def new_position(request: SignedIn, pk: int) -> HttpResponse:
    box = get_object_or_404(Department, pk=pk)
    form = PositionForm(request.POST, auto_id="position-%s", label_suffix="")
    now = database_now()
    if done(form, lambda said: arranging.add_position(box, by=request.user, now=now, **said)):
        say(request, _("%(title)s was added.") % {"title": form.cleaned_data["title"]})
        return redirect("department", pk)
    return _show(request, box, DepartmentForm(noun=box, auto_id="department-%s", label_suffix=""), form)


@administrators
@require_POST
def close(request: SignedIn, pk: int) -> HttpResponse:
    box = get_object_or_404(Department, pk=pk)
    return did(
        request,
        lambda: arranging.close_department(box, by=request.user, now=database_now()),
        _("%(name)s is closed.") % {"name": box.name},
        where=reverse("department", args=[pk]),
        undo=reverse("department_opening", args=[pk]),
    )


@administrators
@require_POST
def reopen(request: SignedIn, pk: int) -> HttpResponse:
    box = get_object_or_404(Department, pk=pk)
    return did(
        request,
        lambda: arranging.reopen_department(box, by=request.user, now=database_now()),
        _("%(name)s is open again.") % {"name": box.name},
        where=reverse("department", args=[pk]),
    )


def _show(request: SignedIn, box: Department, form: DepartmentForm, new: PositionForm) -> HttpResponse:
    chairs = list(box.positions.order_by("-rank", "title"))
    context = {
        "department": box,
        "form": form,
        "position_form": new,
        "positions": _with_holders(chairs),
        "leads": _head(box),
        "below": box.children.order_by("path"),
        "history": history(("department", box.pk), *(("position", chair.pk) for chair in chairs)),
    }
    status = 422 if form.errors or new.errors else 200
    return page(request, "desks/admin/department.html", context, status=status)


def _with_holders(chairs: list[Position]) -> list[tuple[Position, list[Person]]]:
    held: dict[int, list[Person]] = {}
    posts = Post.objects.filter(position__in=chairs, until=None, person__is_active=True)
    for post in posts.select_related("person").order_by("person__name_pinyin"):
        held.setdefault(post.position_id, []).append(post.person)
    return [(chair, held.get(chair.pk, [])) for chair in chairs]


def _named(said: dict) -> dict:
    return {**{name: value for name, value in said.items() if name != "parent"}, "under": said["parent"]}


def _tree() -> list[dict]:
    """Every department with its depth, its people today and what is open there; the counts come from counters."""
    boxes = list(Department.objects.select_related("calendar").order_by("path"))
    names = [f"department:{box.pk}" for box in boxes]
    tasks, cases = counted("open_tasks", names), counted("open_cases", names)
    here: dict[int, set[int]] = {}
    posts = Post.objects.filter(until=None, person__is_active=True)
    for department_id, person_id in posts.values_list("position__department_id", "person_id"):
        here.setdefault(department_id, set()).add(person_id)
    return [
        {
            "department": box,
            "depth": min(len(box.line()) - 1, 6),
            "people": len(here.get(box.pk, ())),
            "tasks": tasks[f"department:{box.pk}"],
            "cases": cases[f"department:{box.pk}"],
        }
        for box in boxes
    ]


def _head(box: Department) -> Person | None:
    try:
        return Person.objects.filter(pk=Ladder.at(database_now()).head_of(box.pk)).first()
    except NoAuthority:
        return None
