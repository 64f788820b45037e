"""The complaint record (投诉处理单) as a PDF on A4, to be signed and sealed."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guixin.desks.dossier import Standing, standing
from guixin.desks.forms.orders import purchase_words
from guixin.desks.ladders import MEASURES, People, shown_pill
from guixin.desks.nouns import NOUNS
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.desks.timeline import CAUSES
from guixin.ledger.clock import database_now
from guixin.promise.models import Clock, Escalation, Extension
from guixin.serve.filling_in import ShownForm, current_form, shown_form
from guixin.serve.models import Attachment, Case, Message, Term
from guixin.serve.printing import print_record
from guixin.web import pdf
from guixin.web.refusals import Refused

PAPER = Path(__file__).resolve().parent.parent / "static" / "desks" / "paper.css"
WORDS_AT_MOST, LONGEST = 80, 4000  # what was said, newest first to go; characters of one text


@require_GET
@signed_in
def show(request: SignedIn, number: str) -> HttpResponse:
    """Print it masked, or in full for a reason. Looking at this page changes nothing."""
    case = NOUNS["case"].fetch(request.user, number)
    return page(request, "desks/record.html", {"case": case})


@require_http_methods(["GET", "POST"])
@signed_in
def as_pdf(request: SignedIn, number: str) -> HttpResponse:
    """A post, since that it was printed stands in the ledger; who follows an old link is asked first."""
    case, now = NOUNS["case"].fetch(request.user, number), database_now()
    if request.method == "GET":
        return redirect(f"/cases/{number}/record")
    in_full, reason = "in_full" in request.POST, request.POST.get("reason", "")
    try:
        with transaction.atomic():
            customer = print_record(case, by=request.user, in_full=in_full, reason=reason, now=now)
            content = paper(case, request.user, customer, now)
    except Refused as refusal:
        context = {"case": case, "refusal": str(refusal), "typed": reason}
        return page(request, "desks/record.html", context, status=422 if refusal.about_input else 409)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{case.number}.pdf"'
    answer["Cache-Control"] = "no-store, private"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def paper(case: Case, person: Any, customer: dict[str, Any] | None, now: datetime) -> bytes:
    """Text and tables of our own making: of what others wrote nothing but escaped characters reaches the renderer."""
    stand = standing(case, now)
    said = list(
        Message.objects.filter(case=case)
        .exclude(kind=Message.Kind.NOTE)  # among ourselves; paper leaves the house
        .select_related("by", "task__department")
        .order_by("-at", "-pk")[: WORDS_AT_MOST + 1]
    )
    closings = list(case.closings.select_related("by", "department").order_by("generation"))
    terms = {(each.list, each.code): str(each) for each in Term.objects.all()} if closings else {}
    extensions = Extension.objects.filter(case_id=case.pk).select_related("clock", "asked_by", "authority")
    html = render_to_string(
        "desks/paper.html",
        {
            "case": case,
            "customer": customer,
            "orders": [purchase_words(each.purchase) for each in case.named_purchases.standing()],
            "owner_title": People(now).title(case.owner_id),
            "promises": [
                (MEASURES.get(clock.measure, clock.measure), clock, shown_pill(clock, now))
                for clock in sorted(stand.clocks, key=lambda each: (each.started_at, each.pk))
                if clock.state != Clock.State.VOID
            ],
            "extensions": extensions.order_by("asked_at"),
            "raised": _raised(stand),
            "tasks": stand.tasks,
            "said": said[WORDS_AT_MOST - 1 :: -1] if len(said) > WORDS_AT_MOST else said[::-1],
            "more_was_said": len(said) > WORDS_AT_MOST,
            "closings": [
                (each, terms.get((Term.List.QUALITY_POINT, each.quality_point), each.quality_point),
                 terms.get((Term.List.CAUSE, each.cause), each.cause))
                for each in closings
            ],
            "filled": _filled(case, customer),
            "attachments": Attachment.objects.filter(case=case).select_related("by").order_by("at", "pk"),
            "code": code_of(f"{settings.BASE_URL}/cases/{case.number}"),
            "longest": LONGEST,
            "signatures": [_("Handled by"), _("Department head"), _("Customer service"), _("Customer")],
            "by": person,
            "now": now,
        },
    )  # fmt: skip
    return pdf.render(html, paper_style())


def _filled(case: Case, customer: dict[str, Any] | None) -> ShownForm | None:
    """The form of the case, its personal answers in full where the customer is: for the same reason, on record already."""
    filled = current_form(case)
    return shown_form(filled, revealed=bool(customer and customer["revealed"])) if filled else None


@cache
def paper_style() -> str:
    return PAPER.read_text(encoding="utf-8")


@dataclass(frozen=True)
class Code:
    """A QR code as one path of a drawing, so that the page holds no markup that somebody else made."""

    size: int
    path: str


def code_of(address: str) -> Code:
    rows = [list(row) for row in segno.make(address, error="m").matrix]
    cells = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return Code(len(rows), "".join(cells))


def _raised(stand: Standing) -> list[tuple[Escalation, Clock | None, Any, Any]]:
    """Each rung that was reached: whose promise, what it is called, and why; level 0 is the reminder before the deadline."""
    clocks = {clock.pk: clock for clock in stand.clocks}
    found = [(one, clocks.get(one.clock_id or 0)) for one in stand.escalations]
    return [
        (one, clock, MEASURES.get(clock.measure, clock.measure) if clock else "",
         CAUSES.get(one.cause, one.cause) if one.level else _("Reminder"))
        for one, clock in found
    ]  # fmt: skip
