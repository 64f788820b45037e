"""Handing over: everything an absent colleague holds, to one or several others, in one act."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import ngettext

from guixin.desks.pages.access import SignedIn, signed_in
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation.models import Person
from guixin.serve import bulk_changes, handing_over
from guixin.serve.models import BulkChange
from guixin.web.refusals import Refused
from guixin.web.toasts import say


@signed_in
def choose(request: SignedIn) -> HttpResponse:
    """Whose work: the absent first, with how much they have open."""
    people = handing_over.whose_work(request.user, database_now())
    earlier = BulkChange.objects.visible_to(request.user).filter(act=BulkChange.Act.HAND_OVER)
    return page(
        request,
        "desks/handovers.html",
        {
            "absent": [each for each in people if each.absence or not each.person.is_active],
            "present": [each for each in people if not each.absence and each.person.is_active],
            "earlier": earlier.select_related("by").order_by("-pk")[:10],
        },
    )


@signed_in
def hand_over(request: SignedIn, login: str) -> HttpResponse:
    """To whom, with what each would get; a post does it. The deputy is proposed. `for_good=yes`: what they answer for too."""
    absent, now = get_object_or_404(Person, login=login), database_now()
    if not handing_over.may_hand_over(absent, request.user, now):
        raise Http404
    near = handing_over.receivers_for(absent, now)
    said = request.POST if request.method == "POST" else request.GET
    chosen = [each.person for each in near if each.person.login in said.getlist("to")]
    if not chosen and request.method == "GET":
        chosen = [each.person for each in near[:1]]
    refusal, plan, for_good = "", None, said.get("for_good") == "yes"
    try:
        if request.method == "POST":
            change = bulk_changes.hand_over_all(absent, chosen, by=request.user, now=now, for_good=for_good)
            return _went(request, absent, change)
        if chosen:
            plan = bulk_changes.plan_handing_over(absent, chosen, now=now, for_good=for_good)
    except Refused as wrong:
        refusal = str(wrong)
    shares = plan.shares() if plan else {}
    return page(
        request,
        "desks/handover.html",
        {
            "absent": absent,
            "near": near,
            "chosen": {person.pk for person in chosen},
            "refusal": refusal,
            "whole": plan.whole if plan else {},
            "shares": [
                (person, shares[person.pk], plan.besides(person.pk))
                for person in chosen
                if plan and person.pk in shares
            ],
            "for_good": for_good,
            "refused": len(plan.refused) if plan else 0,
            "why": sorted(set(plan.refused.values())) if plan else [],
        },
        status=422 if refusal and request.method == "POST" else 200,
    )


def _went(request: SignedIn, absent: Person, change: BulkChange) -> HttpResponse:
    if change.state != BulkChange.State.DONE:
        return redirect(f"/bulk/{change.pk}")
    done = change.items.filter(state="done").count()
    words = ngettext(
        "%(n)s piece of work of %(name)s was handed over.",
        "%(n)s pieces of work of %(name)s were handed over.",
        done,
    )
    say(request, words % {"n": done, "name": absent.name}, undo=f"/bulk/{change.pk}/undoing")
    return redirect(f"/bulk/{change.pk}" if change.items.filter(state="refused").exists() else "/handovers")
