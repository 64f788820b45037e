"""Reminder, breach, levels, and the top again and again; an authority who acts rests the ladder, never for good."""

import pytest

from guixin.organisation.tests import make as firm
from guixin.promise.escalating import AlreadyActed, MustLookAgain, act
from guixin.promise.keeping import fire_due
from guixin.promise.models import Clock, Escalation
from guixin.promise.tests import make
from guixin.promise.tests.make import at

pytestmark = pytest.mark.django_db


def escalation(clock, level, round_=0):
    return Escalation.objects.get(clock=clock, level=level, round=round_)


class TestALatePromise:
    def test_climbs_to_the_top_which_is_reminded_until_somebody_acts(self):
        clock = make.clock()

        fire_due(at("12:00", day=8))

        assert make.told(clock)[3:] == [
            (3, 0, "05 00:00", "chen"),
            (3, 1, "06 00:00", "sun"),
            (3, 2, "07 00:00", "sun"),
            (3, 3, "08 00:00", "sun"),
        ]
        assert escalation(clock, 3, 3).is_top
        assert Clock.objects.get(pk=clock.pk).next_at == at("00:00", day=9)

    def test_skips_the_absent_to_their_deputy_and_says_so(self):
        firm.away(firm.qian(), at("00:00"), at("00:00", day=9), deputy=firm.jiang())
        clock = make.clock()

        fire_due(at("20:00"))

        told = escalation(clock, 1)
        assert told.to_person == firm.jiang()
        assert told.skipped == [
            {"person_id": firm.qian().pk, "reason": "absent", "deputy_id": firm.jiang().pk}
        ]

    def test_skips_the_absent_without_a_deputy_upward(self):
        firm.away(firm.qian(), at("00:00"), at("00:00", day=9))
        clock = make.clock()
        fire_due(at("20:00"))
        assert escalation(clock, 1).to_person == firm.wu()

    def test_without_a_repeat_ends_after_its_last_level(self):
        clock = make.clock(make.version(repeat=None))
        fire_due(at("12:00", day=20))
        assert [step[0] for step in make.told(clock)] == [0, 1, 2, 3]
        assert Clock.objects.get(pk=clock.pk).next_at is None

    def test_with_a_repeat_of_nothing_does_not_turn_for_ever(self):
        clock = make.clock(make.version(repeat=0))
        fire_due(at("12:00", day=20))
        assert [step[0] for step in make.told(clock)] == [0, 1, 2, 3]

    def test_without_levels_repeats_the_breach_one_authority_higher_each_time(self):
        clock = make.clock(make.version(ladder=(), warn=None))
        fire_due(at("21:00", day=6))
        assert make.told(clock) == [
            (1, 0, "04 20:00", "qian"), (1, 1, "05 20:00", "wu"), (1, 2, "06 20:00", "chen"),
        ]  # fmt: skip

    def test_counts_the_delays_in_the_working_time_it_was_promised_in(self):
        clock = make.clock(make.version(120, calendar="office", warn=None), started_at=at("15:00"))
        fire_due(at("18:00", day=5))
        assert make.told(clock) == [
            (1, 0, "04 17:00", "qian"), (2, 0, "04 18:00", "wu"), (3, 0, "05 12:00", "chen"),
        ]  # fmt: skip

    def test_without_a_warning_begins_with_the_breach(self):
        clock = make.clock(make.version(warn=None))
        assert clock.next_at == clock.due_at


class TestAnAuthorityWhoActs:
    def late(self):
        clock = make.clock()
        fire_due(at("20:00"))
        return clock, escalation(clock, 1)

    def test_rests_the_ladder_until_the_moment_it_looks_again(self):
        clock, told = self.late()

        act(told, by=firm.qian(), note="加急", look_again_at=at("10:00", day=5), now=at("20:30"))

        assert fire_due(at("09:59", day=5)) == 0
        assert fire_due(at("10:00", day=5)) == 1
        assert make.told(clock)[-1][:3] == (2, 0, "05 10:00")
        assert fire_due(at("13:00", day=5)) == 1  # the next level follows as far behind as it ever did

    def test_does_not_hide_the_levels_that_fell_due_while_no_worker_looked(self):
        clock, told = self.late()

        act(told, by=firm.qian(), note="加急", look_again_at=at("10:00", day=5), now=at("21:30"))

        assert make.told(clock)[-1] == (2, 0, "04 21:00", "wu")
        assert fire_due(at("09:59", day=5)) == 0
        assert fire_due(at("10:00", day=5)) == 1

    def test_says_when_it_looks_again_and_what_was_decided(self):
        _clock, told = self.late()
        with pytest.raises(MustLookAgain, match="ahead"):
            act(told, by=firm.qian(), note="加急", look_again_at=at("20:30"), now=at("20:30"))
        with pytest.raises(MustLookAgain, match="decided"):
            act(told, by=firm.qian(), note=" ", look_again_at=at("22:30"), now=at("20:30"))

    def test_is_the_only_one(self):
        _clock, told = self.late()
        act(told, by=firm.qian(), note="加急", look_again_at=at("10:00", day=5), now=at("20:30"))
        with pytest.raises(AlreadyActed):
            act(told, by=firm.wu(), note="我来", look_again_at=at("10:00", day=6), now=at("20:31"))

    def test_changes_nothing_about_the_verdict(self):
        clock, told = self.late()
        act(told, by=firm.qian(), note="加急", look_again_at=at("10:00", day=5), now=at("20:30"))
        assert make.keep(clock, at("09:00", day=5)).breached_at == at("20:00")
