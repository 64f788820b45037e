"""The rule builder: conditions in rows, what they mean in a sentence, and how many customers that would be."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guixin.desks.forms.segment_rule import RuleForm
from guixin.desks.pages.access import SignedIn
from guixin.desks.pages.segments import editors
from guixin.desks.rendering import fragment, page
from guixin.ledger.clock import database_now
from guixin.organisation.access import scope_of
from guixin.serve.overview import sees_all
from guixin.understand import segmenting
from guixin.understand.models import Segment
from guixin.understand.previewing import Preview, preview
from guixin.understand.rules import CannotFollow, checked, in_words
from guixin.web import money
from guixin.web.refusals import Refused
from guixin.web.toasts import say


@editors
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, segment: Segment) -> HttpResponse:
    """A post with `do=keep` keeps the draft; any other shows the form as it is now, with its preview."""
    if request.method == "GET":
        in_force = segment.versions.filter(withdrawn_at=None).first()
        rule = segment.draft or (in_force.rule if in_force else None)
        form = RuleForm.of_rule(rule, segment)
        return _answer(request, segment, form, says_what_is_wrong=bool(rule))
    form = RuleForm.of_post(request.POST, segment)
    if request.POST.get("do") != "keep":
        return _answer(request, segment, form)
    seen = request.POST.get("version", "")
    try:
        segmenting.keep_draft(
            segment, form.rule(), read_at_version=int(seen) if seen.isdecimal() and len(seen) < 10 else 0,
            by=request.user, now=database_now(),
        )  # fmt: skip
    except CannotFollow:
        return _answer(request, segment, form, status=422)
    except Refused as refusal:
        return _answer(request, segment, form, refusal=str(refusal), status=409)
    say(request, _("The draft says so now. It changes nothing until it is published."))
    return redirect("segment", code=segment.code)


def _answer(
    request: SignedIn, segment: Segment, form: RuleForm, *, refusal: str = "", status: int = 200,
    says_what_is_wrong: bool = True,
) -> HttpResponse:  # fmt: skip
    """The form with its sentence and preview, or with what is still wrong with it."""
    context: dict[str, Any] = {"segment": segment, "form": form, "refusal": refusal, "now": database_now()}
    try:
        rule = checked(form.rule(), code=segment.code)
        context |= {"sentence": in_words(rule), "preview": _shown(request, segment, rule, context["now"])}
    except CannotFollow as wrong:
        if says_what_is_wrong and not form.blame(wrong):
            context["refusal"] = refusal or str(wrong)
    except Refused as late:
        context["too_late"] = str(late)
    if request.htmx:
        return fragment(request, "desks/_segment_rule.html", context, status=status)
    return page(request, "desks/segment_rule.html", context, status=status)


def _shown(request: SignedIn, segment: Segment, rule: dict[str, Any], now: Any) -> dict[str, Any]:
    seen = preview(rule, segment=segment, now=now)
    currency = money.firm_currency()
    named = sees_all(scope_of(request.user))
    return {
        "counted": seen,
        "share": f"{100 * seen.share:.1f} %" if seen.share is not None else "",
        "share_of_value": f"{100 * seen.share_of_value:.1f} %" if seen.share_of_value is not None else "",
        "net": money.shown(seen.net, currency, rounded=True),
        "average": money.shown(seen.average, currency) if seen.average is not None else "",
        "sample": [each.shown_to(request.user) for each in seen.sample] if named else [],
        "estimated": _estimated(seen),
    }


def _estimated(seen: Preview) -> str:
    """That these figures were not counted, and how far off they may be; empty where they were."""
    if seen.drawn is None or seen.between is None:
        return ""
    low, high = seen.between
    return _(
        "Estimated, since counting all %(everybody)s customers takes too long just now: %(drawn)s were drawn by lot. "
        "19 times out of 20 there are %(low)s to %(high)s of them."
    ) % {
        "everybody": f"{seen.everybody:,}",
        "drawn": f"{seen.drawn:,}",
        "low": f"{low:,}",
        "high": f"{high:,}",
    }
