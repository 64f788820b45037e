"""Kept or broken is judged from the times of events, never from when a worker looked."""

import pytest

from guixin.ledger.models import Entry
from guixin.promise.keeping import fire_due, stop, void
from guixin.promise.models import Clock, Escalation
from guixin.promise.tests import make
from guixin.promise.tests.make import NOON, at

pytestmark = pytest.mark.django_db


def kinds(clock):
    return list(Entry.objects.filter(case_id=clock.case_id).order_by("id").values_list("kind", flat=True))


class TestAPromise:
    def test_fulfilled_at_the_very_deadline_is_kept(self):
        clock = make.keep(make.clock(), at("20:00"))

        assert (clock.state, clock.breached_at) == (Clock.State.MET, None)

    def test_fulfilled_a_second_later_is_broken(self):
        clock = make.keep(make.clock(), at("20:00").replace(second=1))

        assert (clock.state, clock.breached_at) == (Clock.State.MISSED, at("20:00"))

    def test_broken_and_cured_while_the_worker_slept_is_broken(self):
        clock = make.keep(make.clock(), at("21:30"), now=at("21:30"))
        fire_due(at("23:00"))

        assert clock.state == Clock.State.MISSED
        assert [step[:3] for step in make.told(clock)] == [
            (0, 0, "04 18:24"), (1, 0, "04 20:00"), (2, 0, "04 21:00"),
        ]  # fmt: skip

    def test_fulfilled_in_time_but_noticed_late_withdraws_the_breach(self):
        clock = make.clock()
        fire_due(at("20:30"))
        assert Clock.objects.get(pk=clock.pk).is_breached

        clock = make.keep(clock, at("19:00"), now=at("20:40"))

        assert (clock.state, clock.breached_at, clock.next_at) == (Clock.State.MET, None, None)
        assert Escalation.objects.filter(clock=clock).count() == 2  # who was told was told
        assert fire_due(at("12:00", day=9)) == 0

    def test_is_judged_by_the_worker_at_the_instant_it_falls_due(self):
        clock = make.clock()
        assert fire_due(at("20:00")) == 2
        clock.refresh_from_db()
        assert clock.breached_at == at("20:00")

    def test_is_not_touched_before_its_reminder(self):
        make.clock()
        assert fire_due(at("18:23")) == 0

    def test_that_was_stopped_is_not_stopped_twice(self):
        clock = make.keep(make.clock(), at("13:00"))
        make.keep(clock, at("23:00"))
        assert (clock.state, clock.stopped_at) == (Clock.State.MET, at("13:00"))


class TestAWorkerThatSlept:
    def test_records_every_level_once_and_the_oldest_first(self):
        first, second = make.clock(), make.clock(started_at=at("11:00"))

        fire_due(at("12:00", day=6))

        assert make.told(first) == [
            (0, 0, "04 18:24", "li"),
            (1, 0, "04 20:00", "qian"),
            (2, 0, "04 21:00", "wu"),
            (3, 0, "05 00:00", "chen"),
            (3, 1, "06 00:00", "sun"),
        ]
        both = Escalation.objects.filter(clock__in=[first, second]).order_by("id")
        moments = list(both.values_list("happened_at", flat=True))
        assert moments == sorted(moments)
        assert fire_due(at("12:00", day=6)) == 0

    def test_writes_in_the_ledger_when_each_step_was_due(self):
        clock = make.clock()
        fire_due(at("21:00"))

        entries = Entry.objects.filter(case_id=clock.case_id).order_by("id")
        assert [(one.kind, one.happened_at) for one in entries] == [
            ("promise.clock_warned", at("18:24")),
            ("promise.clock_breached", at("20:00")),
            ("promise.clock_escalated", at("21:00")),
        ]

    def test_takes_no_more_than_its_share_and_the_rest_next(self):
        for _ in range(3):
            make.clock(make.version(warn=None))

        assert [fire_due(at("20:00"), limit=2) for _ in range(3)] == [2, 1, 0]


class TestAPromiseThatEndsWithoutJudgement:
    def test_keeps_the_breach_no_worker_had_seen(self):
        clock = make.clock()

        void([clock], "withdrawn", at("20:30"))

        clock.refresh_from_db()
        assert (clock.state, clock.breached_at) == (Clock.State.VOID, at("20:00"))
        assert kinds(clock) == ["promise.clock_warned", "promise.clock_breached", "promise.clock_voided"]

    def test_was_not_broken_when_it_ended_at_the_deadline(self):
        clock = make.clock()

        void([clock], "withdrawn", at("20:00"))

        clock.refresh_from_db()
        assert clock.breached_at is None

    def test_is_over(self):
        clock = make.clock()
        void([clock], "merged", NOON)
        assert fire_due(at("12:00", day=20)) == 0
        assert stop([], NOON) == []
