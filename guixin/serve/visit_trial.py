"""Rules for visits tried before they are published: how the visits of the last quarter would have been received by them."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from guixin.organisation.models import Person
from guixin.serve.models import Case, Visit
from guixin.serve.visit_applying import SOURCE
from guixin.serve.visit_rules import Rules

QUARTER = timedelta(days=92)
SHOWN = 10


@dataclass(frozen=True)
class OtherGrade:
    """A visit that would have been received by another grade; budgets in minor units of their currencies."""

    visit: Visit
    becomes: str
    budget: int


@dataclass
class Trial:
    """Of the visits applied for since then.

    decided    somebody decided over the rules; they would have had to again
    cost       what the receptions that stand in the currency of the rules might have cost, and would (minor units)
    refused    more people than are received at once, or less notice than is asked of customers
    unknown    the purpose is not among those of the rules
    others     the newest that the reader may see
    """

    since: datetime
    currency: str
    visits: int = 0
    decided: int = 0
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    cost: int = 0
    would_cost: int = 0
    too_many: int = 0
    too_soon: int = 0
    unknown: int = 0
    others: list[OtherGrade] = field(default_factory=list)

    @property
    def changed(self) -> int:
        return self.moves.total()


def try_on_the_last_quarter(rules: Rules, *, by: Person, now: datetime) -> Trial:
    """Nothing is changed. The customer's grade is the one their case was opened with."""
    trial = Trial(now - QUARTER, rules.currency)
    purposes = {each.code for each in rules.purposes}
    seen = set(
        Visit.objects.visible_to(by).filter(case__opened_at__gte=trial.since).values_list("pk", flat=True)
    )
    rows = Visit.objects.filter(case__opened_at__gte=trial.since).select_related("case")
    for visit in rows.order_by("-case__opened_at", "-pk"):
        trial.visits += 1
        trial.unknown += visit.purpose not in purposes
        trial.too_many += visit.people > rules.most_people
        trial.too_soon += _came_too_soon(visit, rules)
        if visit.graded_by_id is not None:
            trial.decided += 1
            continue
        grade, _number = rules.propose(visit.purpose, visit.case.grade or "", visit.people)
        if visit.currency == rules.currency:
            trial.cost, trial.would_cost = trial.cost + visit.budget, trial.would_cost + grade.budget
        if grade.code != visit.grade:
            trial.moves[visit.grade, grade.code] += 1
            if visit.pk in seen and len(trial.others) < SHOWN:
                trial.others.append(OtherGrade(visit, grade.code, grade.budget))
    return trial


def _came_too_soon(visit: Visit, rules: Rules) -> bool:
    """Customers by the form alone are asked for notice."""
    case: Case = visit.case
    if case.source != SOURCE:
        return False
    return (visit.wished_on - timezone.localtime(case.opened_at).date()).days < rules.days_ahead
