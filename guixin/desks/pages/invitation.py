"""The page behind an invitation or reset link. Looking at it, which mail scanners do, changes nothing."""

from datetime import timedelta

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guixin.desks.forms.invitation import ChoosePasswordForm
from guixin.desks.rendering import fragment
from guixin.ledger.clock import database_now
from guixin.organisation.models import SignInLink
from guixin.organisation.signing_in import CannotChoose, choose_password
from guixin.web.rate import is_too_fast
from guixin.web.toasts import say

TRIES, SPAN = 20, timedelta(minutes=15)
BACKEND = "guixin.organisation.signing_in.WorkersBackend"


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The same page for a link that was used, is too old, or never was."""
    now = database_now()
    link = SignInLink.with_token(token, now)
    form = ChoosePasswordForm(request.POST or None, label_suffix="")
    status = 200 if link else 404
    if request.method == "POST" and link:
        status = 422
        if is_too_fast(request, "invitation", at_most=TRIES, within=SPAN):
            form.add_error(None, _("Too many tries. Please wait a quarter of an hour."))
            status = 429
        elif form.is_valid():
            try:
                person = choose_password(token, form.cleaned_data["password"], now=now)
            except CannotChoose as refusal:
                form.add_error("password", str(refusal))
            else:
                login(request, person, backend=BACKEND)
                say(request, _("Welcome, %(name)s. Your password is set.") % {"name": person.name})
                return redirect("/")
    answer = fragment(
        request, "desks/invitation.html", {"link": link, "form": form, "now": now}, status=status
    )
    answer["Referrer-Policy"] = (
        "same-origin"  # the address is a secret; without any referrer the form would be refused
    )
    return answer
