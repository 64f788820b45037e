"""Another way of routing on trial: cases that arrive go by it, until its end."""

import pytest

from guixin.promise import proposing, trying
from guixin.serve.models import RoutingRule, Task
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db


def departments_of(case) -> set[str]:
    return set(Task.objects.filter(case=case).values_list("department__code", flat=True))


def test_a_rule_sends_its_cases_elsewhere_until_the_trial_ends():
    make.standards()
    rule = make.rules()["quality"]
    proposal = proposing.propose(
        "rule", "色差直接给质量", "物流只是转手", by=make.li(), now=make.NOON, department=make.front()
    )
    tried = proposing.try_out(
        proposal, until=make.at("18:00", day=20), chosen={"rule": rule, "departments": [make.quality()]},
        by=make.he(), now=make.NOON,
    )  # fmt: skip
    assert departments_of(make.case(category="quality", now=make.at("13:00"))) == {"quality"}

    assert trying.keep_up(make.at("18:00", day=20))

    assert departments_of(make.case(category="quality", now=make.at("18:01", day=20))) == {
        "quality",
        "logistics",
    }
    now = RoutingRule.objects.get(code="quality", withdrawn_at=None)
    assert [step.instruction for step in now.steps.all()] == ["查明原因", "查运输"]
    assert rule.name in trying.words_of(tried)
