"""Keys for programs: made and shown once, revoked for good."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guixin.desks.admin.access import administrators
from guixin.desks.admin.acting import did, done, history
from guixin.desks.admin.forms.programs import ApiKeyForm
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation.models import ApiKey


@administrators
@require_http_methods(["GET", "POST"])
def api_keys(request: SignedIn) -> HttpResponse:
    now, made = database_now(), []
    form = ApiKeyForm(request.POST or None, auto_id="key-%s", label_suffix="")

    def issue(said: dict) -> None:
        expires_at = now + timedelta(days=said["days"]) if said["days"] else None
        made.append(
            ApiKey.issue(said["person"], said["name"], said["scopes"], now, expires_at, by=request.user)
        )

    if request.method == "POST" and done(form, issue):
        key, secret = made[0]
        context = {"secret": secret, "title": key.name, "back": reverse("api_keys"), "now": now}
        return page(request, "desks/admin/secret_once.html", context)
    keys = list(ApiKey.objects.select_related("person").order_by("-pk")[:200])
    context = {
        "now": now,
        "form": form,
        "listed": [(key, key.is_usable(now)) for key in keys],
        "history": history(*(("apikey", key.pk) for key in keys)),
    }
    return page(request, "desks/admin/api_keys.html", context, status=422 if form.errors else 200)


@administrators
@require_POST
def revoke(request: SignedIn, pk: int) -> HttpResponse:
    key = get_object_or_404(ApiKey, pk=pk)
    return did(
        request,
        lambda: key.revoke(now=database_now(), by=request.user),
        _("“%(name)s” opens nothing any more.") % {"name": key.name},
        where=reverse("api_keys"),
    )
