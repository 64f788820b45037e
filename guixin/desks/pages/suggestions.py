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
    """`subject` and `story` of a new case, or the words (`body`, `instruction`) that stand in the composer of the case with
    the number `case`; or `q`, typed to find something."""
    number = request.POST.get("case", "")
    case = NOUNS["case"].fetch(request.user, number) if number else None
    asked = request.POST.get("q", "").strip()
    if not request.htmx:
        return redirect(f"{reverse('find')}?{urlencode({'q': asked})}")
    names = ("body", "instruction") if case else ("subject", "story")
    written = asked or "\n".join(filter(None, (request.POST.get(name, "") for name in names)))
    groups = suggesting.suggestions(request.user, written, case=case, is_search=bool(asked))
    return fragment(
        request, "desks/_suggestions.html", {"suggestions": groups, "case": case, "looked_for": asked}
    )
