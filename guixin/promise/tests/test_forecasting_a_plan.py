"""Before a plan is published it says how many would be told what, and who would not, and why."""

from datetime import timedelta

import pytest

from guixin.organisation.tests import make as firm
from guixin.promise import communication
from guixin.promise.models import PlanMessage
from guixin.promise.plan_forecast import forecast
from guixin.promise.tests import make_plans as make
from guixin.promise.tests.make import NOON
from guixin.understand import consenting
from guixin.understand.models import Purchase

pytestmark = pytest.mark.django_db
BEFORE = NOON - timedelta(days=3)


def look(*lines: dict, **terms):
    plan = communication.plan_of(make.segment())
    firm.calendar("always")
    content = communication.blank() | {
        "calendar": "always",
        "quiet_from": None,
        "quiet_to": None,
        "at_most": 9,
    }
    entries = [communication.checked_entry(each) for each in lines]
    return forecast(plan, content | terms | {"entries": entries}, now=NOON)


class TestAForecast:
    def test_counts_those_it_would_have_reached_and_those_not(self):
        make.enters(make.customer(), at=BEFORE)
        make.enters(make.customer("李四", email=""), at=BEFORE)
        objects = make.enters(make.customer("王五", "wang@example.com"), at=BEFORE)
        consenting.withdraw(objects, "service", by=firm.wang(), now=BEFORE)

        found = look(make.line())

        (line,) = found.lines
        assert (line.events, line.told, line.without_address, line.without_consent) == (3, 1, 1, 1)
        assert not PlanMessage.objects.exists()

    def test_shows_them_masked(self):
        make.enters(make.customer(), at=BEFORE)

        (sample,) = look(make.line()).samples

        assert (sample.customer, sample.address) == ("张*", "z***@example.com")
        assert "张" in sample.body

    def test_says_which_value_would_be_missing(self):
        make.enters(make.customer(), at=BEFORE)

        (sample,) = look(make.line(body="{contact} {customer}", subject="{today}")).samples

        assert sample.missing == ()

    def test_counts_what_lies_ahead_as_it_will_come(self):
        make.enters(make.customer(), at=BEFORE)

        found = look(make.line("date", on_day="2026-03-20"), make.line("date", on_day="2026-05-20"))

        assert [each.told for each in found.lines] == [1, 0]

    def test_counts_what_quiet_hours_would_move(self):
        make.enters(make.customer(), at=BEFORE)

        (line,) = look(make.line(), quiet_from="11:00", quiet_to="13:00").lines

        assert (line.told, line.moved_by_quiet) == (1, 1)

    def test_counts_what_the_cap_would_leave_out(self):
        who = make.enters(make.customer(), at=BEFORE)
        for number in range(3):
            Purchase.objects.create(
                customer=who, bought_at=BEFORE, amount=1, currency="CNY", order_key=f"A{number}", line_key=f"A{number}",
                source="shop", landed_at=BEFORE,
            )  # fmt: skip

        (line,) = look(make.line("bought"), at_most=2).lines

        assert (line.events, line.told, line.above_cap) == (3, 2, 1)

    def test_leaves_those_to_a_more_important_plan(self):
        other = make.segment("first", 0)
        make.plan(make.line(), of=other, now=BEFORE)
        make.enters(make.customer(), make.segment(), other, at=BEFORE)

        found = look(make.line())

        assert (found.customers, found.governed, found.told) == (1, 0, 0)
