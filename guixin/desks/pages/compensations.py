"""What customers are given, over all cases: the list with its sums by currency, the file for finance, and one of them."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from guixin.channels import compensation_sheet
from guixin.channels.exporting.writing import MEDIA_TYPES, file_name
from guixin.desks.acts import Offer, Reader, asked_for_alone, form_alone, offers, with_refused
from guixin.desks.in_kind import price_words
from guixin.desks.lists import Lists
from guixin.desks.nouns import NOUNS, shown_by
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.recover import compensation
from guixin.recover.models import RecoveryStep
from guixin.recover.wanted import Wanted
from guixin.serve import queues
from guixin.serve.models import Case, Goodwill
from guixin.web import money
from guixin.web.downloads import download
from guixin.web.refusals import Refused


@signed_in
@require_safe
def listed(request: SignedIn) -> HttpResponse:
    """Newest first, narrowed by `?state=`, `kind`, `department`, `currency`, `from` and `to`."""
    person, wanted = request.user, Wanted.read(request.GET)
    rows = compensation.chosen(person, wanted)
    seen = rows.select_related("case", "by", "request__to_person")
    found = queues.page_of(queues.Listed(seen, order=("-at",)), request.GET.get("after"))
    sees_all = compensation.sees_all(person)
    return page(
        request,
        "desks/compensations.html",
        {
            "rows": [(row, money.shown(row.amount, row.currency)) for row in found.rows],
            "totals": [
                (each, each.shown("asked"), each.shown("promised"), each.shown("given"), each.shown("in_all"))
                for each in compensation.totals(rows)
            ],
            "balances": [
                (each, *(money.shown(sum_, each.currency) for sum_ in (each.promised, each.used, each.in_ledger)))
                for each in (compensation.balances() if sees_all else ())
            ],
            "mismatches": [_named(each) for each in (compensation.mismatches() if sees_all else ())],
            "sees_all": sees_all,
            "wanted": wanted,
            "states": Goodwill.State.choices,
            "kinds": Goodwill.Kind.choices,
            "departments": Lists().departments()[1:],
            "department": str(wanted.department_id or ""),
            "narrowed": wanted.as_address(),
            "after": found.after,
            "is_first": "after" not in request.GET,
            "now": database_now(),
        },
    )  # fmt: skip


def _named(each: compensation.Mismatch) -> dict[str, str]:
    goodwill, use = each.goodwill, each.use
    return {
        "address": f"/goodwill/{goodwill.pk}" if goodwill else "",
        "what": f"{goodwill.case.number} · {goodwill.pk}" if goodwill else f"{use.about_id}" if use else "",
        "promised": money.shown(goodwill.amount, goodwill.currency) if goodwill else "",
        "used": money.shown(use.amount, use.currency) if use and use.returned_at is None else "",
    }


@signed_in
@require_POST
def as_file(request: SignedIn) -> HttpResponseBase:
    """The rows as they are narrowed, for finance; it stands in the ledger."""
    form, now = request.POST.get("as", ""), database_now()
    try:
        made = compensation_sheet.write(Wanted.read(request.GET), form, by=request.user, now=now)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("compensations")
    return download(made, MEDIA_TYPES[form], file_name("compensations", form, now))


@signed_in
@require_safe
def one(request: SignedIn, pk: str) -> HttpResponse:
    goodwill = NOUNS["goodwill"].fetch(request.user, pk)
    if asked_for_alone(request):
        reader = Reader.of(request)
        found = offers("goodwill", goodwill, reader)
        return form_alone(request, next((each for each in found if each.name == reader.wanted), None), {})
    return answer_with_goodwill(request, goodwill)


@shown_by("goodwill")
def answer_with_goodwill(
    request: SignedIn, goodwill: Goodwill, refused: Offer | None = None, status: int = 200
) -> HttpResponse:
    groups = {"acts": offers("goodwill", goodwill, Reader.of(request, refused))}
    step = RecoveryStep.objects.filter(goodwill=goodwill).first()
    return page(
        request,
        "desks/compensation.html",
        {
            "goodwill": goodwill,
            "sum": money.shown(goodwill.amount, goodwill.currency),
            "case": Case.objects.visible_to(request.user).filter(pk=goodwill.case_id).first(),
            "price": price_words(goodwill.case),
            "step": step,
            "acts": with_refused(groups, "acts", refused)["acts"],
            "here": f"/goodwill/{goodwill.pk}",
            "now": database_now(),
        },
        status=status,
    )
