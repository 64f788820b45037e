from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from guixin.channels.models import NoticeWishes
from guixin.channels.robots import keeping
from guixin.desks.admin.acting import done
from guixin.desks.forms.composer import HoldForm
from guixin.desks.forms.notices import WishesForm
from guixin.desks.forms.settings import KeysForm, PasswordForm
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.serve.sending import hold_of
from guixin.web.preferences import kept_by
from guixin.web.toasts import say

HERE = "/settings"


@signed_in
def mine(request: SignedIn, status: int = 200, **refused) -> HttpResponse:
    """How this person wants the console, and where they are signed in."""
    forms = {
        "keys_form": KeysForm(own=kept_by(request.user).get("own_keys") or {}, label_suffix=""),
        "hold_form": HoldForm(initial={"hold_seconds": hold_of(request.user)}, label_suffix=""),
        "wishes_form": WishesForm(initial=_wishes(request), label_suffix=""),
        "password_form": PasswordForm(person=request.user, label_suffix=""),
    }
    return page(request, "desks/settings.html", forms | refused, status=status)


@require_POST
@signed_in
def keep_keys(request: SignedIn) -> HttpResponse:
    form = KeysForm(request.POST, own={}, label_suffix="")
    if not form.is_valid():
        return mine(request, status=422, keys_form=form)
    request.user.prefer(own_keys=form.own)
    say(request, _("Your keys are kept."))
    return redirect(f"{HERE}#keys")


@require_POST
@signed_in
def keep_hold(request: SignedIn) -> HttpResponse:
    form = HoldForm(request.POST, label_suffix="")
    if not form.is_valid():
        return mine(request, status=422, hold_form=form)
    request.user.prefer(hold_seconds=form.cleaned_data["hold_seconds"])
    say(request, _("Kept: how long what you send can be taken back."))
    return redirect(f"{HERE}#sending")


def _wishes(request: SignedIn) -> dict:
    wishes = NoticeWishes.of(request.user)
    return {name: getattr(wishes, name) for name in WishesForm.base_fields}


@require_POST
@signed_in
def keep_wishes(request: SignedIn) -> HttpResponse:
    """By which ways they want to be told of what, and when not."""
    form = WishesForm(request.POST, label_suffix="")
    if not done(form, lambda said: keeping.wish(request.user, **said)):
        return mine(request, status=422, wishes_form=form)
    say(request, _("Kept: what you are told, and how."))
    return redirect(f"{HERE}#notices")


@sensitive_post_parameters("old", "new")
@require_POST
@signed_in
def change_password(request: SignedIn) -> HttpResponse:
    """Whoever is signed in elsewhere with the old password is signed out there."""
    form = PasswordForm(request.POST, person=request.user, label_suffix="")
    if not form.is_valid():
        return mine(request, status=422, password_form=form)
    request.user.set_password(form.cleaned_data["new"])
    request.user.save(update_fields=["password"])
    update_session_auth_hash(request, request.user)
    say(request, _("The password is changed; other devices are signed out."))
    return redirect(HERE)


@require_POST
@signed_in
def sign_out_everywhere(request: SignedIn) -> HttpResponse:
    request.user.sign_out_everywhere()
    logout(request)
    return redirect("/sign-in")
