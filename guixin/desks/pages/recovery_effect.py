"""Did it work: what followed recoveries beside comparable cases and customers, with its uncertainty, never as cause."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.recover import effect
from guixin.recover.comparing import LEAST
from guixin.recover.models import EffectCount
from guixin.serve.models import Case
from guixin.serve.overview import may_oversee
from guixin.web.toasts import say


@dataclass(frozen=True)
class Shown:
    """One comparison as a row: who with whom, both shares, their difference, and what may be said of it."""

    title: Any
    first: Any
    second: Any
    figures: dict[str, Any]

    @property
    def share(self) -> str:
        return percent(self.figures["share"])

    @property
    def other_share(self) -> str:
        return percent(self.figures["other_share"])

    @property
    def difference(self) -> str:
        if not self.figures["difference"]:
            return "–"
        apart, low, high = (each * 100 for each in self.figures["difference"])
        return _("%(apart)s points (%(low)s to %(high)s)") % {
            "apart": f"{apart:+.1f}", "low": f"{low:+.1f}", "high": f"{high:+.1f}",
        }  # fmt: skip

    @property
    def verdict(self) -> str:
        return {
            "too_few": _("Not enough to tell: fewer than %(least)s comparable on one side.") % {"least": LEAST},
            "inside": _("No difference that chance could not make."),
            "higher": _("Higher than among comparable ones, beyond chance. That is no proof that recovery caused it."),
            "lower": _("Lower than among comparable ones, beyond chance. That is no proof that recovery caused it."),
        }[self.figures["verdict"]]  # fmt: skip


def percent(share: list[float] | None) -> str:
    if not share:
        return "–"
    middle, low, high = (f"{each * 100:.1f}" for each in share[-3:])
    return _("%(share)s %% (%(low)s to %(high)s)") % {"share": middle, "low": low, "high": high}


def _must_oversee(request: SignedIn) -> None:
    """For others there is nothing to look after."""
    if not may_oversee(request.user):
        raise Http404


@signed_in
@require_safe
def show(request: SignedIn) -> HttpResponse:
    _must_oversee(request)
    count = effect.latest()
    context: dict[str, Any] = {
        "count": count,
        "waits": EffectCount.objects.filter(counted_at=None).exists(),
        "now": database_now(),
    }
    if count and count.figures:
        context |= _shown(count, count.figures)
    return page(request, "desks/recovery_effect.html", context)


def _shown(count: EffectCount, figures: dict[str, Any]) -> dict[str, Any]:
    said, again = figures["satisfaction"], figures["again"]
    ways = (("follow_up", _("By follow-up")), ("survey", _("By survey")))
    recovered = _("Recovered")
    return {
        "satisfaction": [
            Shown(words, recovered, _("Complaints without recovery"), said[way]["all"]) for way, words in ways
        ],
        "severities": [
            {
                "words": words,
                "rows": [
                    (
                        Case.Severity(each["severity"]).label,
                        each["recovered"][0] if each["recovered"] else 0,
                        percent(each["recovered"]),
                        each["without"][0] if each["without"] else 0,
                        percent(each["without"]),
                    )
                    for each in said[way]["severities"]
                ],
            }
            for way, words in ways
        ],
        "again": [
            Shown(_("Against no complaint"), recovered, _("Customers who never complained"), again["never"]),
            Shown(_("Against no recovery"), recovered, _("Complained, without recovery"), again["without"]),
        ],
        "said_from": datetime.fromisoformat(said["from"]),
        "said_to": datetime.fromisoformat(said["to"]),
        "again_from": datetime.fromisoformat(again["from"]),
        "again_to": datetime.fromisoformat(again["to"]),
        "follow_ups": figures["follow_ups"],
        "follow_ups_share": percent(figures["follow_ups"]),
    }


@signed_in
@require_POST
def again(request: SignedIn) -> HttpResponse:
    """Have it counted again, by a worker."""
    _must_oversee(request)
    effect.ask(database_now())
    say(request, _("It is counted again; look here in a minute."))
    return redirect("recovery_effect")
