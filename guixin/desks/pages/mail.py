"""Mail that waits for a decision, one mail, a look at it in a sandbox, and its original."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from guixin.channels.mail import page_of_mail, repairing, understanding
from guixin.channels.mail.reading import Letter, Unreadable
from guixin.channels.models import ReceivedMail
from guixin.desks.mail_words import shown as shown_mail
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation.access import get_visible_or_404, scope_of
from guixin.serve.models import Case
from guixin.serve.overview import sees_all
from guixin.serve.permitting import may_serve
from guixin.understand.masking import mask_email, mask_name
from guixin.web.refusals import Refused
from guixin.web.toasts import say

PAGE = 30
SHOWN_ORIGINAL = 500_000  # characters of an original in a page
STATES = ("quarantined", "discarded", "taken")
# A mail is looked at in a frame of its own: no script, no form, nothing fetched from anywhere but pictures asked for.
POLICY = "default-src 'none'; img-src {images}; style-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox"


@signed_in
@require_safe
def worklist(request: SignedIn) -> HttpResponse:
    _front_desk(request)
    wanted = request.GET.get("show", STATES[0])
    before = request.GET.get("before", "")
    if wanted not in STATES or (before and not (before.isdecimal() and len(before) < 19)):
        raise Http404
    mails = ReceivedMail.objects.filter(state=wanted).select_related("mailbox", "case").defer("raw")
    if before:
        mails = mails.filter(pk__lt=int(before))
    rows = list(mails.order_by("-pk")[: PAGE + 1])
    context = {
        "mails": [
            (each, f"{mask_name(each.sender_name)} {mask_email(each.sender)}".strip()) for each in rows[:PAGE]
        ],
        "before": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "show": wanted,
        "choices": list(zip(STATES, (_("To be looked at"), _("Discarded"), _("Taken in")), strict=True)),
    }
    return page(request, "desks/mail.html", context)


@signed_in
@require_safe
def show(request: SignedIn, pk: int) -> HttpResponse:
    return _answer(request, _mail(request, pk))


@signed_in
@require_safe
@xframe_options_sameorigin
def preview(request: SignedIn, pk: int) -> HttpResponse:
    """The mail itself, alone in a frame; with `?images` also pictures that its sender would see being fetched."""
    mail, images = _mail(request, pk), "images" in request.GET
    letter = _read(mail)
    context = {
        "html": page_of_mail.cleaned(letter.html, images=images) if letter and letter.html else "",
        "text": "\n\n".join(filter(None, (letter.text, letter.quoted))) if letter else _raw_words(mail),
    }
    answer = HttpResponse(render_to_string("desks/mail_preview.html", context, request))
    answer["Content-Security-Policy"] = POLICY.format(images="http: https:" if images else "'none'")
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "no-store, private"
    return answer


@signed_in
@require_POST
def original(request: SignedIn, pk: int) -> HttpResponse:
    """The bytes as they came; recorded, since they hold everything that is masked elsewhere."""
    mail = _mail(request, pk)
    raw = repairing.show_original(mail, by=request.user, now=database_now())
    words = raw.decode("utf-8", "replace").replace("\x00", "␀")
    context = {"mail": mail, "words": words[:SHOWN_ORIGINAL], "is_cut": len(words) > SHOWN_ORIGINAL}
    return page(request, "desks/mail_original.html", context)


@signed_in
@require_POST
def act(request: SignedIn, pk: int, name: str) -> HttpResponse:
    mail = _mail(request, pk)
    if name not in ACTS:
        raise Http404
    if name == "sender":
        if mail.case is None or not may_serve(mail.case, request.user):
            raise PermissionDenied(_("This is for whoever serves the case."))
    else:
        _front_desk(request)
    try:
        done = ACTS[name](request, mail)
    except Refused as refusal:
        mail.refresh_from_db()
        return _answer(request, mail, refusal=str(refusal), status=422 if refusal.about_input else 409)
    if done.case and done.state == ReceivedMail.State.TAKEN:
        say(request, _("Taken in: %s.") % done.case.number)
        return redirect("case", done.case.number)
    if done.state == ReceivedMail.State.QUARANTINED:
        messages.error(request, done.get_reason_display())
        return redirect("mail_one", pk)
    say(request, _("Done."))
    return redirect("mail")


def _make_case(request: SignedIn, mail: ReceivedMail) -> ReceivedMail:
    return repairing.make_case(mail, by=request.user, now=database_now())


def _put_to(request: SignedIn, mail: ReceivedMail) -> ReceivedMail:
    number = request.POST.get("number", "").strip()[:30]
    case = Case.objects.visible_to(request.user).filter(number=number).first()
    if case is None:
        raise repairing.SayWhy(_("There is no case %s.") % (number or "…"))
    return repairing.put_to(mail, case, by=request.user, now=database_now())


def _discard(request: SignedIn, mail: ReceivedMail) -> ReceivedMail:
    return repairing.discard(mail, request.POST.get("reason", ""), by=request.user, now=database_now())


def _again(request: SignedIn, mail: ReceivedMail) -> ReceivedMail:
    return repairing.try_again(mail, by=request.user, now=database_now())


def _sender(request: SignedIn, mail: ReceivedMail) -> ReceivedMail:
    return repairing.confirm_sender(mail, by=request.user, now=database_now())


ACTS: dict[str, Callable[[SignedIn, ReceivedMail], ReceivedMail]] = {
    "case": _make_case,
    "putting": _put_to,
    "discarding": _discard,
    "again": _again,
    "sender": _sender,
}


def _mail(request: SignedIn, pk: int) -> ReceivedMail:
    mails = ReceivedMail.objects.select_related("mailbox", "case", "hint", "message", "decided_by")
    return get_visible_or_404(mails, request.user, pk=pk)


def _front_desk(request: SignedIn) -> None:
    if not sees_all(scope_of(request.user)):
        raise PermissionDenied(_("Mail in quarantine is looked after by the front desk."))


def _read(mail: ReceivedMail) -> Letter | None:
    try:
        return understanding.letter_of(mail)
    except Unreadable:
        return None


def _raw_words(mail: ReceivedMail) -> str:
    return bytes(mail.raw[:20_000]).decode("utf-8", "replace").replace("\x00", "␀")


def _answer(request: SignedIn, mail: ReceivedMail, *, refusal: str = "", status: int = 200) -> HttpResponse:
    letter = _read(mail)
    images = "images" in request.GET
    context: dict[str, Any] = {
        "mail": mail,
        "shown": shown_mail(mail),
        "subject": mail.subject or (letter.subject if letter else ""),
        "files": [each.name for each in letter.files] if letter else [],
        "has_html": bool(letter and letter.html),
        "frame": reverse("mail_preview", args=[mail.pk]) + ("?images" if images else ""),
        "images": images,
        "may_repair": sees_all(scope_of(request.user)),
        "refusal": refusal,
        "typed": {"number": request.POST.get("number", ""), "reason": request.POST.get("reason", "")},
    }
    return page(request, "desks/mail_one.html", context, status=status)
