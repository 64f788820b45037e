"""How a reader wants the pages: theme, density, language and keys.

Whoever is signed in keeps them with the person, so that they follow to every device; the cookie beside them serves
the pages one sees without an account, and needs no JavaScript.
"""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

CHOICES = {"theme": ("auto", "light", "dark"), "density": ("comfortable", "dense"), "keys": ("on", "off")}
A_YEAR = 365 * 24 * 3600


def preferences(request: HttpRequest) -> dict:
    """Context processor: what was chosen, or the first of each; the theme "auto" follows the device."""
    kept = kept_by(getattr(request, "user", None))
    chosen = {}
    for what, choices in CHOICES.items():
        wanted = kept.get(what) or request.COOKIES.get(f"guixin_{what}")
        chosen[what] = wanted if wanted in choices else choices[0]
    return {**chosen, "own_keys": kept.get("own_keys") or {}}


def kept_by(person: Any) -> dict:
    """What a person chose; nothing for somebody without an account."""
    return getattr(person, "preferences", None) or {}


def local_address(request: HttpRequest, wanted: str | None, otherwise: str = "/") -> str:
    """Where to go next, if that is one of our own pages; never somebody else's."""
    allowed = {request.get_host()}
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed, require_https=request.is_secure()):
        return wanted
    return otherwise


@require_POST
def choose(request: HttpRequest, what: str) -> HttpResponse:
    """One preference by its button, on whatever page the button stands."""
    if what not in CHOICES:
        raise Http404
    answer = HttpResponseRedirect(local_address(request, request.POST.get("next")))
    wanted = request.POST.get(what)
    if wanted in CHOICES[what]:
        _keep(request, **{what: wanted})
        _set_cookie(answer, f"guixin_{what}", wanted)
    return answer


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """As Django's own, and kept with the person."""
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES) and check_for_language(wanted):
        _keep(request, language=wanted)
    return set_language(request)


def bring_along(answer: HttpResponse, person: Any) -> HttpResponse:
    """At sign-in: what this person chose on another device holds here too, and on the pages without an account."""
    kept = kept_by(person)
    for what, choices in CHOICES.items():
        if kept.get(what) in choices:
            _set_cookie(answer, f"guixin_{what}", kept[what])
    if kept.get("language") in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            kept["language"],
            max_age=A_YEAR,
            samesite="Lax",
            secure=settings.PUBLIC,
        )
    return answer


def _keep(request: HttpRequest, **chosen: str) -> None:
    if request.user.is_authenticated:
        request.user.prefer(**chosen)


def _set_cookie(answer: HttpResponse, name: str, value: str) -> None:
    answer.set_cookie(name, value, max_age=A_YEAR, samesite="Lax", httponly=True, secure=settings.PUBLIC)
