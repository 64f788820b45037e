"""How customers are graded, and what other currencies are worth."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guixin.desks.admin.access import administrators
from guixin.desks.admin.forms.grading import GradeRulesForm, RateForm
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.understand import grade_rules, rates
from guixin.understand.models import GradeRules, Grading, Rate
from guixin.web.money import firm_currency
from guixin.web.refusals import Refused
from guixin.web.toasts import say


@administrators
@require_http_methods(["GET", "POST"])
def rules(request: SignedIn) -> HttpResponse:
    """The draft, what it would change, the versions and the last gradings."""
    now = database_now()
    draft = grade_rules.draft(now)
    form, status = GradeRulesForm(request.POST or None, rules=draft), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                grade_rules.write_draft(form.changes(), by=request.user, now=now)
                return redirect("grading")
            except Refused as why:
                form.add_error(None, str(why))
    about = {
        "form": form,
        "draft": draft,
        "preview": grade_rules.preview(draft) if draft.pk else None,
        "versions": GradeRules.objects.exclude(number=None)
        .select_related("published_by")
        .order_by("-number")[:20],
        "gradings": Grading.objects.exclude(ended_at=None).select_related("rules").order_by("-pk")[:12],
        "now": now,
    }
    return page(request, "desks/admin/grading.html", about, status=status)


@administrators
@require_POST
def publish(request: SignedIn) -> HttpResponse:
    try:
        made = grade_rules.publish(by=request.user, now=database_now())
        say(request, _("Version %s is in force; a worker grades by it within minutes.") % made.number)
    except Refused as why:
        say(request, str(why))
    return redirect("grading")


@administrators
@require_POST
def drop(request: SignedIn) -> HttpResponse:
    grade_rules.drop_draft()
    say(request, _("The draft was dropped."))
    return redirect("grading")


@administrators
@require_http_methods(["GET", "POST"])
def currencies(request: SignedIn) -> HttpResponse:
    """Rates by day, and what is left out of value meanwhile."""
    form, status = RateForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                rates.set_rate(**form.cleaned_data, by=request.user, now=database_now())
                say(request, _("The rate holds from that day on; the next grading counts by it."))
                return redirect("rates")
            except Refused as why:
                form.add_error("currency", str(why))
    about = {
        "form": form,
        "rates": Rate.objects.select_related("set_by").order_by("currency", "-since")[:500],
        "left_out": _in_words(rates.left_out()),
        "own": firm_currency(),
        "now": database_now(),
    }
    return page(request, "desks/admin/rates.html", about, status=status)


def _in_words(left_out: dict[str, int]) -> list[tuple[str, int]]:
    words = {"no_customer": _("Without a customer"), "correction": _("Corrections of stock or books")}
    return [
        (words.get(reason) or _("No rate for %s on the day") % reason.removeprefix("no_rate_"), number)
        for reason, number in left_out.items()
    ]
