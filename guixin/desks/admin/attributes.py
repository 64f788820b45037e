"""What the firm asks of its customers, and the words of the consents they give."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guixin.desks.admin.access import administrators
from guixin.desks.admin.acting import did, done, history
from guixin.desks.admin.forms.attributes import AttributeForm
from guixin.desks.forms.consent import WordingForm
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.understand import consenting, describing
from guixin.understand.models import Attribute, ConsentWording, Purpose
from guixin.web.toasts import say


@administrators
@require_safe
def index(request: SignedIn) -> HttpResponse:
    every = list(Attribute.objects.order_by("place", "pk"))
    context = {
        "attributes": [each for each in every if not each.withdrawn_at],
        "withdrawn": [each for each in every if each.withdrawn_at],
    }
    return page(request, "desks/admin/attributes.html", context)


@administrators
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, code: str = "") -> HttpResponse:
    """A new attribute, or another name, list or rule of one."""
    attribute = get_object_or_404(Attribute, code=code) if code else None
    form = AttributeForm(request.POST or None, noun=attribute, label_suffix="")

    def save(said: dict) -> None:
        if attribute:
            describing.redefine(attribute, said, by=request.user, now=database_now())
        else:
            describing.define(**said, by=request.user, now=database_now())

    if request.method == "POST" and done(form, save):
        say(request, _("“%s” is asked for from now on.") % form.cleaned_data["name"])
        return redirect("attributes")
    context = {
        "form": form,
        "attribute": attribute,
        "history": history(("attribute", attribute.pk)) if attribute else [],
    }
    return page(request, "desks/admin/attribute.html", context, status=422 if form.errors else 200)


@administrators
@require_POST
def act(request: SignedIn, code: str, name: str) -> HttpResponse:
    """No longer ask for it, or ask again; what is on record stays either way."""
    attribute = get_object_or_404(Attribute, code=code)
    back = name == "return"
    verb = describing.restore if back else describing.withdraw
    return did(
        request,
        lambda: verb(attribute, by=request.user, now=database_now()),
        (_("“%s” is asked for again.") if back else _("“%s” is no longer asked for; what is on record stays.")) % attribute.name,
        where="attributes",
        undo=reverse("attribute_act", args=[attribute.code, "withdrawal" if back else "return"]),
    )  # fmt: skip


@administrators
@require_http_methods(["GET", "POST"])
def wordings(request: SignedIn) -> HttpResponse:
    """The text customers are shown for each purpose; a changed one is the next version."""
    wanted, status, forms_shown = request.POST.get("purpose", ""), 200, []
    in_force = consenting.wordings()
    for purpose in Purpose:
        there = in_force.get(purpose)
        first = {"text": there.text, "text_en": there.text_en} if there else {}
        is_sent = request.method == "POST" and wanted == purpose
        form = WordingForm(
            request.POST if is_sent else None, initial=first, auto_id=f"{purpose}-%s", label_suffix=""
        )
        if is_sent:
            if done(form, partial(_publish_wording, request, purpose)):
                say(request, _("Customers are shown this text from now on."))
                return redirect("consent_wordings")
            status = 422
        forms_shown.append((purpose, there, form))
    context = {"purposes": forms_shown, "older": ConsentWording.objects.order_by("purpose", "-number")[:60]}
    return page(request, "desks/admin/consent_wordings.html", context, status=status)


def _publish_wording(request: SignedIn, purpose: Purpose, said: dict[str, Any]) -> None:
    consenting.publish_wording(purpose, said["text"], said["text_en"], by=request.user, now=database_now())
