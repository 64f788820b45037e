from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guixin.desks.ladders import level_words
from guixin.desks.rendering import fragment
from guixin.ledger.clock import database_now
from guixin.serve import confirming, replying, tracking
from guixin.serve.models import Case
from guixin.web.refusals import Refused

LONGEST = 5000


def _fetch(number: str, token: str) -> Case:
    """The number alone opens nothing: without the secret part of the link there is no such page."""
    case = Case.objects.select_related("merged_into", "customer").filter(number=number).first()
    if case is None or not case.is_tracked_by(token):
        raise Http404
    return case


@require_GET
def show(request: HttpRequest, number: str, token: str) -> HttpResponse:
    return _answer(request, _fetch(number, token), token)


def _answer(
    request: HttpRequest, case: Case, token: str, *, refusal: str = "", typed: str = "", status: int = 200
) -> HttpResponse:
    now = database_now()
    progress = tracking.progress(case, now=now)
    done = tracking.STEPS.index(progress.step)
    answer = fragment(
        request,
        "desks/public/track.html",
        {
            "case": case,
            "is_open": (case.merged_into or case).is_open,
            "token": token,
            "progress": progress,
            "steps": [
                (STEP_WORDS[step](), "done" if at < done else "now" if at == done else "later")
                for at, step in enumerate(tracking.STEPS)
            ],
            "level": level_words(progress.level) if progress.level else "",
            "is_late": any(each.is_late and not each.done_at for each in progress.promises),
            "now": now,
            "refusal": refusal,
            "typed": typed,
        },
        status=status,
    )
    answer["Referrer-Policy"] = "no-referrer"  # the address is a secret
    answer["X-Robots-Tag"] = "noindex"
    return answer


STEP_WORDS: dict[str, Callable[[], str]] = {
    "received": lambda: _("Received"),
    "accepted": lambda: _("Taken up"),
    "working": lambda: _("Being worked on"),
    "confirm": lambda: _("For you to confirm"),
    "closed": lambda: _("Settled"),
    "followed_up": lambda: _("Followed up"),
}


def _said(verb: Callable[[Case, str], str]) -> Callable[..., HttpResponse]:
    """A customer's act on the tracking page: the verb, or its refusal in words with the text kept."""

    @require_POST
    def answer(request: HttpRequest, number: str, token: str) -> HttpResponse:
        case, body = _fetch(number, token), request.POST.get("body", "").strip()[:LONGEST]
        try:
            with transaction.atomic():
                words = verb(case.merged_into or case, body)
        except Refused as refusal:
            status = 422 if refusal.about_input else 409
            return _answer(request, case, token, refusal=str(refusal), typed=body, status=status)
        messages.success(request, words)
        return redirect(f"/track/{number}/{token}")

    return answer


@_said
def add(case: Case, body: str) -> str:
    replying.customer_adds(case, body, now=database_now())
    return _("Thank you. We have added it.")


@_said
def urge(case: Case, body: str) -> str:
    replying.customer_urges(case, now=database_now(), body=body)
    return _("We have told everybody at work on it that you are waiting.")


@_said
def confirm(case: Case, body: str) -> str:
    confirming.customer_confirms(case, now=database_now(), comment=body)
    return _("Thank you for telling us.")


@_said
def dispute(case: Case, body: str) -> str:
    was_open = case.is_open
    confirming.customer_objects(case, body, now=database_now())
    if was_open:
        return _("Thank you. The owner of your case reads it now.")
    return _("We have opened your case again, under the same number.")
