"""More time is asked for before the deadline, decided by the next authority, and never given by anything else."""

import pytest

from guixin.ledger.models import Entry
from guixin.organisation.tests import make as firm
from guixin.promise.extending import CannotExtend, ask, decide
from guixin.promise.keeping import fire_due
from guixin.promise.models import Clock, Extension
from guixin.promise.tests import make
from guixin.promise.tests.make import NOON, at

pytestmark = pytest.mark.django_db
ONE = at("13:00")


def asked(clock, until, now=NOON, by=None):
    return ask(clock, by=by or firm.li(), until=until, reason="等配件", now=now)


class TestAskingForMoreTime:
    def test_is_possible_until_just_before_the_deadline(self):
        extension = asked(make.clock(), at("12:00", day=5), now=at("19:59"))

        assert extension.authority == firm.qian()
        assert extension.old_due_at == at("20:00")

    @pytest.mark.parametrize("now", [at("20:00"), at("20:01")])
    def test_is_refused_from_the_deadline_on_also_if_no_worker_has_looked(self, now):
        with pytest.raises(CannotExtend, match="never after"):
            asked(make.clock(), at("12:00", day=5), now=now)

    def test_is_refused_for_a_date_that_is_no_later(self):
        with pytest.raises(CannotExtend, match="after the present deadline"):
            asked(make.clock(), at("20:00"))

    def test_is_refused_without_a_reason(self):
        with pytest.raises(CannotExtend, match="why"):
            ask(make.clock(), by=firm.li(), until=at("12:00", day=5), reason=" ", now=NOON)

    def test_is_refused_twice_at_a_time(self):
        clock = make.clock()
        asked(clock, at("12:00", day=5))
        with pytest.raises(CannotExtend, match="already asked"):
            asked(clock, at("12:00", day=6))

    def test_is_refused_for_a_promise_that_has_ended(self):
        clock = make.keep(make.clock(), at("13:00"))
        with pytest.raises(CannotExtend, match="no longer running"):
            asked(clock, at("12:00", day=5), now=at("14:00"))

    def test_does_not_stop_the_clock(self):
        clock = make.clock()
        asked(clock, at("12:00", day=5))
        fire_due(at("20:00"))
        clock.refresh_from_db()
        assert clock.is_breached


class TestAnExtensionGranted:
    def grant(self, clock, wanted, now=ONE, **more):
        return decide(asked(clock, wanted), by=firm.qian(), granted=True, now=now, **more)

    def test_moves_the_deadline_exactly_there(self):
        clock = make.clock()
        self.grant(clock, at("15:30", day=6))
        clock.refresh_from_db()
        assert clock.due_at == at("15:30", day=6)

    @pytest.mark.parametrize("until", [at("12:30", day=6), at("12:00", day=7)])
    def test_moves_it_exactly_there_also_when_nobody_works_then(self, until):
        clock = make.clock(make.version(240, calendar="office"))
        extension = self.grant(clock, until)
        clock.refresh_from_db()
        assert clock.due_at == until == extension.new_due_at
        assert make.keep(clock, until).breached_at is None

    def test_reminds_again_before_the_new_date_and_calls_it_a_reminder(self):
        clock = make.clock()
        extension = asked(clock, at("20:00", day=6))
        fire_due(at("18:30"))
        decide(extension, by=firm.qian(), granted=True, now=at("18:40"))

        fire_due(at("20:00", day=6))

        assert make.told(clock) == [
            (0, 0, "04 18:24", "li"), (0, 1, "06 08:48", "li"), (1, 0, "06 20:00", "qian"),
        ]  # fmt: skip
        steps = Entry.objects.filter(kind__in=["promise.clock_warned", "promise.clock_breached"])
        assert [one.kind for one in steps.order_by("id")] == [
            "promise.clock_warned", "promise.clock_warned", "promise.clock_breached",
        ]  # fmt: skip

    def test_may_name_another_date_than_the_one_asked_for(self):
        clock = make.clock()
        self.grant(clock, at("12:00", day=6), until=at("12:00", day=5))
        clock.refresh_from_db()
        assert clock.due_at == at("12:00", day=5)

    def test_never_makes_it_earlier(self):
        with pytest.raises(CannotExtend, match="after the present deadline"):
            self.grant(make.clock(), at("12:00", day=6), until=at("18:00"))

    def test_after_the_deadline_does_not_unmake_the_breach_even_if_no_worker_saw_it(self):
        clock = make.clock()
        extension = self.grant(clock, at("12:00", day=6), now=at("20:30"))

        clock.refresh_from_db()
        assert clock.breached_at == clock.due_at == at("20:00")
        assert extension.new_due_at == at("12:00", day=6)  # what the customer is told for the future
        assert [step[:3] for step in make.told(clock)] == [(0, 0, "04 18:24"), (1, 0, "04 20:00")]

    def test_is_refused_once_the_promise_has_ended(self):
        clock = make.clock()
        extension = asked(clock, at("12:00", day=6))
        make.keep(clock, at("14:00"))
        with pytest.raises(CannotExtend, match="no longer running"):
            decide(extension, by=firm.qian(), granted=True, now=at("15:00"))

    def test_can_be_asked_for_again(self):
        clock = make.clock()
        self.grant(clock, at("12:00", day=5))
        extension = ask(clock, by=firm.li(), until=at("12:00", day=6), reason="还没到货", now=at("14:00"))
        decide(extension, by=firm.qian(), granted=True, now=at("15:00"))
        assert Clock.objects.get(pk=clock.pk).due_at == at("12:00", day=6)


class TestWhoDecides:
    def test_is_the_authority_asked_or_one_above_it(self):
        for who in (firm.qian(), firm.wu(), firm.chen(), firm.sun()):
            extension = asked(make.clock(), at("12:00", day=5))
            decide(extension, by=who, granted=False, now=at("13:00"))
            assert Extension.objects.get(pk=extension.pk).state == "refused"

    def test_is_nobody_else(self):
        extension = asked(make.clock(), at("12:00", day=5))
        for who in (firm.zhao(), firm.wang(), firm.feng()):
            with pytest.raises(CannotExtend, match="Only the authority"):
                decide(extension, by=who, granted=True, now=at("13:00"))

    def test_is_never_the_one_who_asked(self):
        extension = asked(make.clock(), at("12:00", day=5), by=firm.sun())
        with pytest.raises(CannotExtend, match="own request"):
            decide(extension, by=firm.sun(), granted=True, now=at("13:00"))

    def test_decides_once(self):
        extension = asked(make.clock(), at("12:00", day=5))
        decide(extension, by=firm.qian(), granted=False, now=at("13:00"))
        with pytest.raises(CannotExtend, match="already been decided"):
            decide(extension, by=firm.qian(), granted=True, now=at("13:01"))

    def test_leaves_the_deadline_when_refusing(self):
        clock = make.clock()
        decide(asked(clock, at("12:00", day=5)), by=firm.qian(), granted=False, now=at("13:00"))
        assert Clock.objects.get(pk=clock.pk).due_at == at("20:00")
