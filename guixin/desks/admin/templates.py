"""Canned replies and macros: a list, and one form with the words as the newest case would read them."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixin.desks.admin.access import administrators
from guixin.desks.admin.acting import did, done, history
from guixin.desks.admin.forms.templates import TemplateForm
from guixin.desks.lists import Lists
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.serve import templates
from guixin.serve.models import Case, Template
from guixin.web.toasts import say


@administrators
@require_safe
def index(request: SignedIn) -> HttpResponse:
    """Those in force, and those withdrawn, which can be put back."""
    listed = Template.objects.in_force().select_related("department", "task_for").order_by("kind", "name")
    current = {each.code for each in listed}
    withdrawn = Template.objects.exclude(code__in=current).order_by("code", "-number").distinct("code")
    return page(request, "desks/admin/templates.html", {"listed": listed, "withdrawn": withdrawn})


@administrators
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, code: str = "") -> HttpResponse:
    """Saving makes a new version; “preview” shows the words without keeping them."""
    template = Template.objects.in_force().filter(code=code).first()
    if code and template is None:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = TemplateForm(posted, noun=template, lists=Lists(), auto_id="template-%s", label_suffix="")
    looks_only = posted is not None and "preview" in posted
    if posted is not None and not looks_only and done(form, lambda said: _publish(request, code, said)):
        say(request, _("The template is in force."))
        return redirect("templates")
    status = 422 if form.errors and not looks_only else 200
    return page(
        request,
        "desks/admin/template.html",
        {
            "form": form,
            "template": template,
            "preview": _preview(request, form),
            "placeholders": [(f"{{{name}}}", each.words) for name, each in templates.PLACEHOLDERS.items()],
            "history": history(*_versions(code)),
        },
        status=status,
    )


def _publish(request: SignedIn, code: str, said: dict[str, Any]) -> None:
    code = code or templates.code_for(said["name"], said["name_en"])
    templates.publish(code, said, now=database_now(), by=request.user)


def _preview(request: SignedIn, form: TemplateForm) -> dict[str, Any] | None:
    """The words with the values of the newest case this person sees."""
    case = Case.objects.visible_to(request.user).select_related("customer", "owner", "department")
    newest, body = case.order_by("-opened_at", "-pk").first(), form["body"].value()
    if newest is None or not body:
        return None
    filled = templates.fill(body, newest, by=request.user, now=database_now())
    return {"case": newest, "filled": filled}


def _versions(code: str) -> list[tuple[str, int]]:
    return [("template", pk) for pk in Template.objects.filter(code=code).values_list("pk", flat=True)]


@administrators
@require_POST
def withdraw(request: SignedIn, code: str) -> HttpResponse:
    template = Template.objects.in_force().filter(code=code).first()
    if template is None:
        raise Http404
    return did(
        request,
        lambda: templates.withdraw(template, now=database_now(), by=request.user),
        _("“%(name)s” is offered to nobody any more.") % {"name": template.name},
        where=reverse("templates"),
        undo=reverse("template_again", args=[code]),
    )


@administrators
@require_POST
def again(request: SignedIn, code: str) -> HttpResponse:
    """Put the last version back into force."""
    last = Template.objects.filter(code=code).order_by("-number").first()
    if last is None:
        raise Http404
    return did(
        request,
        lambda: templates.publish(code, {}, now=database_now(), by=request.user),
        _("“%(name)s” is in force again.") % {"name": last.name},
        where=reverse("templates"),
    )
