"""The firm's own choices about serving, on one page."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guixin.desks.admin.access import administrators
from guixin.desks.admin.forms.rules import PolicyForm
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.serve.models.policy import policy
from guixin.serve.ruling import POLICY, change_policy
from guixin.web.toasts import say


@administrators
@require_http_methods(["GET", "POST"])
def policy_page(request: SignedIn) -> HttpResponse:
    current = policy()
    form = PolicyForm(
        request.POST or None, initial={name: getattr(current, name) for name in POLICY}, label_suffix=""
    )
    if request.method == "POST" and form.is_valid():
        before = change_policy(form.cleaned_data, by=request.user, now=database_now())
        if before != form.cleaned_data:
            back = "-".join(str(before[name]) for name in POLICY)
            say(request, _("This holds from now on."), undo=reverse("policy_back", args=[back]))
        return redirect("policy")
    status = 422 if form.is_bound else 200
    return page(request, "desks/admin/policy.html", {"form": form}, status=status)


@administrators
@require_POST
def policy_back(request: SignedIn, before: str) -> HttpResponse:
    """Choose as it was: the numbers stand in the address, in the order of POLICY."""
    form = PolicyForm(dict(zip(POLICY, before.split("-"), strict=False)))
    if form.is_valid():
        change_policy(form.cleaned_data, by=request.user, now=database_now())
        say(request, _("As it was before."))
    return redirect("policy")
