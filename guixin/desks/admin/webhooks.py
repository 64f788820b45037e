"""Who is told by webhook: addresses, secrets, how deliveries fare, and sending again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guixin.channels import http
from guixin.channels.models import Subscription
from guixin.channels.webhooks import sending, subscribing
from guixin.desks.admin.access import administrators
from guixin.desks.admin.acting import did, done, history
from guixin.desks.admin.forms.programs import SubscriptionForm
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.web.toasts import say

_SHOWN = 50


@administrators
@require_http_methods(["GET", "POST"])
def webhooks(request: SignedIn) -> HttpResponse:
    now, made = database_now(), []
    form = SubscriptionForm(request.POST or None, auto_id="webhook-%s", label_suffix="")
    if request.method == "POST" and done(
        form, lambda said: made.append(subscribing.subscribe(said["url"], kinds=said["kinds"], by=request.user, now=now))
    ):  # fmt: skip
        return _secret_once(request, made[0])
    context = {
        "form": form,
        "listed": Subscription.objects.select_related("made_by").order_by("pk"),
        "now": now,
    }
    return page(request, "desks/admin/webhooks.html", context, status=422 if form.errors else 200)


@administrators
@require_http_methods(["GET", "POST"])
def webhook(request: SignedIn, pk: int) -> HttpResponse:
    one, now = get_object_or_404(Subscription, pk=pk), database_now()
    form = SubscriptionForm(request.POST or None, noun=one, auto_id="webhook-%s", label_suffix="")
    if request.method == "POST":
        if done(form, lambda said: subscribing.change(one, by=request.user, now=now, **said)):
            say(request, _("Saved."))
            return redirect("webhook", pk)
        one.refresh_from_db()
    deliveries = one.deliveries.select_related("outgoing").order_by("-pk")
    if request.GET.get("only") == "failed":
        deliveries = deliveries.filter(outgoing__state="dead")
    context = {
        "now": now,
        "webhook": one,
        "form": form,
        "deliveries": deliveries[:_SHOWN],
        "only": request.GET.get("only", ""),
        "history": history(("subscription", pk)),
    }
    return page(request, "desks/admin/webhook.html", context, status=422 if form.errors else 200)


@administrators
@require_POST
def rotate(request: SignedIn, pk: int) -> HttpResponse:
    one = get_object_or_404(Subscription, pk=pk)
    subscribing.rotate(one, by=request.user, now=database_now())
    return _secret_once(request, one)


@administrators
@require_POST
def switch(request: SignedIn, pk: int) -> HttpResponse:
    """Off, and on again where it stopped."""
    one = get_object_or_404(Subscription, pk=pk)
    on = request.POST.get("on") == "1" if "on" in request.POST else not one.is_active
    return did(
        request,
        lambda: subscribing.change(one, by=request.user, now=database_now(), is_active=on),
        _("The webhook is switched on.") if on else _("The webhook is switched off."),
        where=reverse("webhook", args=[pk]),
        undo=reverse("webhook_switch", args=[pk]),
    )


@administrators
@require_POST
def end(request: SignedIn, pk: int) -> HttpResponse:
    one = get_object_or_404(Subscription, pk=pk)
    return did(
        request,
        lambda: subscribing.end(one, by=request.user, now=database_now()),
        _("The webhook was ended."),
        where=reverse("webhooks"),
    )


@administrators
@require_POST
def replay(request: SignedIn, pk: int, delivery_id: int) -> HttpResponse:
    one = get_object_or_404(Subscription, pk=pk)
    return did(
        request,
        lambda: subscribing.replay(one, now=database_now(), delivery_id=delivery_id, by=request.user),
        _("It is on its way again."),
        where=reverse("webhook", args=[pk]),
    )


@administrators
@require_POST
def test(request: SignedIn, pk: int) -> HttpResponse:
    """Call the address now and say what it answered."""
    one = get_object_or_404(Subscription, pk=pk)
    try:
        status = sending.send_test(one)
    except (http.Forbidden, http.Unreachable) as why:
        messages.error(request, _("The test did not arrive: %(why)s") % {"why": why})
    else:
        if 200 <= status < 300:
            say(request, _("The receiver took the test (answer %(status)s).") % {"status": status})
        else:
            messages.error(request, _("The receiver answered %(status)s.") % {"status": status})
    return redirect("webhook", pk)


def _secret_once(request: SignedIn, one: Subscription) -> HttpResponse:
    context = {
        "secret": one.shown_secret(),
        "title": one.url,
        "back": reverse("webhook", args=[one.pk]),
        "now": database_now(),
    }
    return page(request, "desks/admin/secret_once.html", context)
