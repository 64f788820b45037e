"""The answers to a price study: typed in one after the other, left as a file, read, struck out; what was sold beside."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guixin.channels.importing import jobs
from guixin.desks.admin.acting import did, done
from guixin.desks.admin.forms.imports import FileForm
from guixin.desks.forms.price import AnswerForm, SoldForm
from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.pages.prices import answer as show_study
from guixin.desks.pages.prices import editors, fetch
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.understand import pricing, taking_in_prices
from guixin.understand.models import Customer, PriceAnswer, PriceStudy
from guixin.understand.price_questions import LIKELIHOODS, LIKELY, PRICES
from guixin.web import money
from guixin.web.refusals import Refused
from guixin.web.toasts import say

SHOWN = 50
WHICH = ("all", "used", "inconsistent", "struck")


@signed_in
@require_POST
def note(request: SignedIn, code: str) -> HttpResponse:
    """One answer, by whoever may see the study: it is asked on the phone and at the counter too."""
    study = fetch(request, code)
    form = AnswerForm(request.POST, study=study, person=request.user)
    if done(form, lambda said: _noted(study, said, request)):
        return redirect(f"{reverse('price_study', args=[study.code])}#answer")
    return show_study(request, study, status=422, more={"answer_form": form})


def _noted(study: PriceStudy, said: dict[str, Any], request: SignedIn) -> None:
    too_cheap, cheap, expensive, too_expensive = (said[name] for name in PRICES)
    given = taking_in_prices.Given(
        1, (too_cheap, cheap, expensive, too_expensive), said["buys_cheap"],
        said["buys_expensive"], customer_id=said["customer_id"], answered_on=said["answered_on"],
    )  # fmt: skip
    made = taking_in_prices.note(study, given, by=request.user, now=database_now())
    if made.is_consistent:
        say(request, _("The answer is noted. The next one?"))
    else:
        messages.warning(request, str(taking_in_prices.OUT_OF_ORDER))


@signed_in
@require_safe
def listed(request: SignedIn, code: str) -> HttpResponse:
    """?which=used, inconsistent or struck: exactly the answers counted in one number, the newest first."""
    study = fetch(request, code)
    which, before = request.GET.get("which", "all"), request.GET.get("before", "")
    if which not in WHICH:
        raise Http404
    rows = study.answers.all()
    if which != "all":
        rows = {"used": rows.consistent, "inconsistent": rows.inconsistent, "struck": rows.struck}[which]()
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    some = list(rows.select_related("noted_by", "struck_by").order_by("-pk")[: SHOWN + 1])
    people = Customer.objects.visible_to(request.user).prefetch_related("identities")
    known = people.in_bulk({each.customer_id for each in some if each.customer_id})
    context = {
        "study": study,
        "name": study.shown_name(get_language() or "zh-hans"),
        "which": which,
        "choices": [
            ("all", _("All")), ("used", _("Counted")), ("inconsistent", _("Inconsistent")), ("struck", _("Struck out")),
        ],
        "rows": [_shown(each, study, known.get(each.customer_id or 0), request) for each in some[:SHOWN]],
        "before": some[SHOWN - 1].pk if len(some) > SHOWN else None,
        "may_edit": pricing.may_edit(study, request.user),
    }  # fmt: skip
    return page(request, "desks/prices/answers.html", context)


def _shown(
    each: PriceAnswer, study: PriceStudy, customer: Customer | None, request: SignedIn
) -> dict[str, Any]:
    likely = [LIKELY.get(getattr(each, name) or 0, "–") for name in LIKELIHOODS]
    return {
        "answer": each,
        "prices": [money.shown(price, study.currency) for price in each.prices],
        "likely": likely if each.buys_cheap else [],
        "customer": customer.shown_to(request.user) if customer else None,
    }


@editors
@require_POST
def strike_out(request: SignedIn, study: PriceStudy, pk: int) -> HttpResponse:
    made = study.answers.filter(pk=pk).first()
    if made is None:
        raise Http404
    made.study = study
    return did(
        request,
        lambda: taking_in_prices.strike_out(
            made, request.POST.get("why", ""), by=request.user, now=database_now()
        ),
        _("The answer is struck out; it stays to be read."),
        where=reverse("price_answers", args=[study.code]),
    )


@editors
@require_POST
def leave_file(request: SignedIn, study: PriceStudy) -> HttpResponse:
    """A file of answers: on to the columns, as with every import."""
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = jobs.leave(
                file.file, file.name, "prices", by=request.user, now=database_now(), source=study.code
            )
            return redirect("import_columns", run.pk)
        except Refused as why:
            form.add_error("file", str(why))
    return show_study(request, study, status=422, more={"file_form": form})


@editors
@require_POST
def sold(request: SignedIn, study: PriceStudy) -> HttpResponse:
    form = SoldForm(request.POST, study=study)
    now = database_now()
    if done(form, lambda said: pricing.observe(study, **said, by=request.user, now=now)):
        say(request, _("The sale is noted."))
        return redirect(f"{reverse('price_study', args=[study.code])}#sold")
    return show_study(request, study, status=422, more={"sold_form": form})


@editors
@require_POST
def not_sold(request: SignedIn, study: PriceStudy, pk: int) -> HttpResponse:
    """The row was a slip of the pen."""
    row = study.observations.select_related("study").filter(pk=pk).first()
    if row is None:
        raise Http404
    return did(
        request,
        lambda: pricing.forget_observation(row, by=request.user, now=database_now()),
        _("The sale is taken away."),
        where=f"{reverse('price_study', args=[study.code])}#sold",
    )
