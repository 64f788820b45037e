"""On the first working day each department's head states what must change, or that nothing must; missed ones climb."""

from datetime import date

import pytest

from guixin.organisation.tests import make as firm
from guixin.promise import proposing, stating
from guixin.promise.keeping import fire_due
from guixin.promise.models import Clock, Escalation, Statement
from guixin.promise.stating import CannotState
from guixin.promise.tests.make import NOON, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    """March 2026 begins on a Sunday: its first working day is Monday the 2nd."""
    firm.firm()
    stating.open_due(at("09:00", day=2))


def of(department) -> Statement:
    return Statement.objects.get(department=department)


class TestTheFirstWorkingDay:
    def test_opens_one_for_each_department_with_people(self):
        firm.firm()
        assert stating.open_due(at("08:59", day=2)) == 0
        assert stating.open_due(at("09:00", day=2)) == 6
        assert stating.open_due(at("09:05", day=2)) == 0
        assert (of(firm.quality()).holder, of(firm.quality()).month) == (firm.wu(), date(2026, 3, 1))

    def test_is_counted_from_its_opening_however_late_the_worker_came(self):
        firm.firm()
        stating.open_due(at("15:00", day=3))
        clock = Clock.objects.get(about_kind="statement", department=firm.quality())
        assert (clock.started_at, clock.due_at) == (at("09:00", day=2), at("18:00", day=2))

    def test_passes_a_firm_that_began_in_the_middle_of_the_month(self):
        firm.firm()
        assert stating.open_due(at("09:00", day=20)) == 0
        assert stating.open_due(at("09:00", day=1, month=4)) == 6


class TestAStatement:
    def test_says_that_nothing_needs_to_change(self, month):
        made = stating.state(of(firm.quality()), nothing_to_change=True, by=firm.wu(), now=at("10:00", day=2))
        assert (made.said_by, made.nothing_to_change) == (firm.wu(), True)
        assert Clock.objects.get(about_kind="statement", about_id=made.pk).state == Clock.State.MET
        with pytest.raises(CannotState, match="has been made"):
            stating.state(made, nothing_to_change=True, by=firm.wu(), now=NOON)

    def test_or_names_what_was_proposed(self, month):
        proposal = proposing.propose(
            "text", "短一点", "没人读完", by=firm.li(), now=at("09:30", day=2), department=firm.front()
        )
        statement = of(firm.quality())
        assert stating.proposals_of(statement) == [proposal]
        with pytest.raises(CannotState, match="Name the proposals"):
            stating.state(statement, nothing_to_change=False, by=firm.wu(), now=NOON)
        with pytest.raises(CannotState, match="Either"):
            stating.state(statement, nothing_to_change=True, proposals=[proposal], by=firm.wu(), now=NOON)
        made = stating.state(statement, nothing_to_change=False, proposals=[proposal], by=firm.wu(), now=NOON)
        assert list(made.proposals.all()) == [proposal]

    def test_is_made_by_the_head_the_deputy_or_those_above(self, month):
        statement = of(firm.quality())
        for nobody in (firm.li(), firm.zhao()):
            with pytest.raises(CannotState, match="waits for"):
                stating.state(statement, nothing_to_change=True, by=nobody, now=NOON)
        assert stating.may_state(statement, firm.chen(), NOON)
        firm.away(firm.wu(), at("00:00"), at("00:00", day=9), deputy=firm.jiang())
        assert stating.may_state(statement, firm.jiang(), NOON)

    def test_that_is_missed_climbs(self, month):
        fire_due(at("12:00", day=9))
        raised = Escalation.objects.raised().filter(clock__about_kind="statement", department=firm.quality())
        assert raised.first().to_person == firm.chen()
