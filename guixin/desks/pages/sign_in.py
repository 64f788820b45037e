from datetime import timedelta

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from guixin.desks.forms.sign_in import SignInForm
from guixin.desks.rendering import page
from guixin.desks.tours import tours
from guixin.organisation.first_firm import nobody_can_sign_in
from guixin.organisation.models import Person, Post
from guixin.web.preferences import bring_along, local_address
from guixin.web.rate import give_back, is_too_fast

TRIES, FAILURES, SPAN = 10, 100, timedelta(minutes=15)  # of one login; of all together


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The same sentence for an unknown login and a wrong password, so that nobody learns who works here."""
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        one = is_too_fast(request, "sign-in", at_most=TRIES, within=SPAN, also=request.POST.get("login", ""))
        # … and one password tried on everybody, from an address that a whole office may share.
        if is_too_fast(request, "sign-in-all", at_most=FAILURES, within=SPAN) or one:
            form.add_error(None, _("Too many tries. Please wait a quarter of an hour."))
            status = 429
        elif form.is_valid():
            person = authenticate(
                request, username=form.cleaned_data["login"], password=form.cleaned_data["password"]
            )
            if person is not None:
                give_back(request, "sign-in-all")
                login(request, person)
                return bring_along(redirect(_next(request)), person)
            form.add_error(None, _("This login and password do not fit together."))
    return page(
        request,
        "desks/sign_in.html",
        {
            "form": form,
            "next": _next(request),
            "cast": _cast(),
            "tours": tours(get_language() or "zh-hans") if settings.DEMO else [],
            "is_fresh": not settings.DEMO and nobody_can_sign_in(),
        },
        status=status,
    )


@require_POST
def sign_in_as(request: HttpRequest, who: str) -> HttpResponse:
    """One click, no password: only in a demonstration."""
    if not settings.DEMO:
        raise Http404
    person = get_object_or_404(Person.objects.active(), login=who)
    login(request, person, backend="guixin.organisation.signing_in.WorkersBackend")
    return bring_along(redirect(_next(request)), person)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("/sign-in")


def _next(request: HttpRequest) -> str:
    return local_address(request, request.POST.get("next") or request.GET.get("next"))


def _cast() -> list[tuple[str, str, str, str]]:
    """Who can be tried in the demonstration: login, name, position, department."""
    if not settings.DEMO:
        return []
    posts = Post.objects.filter(person__is_active=True, until__isnull=True, is_main=True)
    ordered = posts.order_by("-position__rank", "position__department__path", "person__login")
    language = get_language() or "zh-hans"
    return [
        (
            post.person.login,
            post.person.name,
            post.position.shown_name(language),
            post.position.department.shown_name(language),
        )
        for post in ordered.select_related("person", "position__department")[:40]
    ]
