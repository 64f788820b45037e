"""How a reader wants the pages: the theme, kept in a cookie so that it needs no account and no JavaScript."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

COOKIE = "guixin_theme"
THEMES = ("auto", "light", "dark")
A_YEAR = 365 * 24 * 3600


def preferences(request: HttpRequest) -> dict:
    """Context processor: the theme chosen, "auto" follows the device."""
    theme = request.COOKIES.get(COOKIE)
    return {"theme": theme if theme in THEMES else "auto"}


def local_address(request: HttpRequest, wanted: str | None, otherwise: str = "/") -> str:
    """Where to go next, if that is one of our own pages; never somebody else's."""
    allowed = {request.get_host()}
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed, require_https=request.is_secure()):
        return wanted
    return otherwise


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponseRedirect:
    answer = HttpResponseRedirect(local_address(request, request.POST.get("next")))
    theme = request.POST.get("theme")
    if theme in THEMES:
        answer.set_cookie(
            COOKIE, theme, max_age=A_YEAR, samesite="Lax", httponly=True, secure=settings.PUBLIC
        )
    return answer
