from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guixin.channels import private_link
from guixin.desks.forms.attach import WithFiles
from guixin.desks.forms.intake import LostLinkForm
from guixin.desks.ladders import level_words
from guixin.desks.rendering import fragment
from guixin.ledger.clock import database_now
from guixin.listen import asking_visitors
from guixin.serve import attaching, confirming, replying, tracking, visiting
from guixin.serve.models import Attachment, CallBack, CallBackLine, Case, Visit
from guixin.serve.visit_rules import rules_of
from guixin.web.rate import is_too_fast
from guixin.web.refusals import Refused

LONGEST = 5000
AT_MOST, WITHIN = 10, timedelta(hours=1)


def customers_case(number: str, token: str) -> Case:
    """The number alone opens nothing: without the secret part of the link there is no such page."""
    case = Case.objects.select_related("merged_into", "customer").filter(number=number).first()
    if case is None or not case.is_tracked_by(token):
        raise Http404
    return case


@require_GET
def show(request: HttpRequest, number: str, token: str) -> HttpResponse:
    return answer_with_progress(request, customers_case(number, token), token)


def answer_with_progress(
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
                {
                    "words": STEP_WORDS[step](),
                    "state": "done" if at < done else "now" if at == done else "later",
                    "at": progress.reached.get(step) if at <= done else None,
                }
                for at, step in enumerate(tracking.STEPS)
            ],
            "files": Attachment.objects.the_customer_may_see()
            .filter(case=case.merged_into or case)
            .order_by("at"),
            "add_form": WithFiles(prefix="addition", use_required_attribute=False),
            "calls": list(
                CallBack.objects.open().filter(case=case.merged_into or case).order_by("window_from")
            ),
            "rings_back": CallBackLine.objects.filter(is_open=True).exists(),
            "level": level_words(progress.level) if progress.level else "",
            "is_late": any(each.is_late and not each.done_at for each in progress.promises),
            "now": now,
            "refusal": refusal,
            "typed": typed,
            **_visit_of(case.merged_into or case, now),
        },
        status=status,
    )
    # The address is a secret, which no other site is told. Our own is: without any referrer Chromium sends the origin of
    # a form as null, and every act of the customer would be refused as forged.
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _visit_of(case: Case, now: datetime) -> dict[str, Any]:
    """What the visitors may know of their visit, where the case is one."""
    visit = Visit.objects.filter(case=case).select_related("host").first()
    if visit is None:
        return {}
    rules, language = rules_of(visit.rules_id), get_language() or "zh-hans"
    return {
        "visit": visit,
        "visit_purpose": rules.purpose(visit.purpose).shown(language),
        "visit_hours": visiting.hours(visit),
        "visit_agenda": visit.agenda.order_by("begins_at", "pk"),
        "visit_safety": rules.safety_in(language),
        "visit_asks": asking_visitors.is_asked(visit, now),
    }


@require_http_methods(["GET", "POST"])
def find_my_case(request: HttpRequest) -> HttpResponse:
    """The way back for whoever lost the link. The answer is the same whether anything was found."""
    form = LostLinkForm(request.POST or None)
    sent = False
    if request.method == "POST" and form.is_valid():
        if is_too_fast(request, "lost-link", at_most=AT_MOST, within=WITHIN):
            form.add_error(None, _("That was many in a short time. Please try again in an hour, or call us."))
        else:
            private_link.ask(**form.cleaned_data, now=database_now())
            sent, form = True, LostLinkForm()
    status = 422 if form.errors else 200
    context = {"form": form, "sent": sent, "can_mail": bool(settings.SMTP_URL)}
    return fragment(request, "desks/public/find_my_case.html", context, status=status)


STEP_WORDS: dict[str, Callable[[], str]] = {
    "received": lambda: _("Received"),
    "accepted": lambda: _("Taken up"),
    "working": lambda: _("Being worked on"),
    "confirm": lambda: _("For you to confirm"),
    "closed": lambda: _("Settled"),
    "followed_up": lambda: _("Followed up"),
}


def _said(verb: Callable[[Case, str, HttpRequest], str]) -> Callable[..., HttpResponse]:
    """A customer's act on the tracking page: the verb, or its refusal in words with the text kept."""

    @require_POST
    def answer(request: HttpRequest, number: str, token: str) -> HttpResponse:
        case, body = customers_case(number, token), request.POST.get("body", "").strip()[:LONGEST]
        try:
            with transaction.atomic():
                words = verb(case.merged_into or case, body, request)
        except Refused as refusal:
            status = 422 if refusal.about_input else 409
            return answer_with_progress(request, case, token, refusal=str(refusal), typed=body, status=status)
        messages.success(request, words)
        return redirect(f"/track/{number}/{token}")

    return answer


@_said
def add(case: Case, body: str, request: HttpRequest) -> str:
    """Words, photos, or both."""
    kept = attaching.keep(request.FILES.getlist("addition-attachments"))
    if kept:
        attaching.customer_attaches(case, kept, body=body, now=database_now())
    else:
        replying.customer_adds(case, body, now=database_now())
    return _("Thank you. We have added it.")


@_said
def urge(case: Case, body: str, request: HttpRequest) -> str:
    replying.customer_urges(case, now=database_now(), body=body)
    return _("We have told everybody at work on it that you are waiting.")


@_said
def confirm(case: Case, body: str, request: HttpRequest) -> str:
    confirming.customer_confirms(case, now=database_now(), comment=body)
    return _("Thank you for telling us.")


@_said
def dispute(case: Case, body: str, request: HttpRequest) -> str:
    was_open = case.is_open
    confirming.customer_objects(case, body, now=database_now())
    if was_open:
        return _("Thank you. The owner of your case reads it now.")
    return _("We have opened your case again, under the same number.")
