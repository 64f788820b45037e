"""What may help, beside the form of a new case and beside a case. Posted, so that no customer's words stand in an address."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from guixin.desks import suggesting
from guixin.desks.nouns import NOUNS
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import fragment


@signed_in
@require_POST
def show(request: SignedIn) -> HttpResponse:
    """`subject` and `story` of what is being written, or `q` typed to find something; `case` is its number, if it has one."""
    number = request.POST.get("case", "")
    case = NOUNS["case"].fetch(request.user, number) if number else None
    asked = request.POST.get("q", "").strip()
    if not request.htmx:
        return redirect(f"{reverse('find')}?{urlencode({'q': asked})}")
    if asked or case is None:
        written = asked or "\n".join(request.POST.get(name, "") for name in ("subject", "story"))
        groups = suggesting.suggestions(request.user, written, case=case, is_search=bool(asked))
    else:
        groups = suggesting.of_case(request.user, case)
    return fragment(
        request, "desks/_suggestions.html", {"suggestions": groups, "case": case, "looked_for": asked}
    )
