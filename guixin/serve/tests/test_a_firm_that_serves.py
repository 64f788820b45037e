"""Standards, terms, routing and policy from the firm's file."""

import tomllib

import pytest

from guixin.organisation import firm
from guixin.promise.models import Clock, Standard, StandardVersion
from guixin.serve.models import Policy, RoutingRule, Term
from guixin.serve.routing import rule_for
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db

FIRM = """
[standards.reply]
measure = "reply"
name = "24小时答复"
name_en = "Reply within 24 hours"
owner = "front"
budget = "24h"
calendar = "always"
warn = "75%"
ladder = ["24h", "3d"]
repeat = "1d"
promise = "24小时内答复"
remedy = "超时赔付"
for = { kind = "complaint", severity = 2 }

[standards.accept]
measure = "accept"
name = "接单"
budget = "30m"
repeat = "never"
warn = "never"

[terms.categories]
quality = "质量"
"quality/colour" = { name = "色牢度", name_en = "Colour fastness" }
[terms.quality_points]
colour = "颜色"
[terms.causes]
material = "材料"

[routing.colour]
name = "色牢度投诉"
for = { kind = "complaint", category = "quality/colour", words = ["褪色"] }
steps = [{ department = "logistics", stage = 2, instruction = "查运输" }, "quality"]

[policy]
repeat_within_days = 60
send_back_within = "90m"
urge_every = "12h"
"""


@pytest.fixture(autouse=True)
def _firm():
    make.firm()


def load(text=FIRM):
    return firm.load_written(tomllib.loads(text), file="firm.toml", now=make.NOON)


class TestAFirmThatServes:
    def test_is_as_the_file_says(self):
        load()

        reply = StandardVersion.objects.get(standard__code="reply")
        assert (reply.number, reply.budget_minutes, reply.warn_percent) == (1, 1440, 75)
        assert (reply.ladder_minutes, reply.repeat_minutes) == ([1440, 4320], 1440)
        assert (reply.for_kind, reply.for_severity, reply.remedy) == ("complaint", 2, "超时赔付")
        accept = StandardVersion.objects.get(standard__code="accept")
        assert (accept.budget_minutes, accept.warn_percent, accept.repeat_minutes) == (30, None, None)
        assert Term.objects.get(code="quality/colour").name_en == "Colour fastness"
        steps = RoutingRule.objects.get(code="colour").steps.values_list("stage", "department__code")
        assert list(steps) == [(1, "quality"), (2, "logistics")]
        policy = Policy.objects.get()
        assert (policy.repeat_within_days, policy.send_back_within_minutes) == (60, 90)
        assert (policy.urge_every_hours, policy.follow_up_after_days) == (12, 3)

    def test_loaded_twice_publishes_no_new_version(self):
        load()
        assert load().changed_nothing
        assert StandardVersion.objects.count() == 2
        assert RoutingRule.objects.count() == 1

    def test_publishes_changed_terms_as_the_next_version(self):
        load()
        load(FIRM.replace('budget = "24h"', 'budget = "12h"'))

        numbers = Standard.objects.get(code="reply").versions.order_by("number")
        assert [(v.number, v.budget_minutes, v.withdrawn_at is None) for v in numbers] == [
            (1, 1440, False),
            (2, 720, True),
        ]
        assert Standard.objects.get(code="accept").versions.count() == 1

    def test_keeps_what_a_running_clock_was_promised(self):
        load()
        case = make.open_case(
            make.Arrival(kind="complaint", subject="褪色", channel="phone"), now=make.NOON, by=make.wang()
        )
        before = Clock.objects.get(case_id=case.pk, measure="reply")
        load(FIRM.replace('budget = "24h"', 'budget = "12h"'))

        after = Clock.objects.get(case_id=case.pk, measure="reply")
        assert (after.version_id, after.due_at) == (before.version_id, before.due_at)

    def test_makes_a_changed_rule_a_new_version_that_routes_from_now_on(self):
        load()
        load(FIRM.replace(', "quality"]', ', "after-sales"]'))

        assert RoutingRule.objects.filter(code="colour").count() == 2
        case = make.Case(kind="complaint", category="quality/colour", subject="褪色了", story="")
        assert rule_for(case).number == 2

    def test_takes_out_of_force_what_is_withdrawn(self):
        load()
        withdrawn = FIRM.replace('name = "接单"', 'name = "接单"\nwithdrawn = true').replace(
            'name = "色牢度投诉"', 'name = "色牢度投诉"\nwithdrawn = true'
        )
        load(withdrawn)

        assert not StandardVersion.objects.filter(standard__code="accept", withdrawn_at=None).exists()
        assert not RoutingRule.objects.filter(withdrawn_at=None).exists()
        assert load(withdrawn).changed_nothing
        load()
        assert StandardVersion.objects.get(standard__code="accept", withdrawn_at=None).number == 2

    @pytest.mark.parametrize(
        ("wrong", "right", "place"),
        [
            ('budget = "a day"', 'budget = "24h"', "standards › reply"),
            ('budget = "2d"', 'budget = "30m"', "standards › accept"),  # two days of which hours?
            ('ladder = ["24h", "24h"]', 'ladder = ["24h", "3d"]', "standards › reply"),
            ('warn = "110%"', 'warn = "75%"', "standards › reply"),
            ('measure = "smile"', 'measure = "accept"', "standards › accept"),
            ('category = "quality/color"', 'category = "quality/colour"', "routing › colour"),
            ('urge_every = "90m"', 'urge_every = "12h"', "policy"),
            ('"nowhere"]', '"quality"]', "routing › colour"),
        ],
    )
    def test_is_refused_with_the_place_of_the_mistake(self, wrong, right, place):
        with pytest.raises(firm.CannotLoad, match=place):
            load(FIRM.replace(right, wrong))
        assert not Standard.objects.exists()
