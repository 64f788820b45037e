"""Another way of routing on trial: cases that arrive go by it, until its end."""

import pytest

from guixin.promise import proposing, trying
from guixin.promise.trial_ways import CannotTry
from guixin.serve.models import RoutingRule, Task
from guixin.serve.ruling import publish_rule
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db


def departments_of(case) -> set[str]:
    return set(Task.objects.filter(case=case).values_list("department__code", flat=True))


def steps_of(code: str) -> list[tuple[str, int, str]]:
    rule = RoutingRule.objects.get(code=code, withdrawn_at=None)
    return list(rule.steps.values_list("department__code", "stage", "instruction"))


def tried(rule: RoutingRule, *departments, afterwards=()):
    proposal = proposing.propose(
        "rule", "换个顺序", "少走弯路", by=make.li(), now=make.NOON, department=make.front()
    )
    return proposing.try_out(
        proposal, until=make.at("18:00", day=20),
        chosen={"rule": rule, "departments": departments, "afterwards": afterwards}, by=make.he(), now=make.NOON,
    )  # fmt: skip


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


class TestTheOrder:
    @pytest.fixture(autouse=True)
    def in_two_stages(self):
        make.standards()
        steps = [(make.quality().pk, 1, "查明原因"), (make.logistics().pk, 2, "安排换货")]
        self.rule = publish_rule(
            "in-order",
            name="先查后换",
            position=1,
            steps=steps,
            by=make.he(),
            now=make.NOON,
            for_category="quality",
        )

    def test_of_the_rule_is_kept_and_what_each_is_asked(self):
        tried(self.rule, make.quality(), make.logistics(), make.front())

        assert steps_of("in-order") == [
            ("quality", 1, "查明原因"), ("front", 1, "查明原因"), ("logistics", 2, "安排换货"),
        ]  # fmt: skip

    def test_closes_up_where_a_stage_is_left_empty(self):
        tried(self.rule, make.logistics())

        assert steps_of("in-order") == [("logistics", 1, "安排换货")]

    def test_may_be_another(self):
        proposal = tried(self.rule, make.logistics(), afterwards=[make.quality()])

        assert steps_of("in-order") == [("logistics", 1, "安排换货"), ("quality", 2, "查明原因")]
        there = make.logistics(), make.quality()
        assert ", then ".join(each.shown_name("en") for each in there) in trying.words_of(proposal)
        trying.keep_up(make.at("18:00", day=20))
        assert steps_of("in-order") == [("quality", 1, "查明原因"), ("logistics", 2, "安排换货")]

    def test_that_it_has_already_is_no_trial(self):
        with pytest.raises(CannotTry, match="already"):
            tried(self.rule, make.quality(), make.logistics())
        with pytest.raises(CannotTry, match="first and afterwards"):
            tried(self.rule, make.quality(), afterwards=[make.quality()])
