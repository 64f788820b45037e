"""How visitors are received: one record with its versions, tried on the visits of the last quarter before it is published."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guixin.desks.admin.access import administrators
from guixin.desks.admin.acting import done
from guixin.desks.admin.forms.visit_rules import VisitRulesForm
from guixin.desks.pages.access import SignedIn
from guixin.desks.rendering import page
from guixin.ledger.clock import database_now
from guixin.organisation import in_force
from guixin.organisation.models import Person
from guixin.serve import visit_rules
from guixin.serve.models import VisitRules
from guixin.serve.visit_trial import Trial, try_on_the_last_quarter
from guixin.web import money
from guixin.web.toasts import say

SHOWN = 8  # of those who may approve


@administrators
@require_http_methods(["GET", "POST"])
def index(request: SignedIn) -> HttpResponse:
    """What holds, as a form. *See* tries it; *Publish* makes the next version."""
    now, row = database_now(), VisitRules.objects.order_by("-number").first()
    rules = visit_rules.rules_in_force()
    form = VisitRulesForm(
        request.POST or None, said=visit_rules.written(rules), number=row.number if row else None
    )
    trial: list[Trial] = []

    def act(said: dict[str, Any]) -> None:
        if "look" in request.POST:
            rules = visit_rules.read(form.said())
            trial.append(try_on_the_last_quarter(rules, by=request.user, now=now))
        else:
            visit_rules.publish(form.said(), by=request.user, now=now, read_at=said["read_at"] or 0)

    if request.method == "POST" and done(form, act) and not trial:
        say(request, _("Visits that are applied for from now on are received by these rules."))
        return redirect("visit_rules")
    versions = VisitRules.objects.select_related("published_by").order_by("-number")[:20]
    context = {
        "form": form,
        "row": row,
        "versions": versions,
        "trial": _shown(trial[0]) if trial else None,
        "approves": _who_approves(rules, now),
        "now": now,
    }
    return page(request, "desks/admin/visit_rules.html", context, status=422 if form.errors else 200)


def _shown(trial: Trial) -> dict[str, Any]:
    return {
        "said": trial,
        "moves": [(was, becomes, number) for (was, becomes), number in trial.moves.most_common()],
        "cost": money.shown(trial.cost, trial.currency),
        "would_cost": money.shown(trial.would_cost, trial.currency),
        "others": [
            (
                each,
                money.shown(each.visit.budget, each.visit.currency),
                money.shown(each.budget, trial.currency),
            )
            for each in trial.others
        ],
    }


def _who_approves(rules: visit_rules.Rules, now: datetime) -> list[tuple[str, list[str]]]:
    """By grade in force, whoever may approve such a visit without asking, those of lower rank first."""
    people = {
        grade.code: in_force.who_may("reception", rules.currency, now, amount=grade.budget)
        for grade in rules.grades
    }
    names = dict(
        Person.objects.filter(pk__in={pk for found in people.values() for pk in found}).values_list(
            "pk", "name"
        )
    )
    return [(code, [names[pk] for pk in found[:SHOWN]]) for code, found in people.items()]
