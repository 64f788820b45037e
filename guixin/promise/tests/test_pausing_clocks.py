"""While we wait for the customer the time does not count, and nothing that came before is forgotten."""

import pytest

from guixin.promise.keeping import fire_due
from guixin.promise.models import Clock, Pause
from guixin.promise.pausing import pause, resume
from guixin.promise.tests import make
from guixin.promise.tests.make import at

pytestmark = pytest.mark.django_db


def wait(clock, from_at, to_at=None):
    pause(clock.case_id, "waiting for the customer", at=from_at, now=from_at)
    if to_at:
        resume(clock.case_id, at=to_at)
    clock.refresh_from_db()
    return clock


class TestAPause:
    def test_moves_the_deadline_by_exactly_what_was_waited(self):
        clock = wait(make.clock(), at("14:00"), at("15:30"))
        assert clock.due_at == at("21:30")

    def test_counts_only_the_working_time_that_was_waited(self):
        office = make.version(480, calendar="office")
        clock = wait(make.clock(office, started_at=at("09:00")), at("17:00"), at("10:00", day=5))
        assert clock.due_at == at("11:00", day=5)  # one hour of work was left at 17:00

    def test_has_no_deadline_and_no_next_step_while_it_lasts(self):
        clock = wait(make.clock(), at("14:00"))
        assert (clock.state, clock.due_at, clock.next_at) == (Clock.State.PAUSED, None, None)
        assert fire_due(at("12:00", day=20)) == 0

    def test_may_come_several_times(self):
        clock = wait(wait(make.clock(), at("13:00"), at("14:00")), at("15:00"), at("17:00"))
        assert clock.due_at == at("23:00")
        assert Pause.objects.filter(clock=clock).count() == 2

    def test_records_first_what_fell_due_before_it(self):
        clock = wait(make.clock(), at("18:30"))
        assert make.told(clock) == [(0, 0, "04 18:24", "li")]

    def test_rests_the_ladder_of_a_promise_already_broken_and_leaves_the_breach(self):
        clock = wait(make.clock(), at("20:30"), at("22:30"))

        assert (clock.breached_at, clock.due_at) == (at("20:00"), at("20:00"))
        fire_due(at("23:59"))
        assert make.told(clock)[-1] == (2, 0, "04 23:00", "wu")

    def test_does_not_stop_a_promise_whose_standard_does_not_allow_it(self):
        clock = wait(make.clock(make.version(pauses_for_customer=False)), at("14:00"), at("15:00"))
        assert clock.due_at == at("20:00")

    def test_ends_when_the_promise_is_fulfilled(self):
        clock = make.keep(wait(make.clock(), at("14:00")), at("23:00"))
        assert clock.state == Clock.State.MET
        assert Pause.objects.get(clock=clock).to_at == at("23:00")

    def test_noted_late_keeps_the_verdict_of_what_happened_before_it(self):
        clock = make.keep(wait(make.clock(), at("14:00")), at("13:00"), now=at("15:00"))
        assert (clock.state, clock.stopped_at) == (Clock.State.MET, at("13:00"))

    def test_that_ends_where_it_began_changes_nothing(self):
        assert wait(make.clock(), at("14:00"), at("14:00")).due_at == at("20:00")
