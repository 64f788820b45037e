"""The link in every message to a customer: looking changes nothing, one tap and no more of it comes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from guixin.desks.rendering import fragment
from guixin.ledger.clock import database_now
from guixin.promise import answering
from guixin.understand.models import Purpose

# As we say it to the customer; staff read the names of the purposes.
TO_CUSTOMERS = {
    Purpose.SERVICE: gettext_lazy("messages about your own matters"),
    Purpose.SURVEY: gettext_lazy("questions whether you are satisfied"),
    Purpose.NEWS: gettext_lazy("offers and news"),
    Purpose.RESEARCH: gettext_lazy("invitations to research and interviews"),
    Purpose.SHARING: gettext_lazy("messages of our partners"),
}


# Exempt: the signed link is what gives the right, no cookie does; and a mail program presses it by itself (RFC 8058).
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def opt_out(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what would stop, because programs that check links follow them; POST stores it."""
    message = answering.message_of(token)
    if message is None:
        raise Http404
    if request.method == "POST":
        answering.opt_out(message, now=database_now())
        if request.POST.get("List-Unsubscribe"):
            return HttpResponse(_("Done."), content_type="text/plain; charset=utf-8")
        return redirect("opt_out", token)
    answer = fragment(
        request,
        "desks/public/opt_out.html",
        {
            "token": token,
            "purpose": TO_CUSTOMERS[Purpose(message.entry.purpose)],
            "is_out": answering.has_opted_out(message),
            "subject": message.subject,
        },
    )
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex"
    return answer
