"""How another way of routing is tried by itself (see promise/trying.py): the rule sends its cases to other departments."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guixin.organisation.models import Department, Person
from guixin.promise.effect import KeptShare
from guixin.promise.models import Clock, Proposal
from guixin.promise.trial_ways import CannotTry, kept_of
from guixin.promise.trying import Way, tried_by
from guixin.serve.models import Routing, RoutingRule, Task
from guixin.serve.ruling import publish_rule

Step = tuple[int, int, str]  # department id, stage, instruction

CONDITIONS = (
    "for_kind", "for_category", "for_product", "for_channel", "for_grade", "for_severity", "for_words",
)  # fmt: skip


def _rule(proposal: Proposal, chosen: Mapping[str, Any]) -> dict[str, Any] | None:
    rule, departments = chosen.get("rule"), chosen.get("departments")
    if rule is None or not departments:
        return None
    if rule.withdrawn_at is not None:
        raise CannotTry(_("This rule is not in force any more."))
    wanted = [each.pk for each in departments]
    then = [each.pk for each in chosen.get("afterwards") or ()]
    if both := set(wanted) & set(then):
        raise CannotTry(
            _("%s cannot be asked first and afterwards too.")
            % Department.objects.get(pk=min(both)).shown_name(_language())
        )
    steps = _steps(rule, wanted, then)
    if sorted(steps) == sorted(_steps_of(rule)):
        raise CannotTry(_("The rule sends its cases there already."))
    return {"rule": rule.code, "departments": wanted, "afterwards": then, "steps": steps}


def _language() -> str:
    return get_language() or "zh-hans"


def _steps_of(rule: RoutingRule) -> list[Step]:
    return [(step.department_id, step.stage, step.instruction) for step in rule.steps.all()]


def _steps(rule: RoutingRule, first: list[int], then: list[int]) -> list[Step]:
    """Each department is asked what the rule asks it, new ones what it asks the first. With nobody `then`, in the order the
    rule has them, new ones with the first stage; stages left empty are closed up."""
    before = _steps_of(rule)
    words = before[0][2] if before else ""
    asked = {pk: said for pk, _stage, said in reversed(before)}
    if then:
        return [
            *((pk, 1, asked.get(pk, words)) for pk in first),
            *((pk, 2, asked.get(pk, words)) for pk in then),
        ]
    kept = [step for step in before if step[0] in first]
    lowest = before[0][1] if before else 1
    steps = [*kept, *((pk, lowest, words) for pk in first if pk not in asked)]
    places = {stage: place for place, stage in enumerate(sorted({step[1] for step in steps}), 1)}
    return sorted(((pk, places[stage], said) for pk, stage, said in steps), key=lambda step: step[1])


def _in_force(code: str) -> RoutingRule | None:
    return RoutingRule.objects.filter(code=code, withdrawn_at=None).prefetch_related("steps").first()


def _published(rule: RoutingRule, steps: list[Step], by: Person | None, now: datetime) -> int:
    conditions = {name: getattr(rule, name) for name in CONDITIONS}
    return publish_rule(
        rule.code, name=rule.name, position=rule.position, steps=steps, by=by, now=now, **conditions
    ).number


def _apply(proposal: Proposal, change: dict[str, Any], by: Person | None, now: datetime) -> dict[str, Any]:
    """Cases that arrive from now on; those already routed stay where they are."""
    rule = _in_force(change["rule"])
    if rule is None:
        raise CannotTry(_("This rule is not in force any more."))
    before = _steps_of(rule)
    steps = _steps(rule, change["departments"], change.get("afterwards", []))
    return {"steps": before, "trial_number": _published(rule, steps, by, now)}


def _drop(proposal: Proposal, change: dict[str, Any], by: Person | None, now: datetime) -> None:
    rule = _in_force(change["rule"])
    if rule is not None and rule.number == change["was"]["trial_number"]:
        _published(rule, [tuple(step) for step in change["was"]["steps"]], by, now)


def _words(change: dict[str, Any]) -> str:
    rule = RoutingRule.objects.filter(code=change["rule"]).order_by("-number").first()
    steps = change.get("steps") or [[pk, 1, ""] for pk in change["departments"]]
    there = Department.objects.in_bulk([step[0] for step in steps])
    stages: dict[int, list[str]] = {}
    for pk, stage, _said in steps:
        stages.setdefault(stage, []).append(there[pk].shown_name(_language()))
    return _("“%(rule)s” sends its cases to %(departments)s") % {
        "rule": rule.name if rule else change["rule"],
        "departments": _(", then ").join(_(" and ").join(names) for names in stages.values()),
    }


def _share(
    proposal: Proposal, change: dict[str, Any], since: datetime, until: datetime, under_trial: bool
) -> KeptShare:
    """Promises of the tasks of those cases the rule gave out in the span."""
    fired = Routing.objects.filter(rule__code=change["rule"], at__gte=since, at__lt=until)
    tasks = Task.objects.filter(case__in=fired.values("case"))
    return kept_of(Clock.objects.filter(about_kind="task", about_id__in=tasks.values("pk")))


def _measure() -> str:
    return _("Promises of departments kept")


def offer() -> None:
    tried_by(Proposal.Kind.RULE, Way(_rule, _apply, _drop, _words, _share, _measure))
