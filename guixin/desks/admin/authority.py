"""The authority matrix for administrators: a draft, its lines, who could do what differs, publishing."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixin.desks import authority_words as words
from guixin.desks.admin.access import administrators
from guixin.desks.admin.acting import did, done, history
from guixin.desks.admin.forms.authority import GrantForm, PublishForm
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation import granting, in_force
from guixin.organisation.models import Grant, Matrix
from guixin.web.toasts import say


def _grants(matrix: Matrix | None) -> Any:
    return Grant.objects.filter(matrix=matrix).select_related("position", "department") if matrix else []


@administrators
@require_safe
def index(request: SignedIn) -> HttpResponse:
    return _index(request, PublishForm())


def _index(request: SignedIn, form: PublishForm, status: int = 200) -> HttpResponse:
    now, table, draft = database_now(), in_force.matrix_in_force(), granting.draft()
    shown = draft or table
    differing = granting.differences(draft, now) if draft else []
    versions = list(
        Matrix.objects.filter(published_at__isnull=False).select_related("published_by").order_by("-number")
    )
    return page(
        request,
        "desks/admin/authority.html",
        {
            "table": table,
            "draft": draft,
            "editing": draft is not None,
            "decisions": words.by_decision(_grants(shown)),
            "differing": [
                {
                    "person": each.person,
                    "decision": each.decision.name,
                    "before": words.limit_words(each.before, each.decision, each.currency),
                    "after": words.limit_words(each.after, each.decision, each.currency),
                }
                for each in differing
            ],
            "form": form,
            "versions": versions,
            "history": history(*(("matrix", each.pk) for each in versions)),
            "now": now,
        },
        status=status,
    )


@administrators
@require_POST
def begin(request: SignedIn) -> HttpResponse:
    granting.begin_draft()
    return redirect("admin_authority")


@administrators
@require_POST
def discard(request: SignedIn) -> HttpResponse:
    granting.discard_draft()
    say(request, _("The draft is gone; the table in force stays as it is."))
    return redirect("admin_authority")


@administrators
@require_http_methods(["GET", "POST"])
def grant(request: SignedIn, pk: int = 0) -> HttpResponse:
    """A line of the draft: a new one, or this one."""
    draft = granting.draft() or (None if pk else granting.begin_draft() if request.method == "POST" else None)
    line = get_object_or_404(Grant, pk=pk, matrix__published_at__isnull=True) if pk else None
    form = GrantForm(request.POST or None, initial=GrantForm.initial_of(line))
    status = 200
    if request.method == "POST":
        if done(form, lambda said: granting.put_grant(draft or granting.begin_draft(), form.terms(), pk=pk)):
            return redirect("admin_authority")
        status = 422
    return page(request, "desks/admin/grant.html", {"form": form, "line": line}, status=status)


@administrators
@require_POST
def remove(request: SignedIn, pk: int) -> HttpResponse:
    line = get_object_or_404(Grant, pk=pk, matrix__published_at__isnull=True)
    return did(request, line.delete, _("The line is out of the draft."), where="admin_authority")


@administrators
@require_POST
def publish(request: SignedIn) -> HttpResponse:
    draft = get_object_or_404(Matrix, published_at__isnull=True)
    form = PublishForm(request.POST)
    if not done(
        form,
        lambda said: granting.publish(draft, by=request.user, now=database_now(), note=said["note"]),
    ):
        return _index(request, form, 409)
    say(request, _("The table is in force. Open requests are judged by it from now on."))
    return redirect("admin_authority")
