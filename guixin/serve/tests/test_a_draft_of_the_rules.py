"""Routing rules as a draft: tried on real cases, published together, taken back."""

import pytest

from guixin.serve import drafting
from guixin.serve.models import RoutingRule, RuleDraft
from guixin.serve.routing import rules_in_force
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db


def draft() -> RuleDraft:
    make.rules()
    return drafting.begin_draft(by=make.wang(), now=make.NOON)


def without_logistics(current: RuleDraft) -> RuleDraft:
    rule = current.rules[0] | {"steps": current.rules[0]["steps"][:1]}
    return drafting.put_rule(current, rule, by=make.wang(), now=make.NOON)


class TestADraft:
    def test_begins_as_the_rules_in_force(self):
        assert [rule["code"] for rule in draft().rules] == ["quality", "installation"]

    def test_changes_nothing_before_it_is_published(self):
        without_logistics(draft())

        assert rules_in_force()[0].steps.count() == 2

    def test_takes_the_latest_edit_back(self):
        current = without_logistics(draft())

        current = drafting.step_back(current, by=make.wang(), now=make.NOON)

        assert drafting.differences(current)["changed"] == []

    def test_that_somebody_else_edited_is_not_overwritten(self):
        mine, theirs = draft(), drafting.current_draft()
        drafting.drop_rule(theirs, "installation", by=make.li(), now=make.NOON)

        with pytest.raises(drafting.DraftMoved):
            drafting.drop_rule(mine, "quality", by=make.wang(), now=make.NOON)

    def test_needs_a_department_in_every_rule(self):
        current = draft()

        with pytest.raises(drafting.CannotRoute, match="department"):
            drafting.put_rule(current, current.rules[0] | {"steps": []}, by=make.wang(), now=make.NOON)


class TestTryingADraft:
    def test_names_the_cases_that_would_go_elsewhere(self):
        changed = make.case()
        make.case(category="installation", subject="装不上")

        trial = drafting.try_draft(without_logistics(draft()), days=30, now=make.NOON)

        assert trial.looked_at == 2
        (only,) = trial.changes
        assert only.number == changed.number
        assert only.old == (make.quality().pk, make.logistics().pk)
        assert only.new == (make.quality().pk,)

    def test_says_when_nobody_would_have_it(self):
        make.case()

        current = drafting.drop_rule(draft(), "quality", by=make.wang(), now=make.NOON)

        assert drafting.try_draft(current, days=30, now=make.NOON).flows()[0][1] == ()

    def test_looks_into_words_of_the_story(self):
        make.case(category="delivery", story="拉链褪色了")
        rule = draft().rules[0] | {"code": "fading", "for_category": "", "for_words": ["褪色"]}

        current = drafting.put_rule(drafting.current_draft(), rule, by=make.wang(), now=make.NOON)

        assert len(drafting.try_draft(current, days=30, now=make.NOON).changes) == 1

    def test_asks_the_same_number_of_questions_however_many_cases(self, django_assert_max_num_queries):
        for _ in range(3):
            make.case()
        current = without_logistics(draft())

        with django_assert_max_num_queries(6):
            drafting.try_draft(current, days=30, now=make.NOON)


class TestPublishingADraft:
    def test_gives_a_new_version_only_to_what_changed(self):
        drafting.publish_draft(without_logistics(draft()), by=make.wang(), now=make.NOON)

        assert {rule.code: rule.number for rule in rules_in_force()} == {"quality": 2, "installation": 1}
        assert RoutingRule.objects.get(code="quality", number=2).published_by == make.wang()
        assert drafting.current_draft() is None

    def test_withdraws_what_was_left_out_and_keeps_the_order(self):
        current = drafting.move_rule(draft(), "installation", -1, by=make.wang(), now=make.NOON)

        drafting.publish_draft(current, by=make.wang(), now=make.NOON)
        assert [rule.code for rule in rules_in_force()] == ["installation", "quality"]

        current = drafting.begin_draft(by=make.wang(), now=make.NOON)
        current = drafting.drop_rule(current, "quality", by=make.wang(), now=make.NOON)
        drafting.publish_draft(current, by=make.wang(), now=make.at("13:00"))
        assert [rule.code for rule in rules_in_force()] == ["installation"]

    def test_goes_back_to_the_rules_of_an_earlier_instant(self):
        drafting.publish_draft(without_logistics(draft()), by=make.wang(), now=make.NOON)

        current = drafting.begin_draft(by=make.wang(), now=make.at("13:00"), as_of=make.at("11:00"))
        drafting.publish_draft(current, by=make.wang(), now=make.at("13:00"))

        assert rules_in_force()[0].steps.count() == 2
        assert drafting.editions()[0].at == make.at("13:00")

    def test_that_says_nothing_new_is_refused(self):
        with pytest.raises(drafting.CannotRoute, match="nothing to publish"):
            drafting.publish_draft(draft(), by=make.wang(), now=make.NOON)


class TestPlacesOfRules:
    @pytest.mark.parametrize(
        ("old", "places"),
        [
            ([10, 20], [10, 20]),
            ([10, None, 20, 30], [10, 15, 20, 30]),
            ([30, 10, 20], [5, 10, 20]),
            ([10, None, 11], [10, 20, 30]),
            ([None, None], [10, 20]),
            ([20, 30, 10], [20, 30, 40]),
        ],
    )
    def test_leave_as_many_as_possible_where_they_were(self, old, places):
        assert drafting._places(old) == places
