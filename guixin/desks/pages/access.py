"""Who is let in at all. What somebody may see is decided by each noun's `visible_to`, not here."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import TypeVar, cast
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from guixin.organisation.models import Person
from guixin.organisation.revisions import one_look

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


NOT_ALLOWED = gettext_lazy("Your post does not allow this. Whoever is responsible for the matter can do it.")


def must(allowed: bool) -> None:
    """What a noun's own rule says; who sees the noun but may not do this is told so."""
    if not allowed:
        raise PermissionDenied(NOT_ALLOWED)


class SignedIn(HttpRequest):
    """A request that `signed_in` let through: its user is a person of the firm."""

    user: Person
    htmx: HtmxDetails


def signed_in(view: View) -> View:
    """Others are sent to the sign-in page; an htmx request too, as a whole page and not into a fragment."""

    @wraps(view)
    def only_signed_in(request: SignedIn, *args, **kwargs) -> HttpResponseBase:
        if request.user.is_authenticated:
            # A page that is only looked at shows the firm as of one moment, which came with the reader.
            with one_look(request.user.looked_at) if request.method == "GET" else nullcontext():
                return view(request, *args, **kwargs)
        if request.htmx:
            return HttpResponseClientRedirect("/sign-in")
        wanted = request.get_full_path() if request.method == "GET" else "/"
        return redirect(f"/sign-in?{urlencode({'next': wanted})}" if wanted != "/" else "/sign-in")

    return cast(View, only_signed_in)
