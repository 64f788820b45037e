"""What a worker does with a batch that fails, with a locked case, and with the times of its loops."""

from datetime import timedelta
from time import monotonic

import pytest
from django.db import OperationalError

from guixin.channels import watching, work
from guixin.channels.models import Heartbeat
from guixin.ledger import when
from guixin.ledger.models import Entry
from guixin.ledger.recording import _reactions
from guixin.promise import events
from guixin.promise.models import Clock
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def poison():
    """A reaction that fails for one case, as a fault in the code would."""
    poisoned = set()

    def fail(warned):
        if any(event.case_id in poisoned for event in warned):
            raise ValueError("a fault in the code")

    when(events.ClockWarned, then=[fail])
    yield poisoned
    _reactions[events.ClockWarned].remove(fail)


class TestAWorker:
    def test_takes_what_is_due(self):
        task = make.task(accepted_by=make.li())
        due = make.clock(task, "result").due_at

        assert work.StepTaker()(due) > 0

        assert make.clock(task, "result").is_breached
        assert work.StepTaker()(due) == 0

    def test_sets_the_row_to_blame_aside_and_goes_on_with_the_rest(self, poison):
        bad, good = make.case(subject="bad"), make.case(subject="good")
        poison.add(bad.pk)
        Clock.objects.filter(case_id=bad.pk).exclude(measure="acknowledge").delete()
        due = Clock.objects.get(case_id=bad.pk).next_at
        Clock.objects.filter(case_id=bad.pk).update(next_at=due - timedelta(minutes=1))

        for _ in range(20):
            work.StepTaker()(due)

        assert Entry.objects.filter(case_id=bad.pk, kind="promise.clock_stuck").count() == 1
        assert Entry.objects.filter(case_id=good.pk, kind="promise.clock_warned").exists()
        assert not Entry.objects.filter(case_id=bad.pk, kind="promise.clock_warned").exists()

    def test_tells_a_lost_database_from_a_refused_statement(self):
        from psycopg import errors

        def caused_by(cause):
            problem = OperationalError()
            problem.__cause__ = cause
            return problem

        assert work.connection_is_lost(caused_by(errors.AdminShutdown()))
        assert work.connection_is_lost(OperationalError())
        assert not work.connection_is_lost(caused_by(errors.LockNotAvailable()))
        assert not work.connection_is_lost(caused_by(errors.DeadlockDetected()))

    def test_gives_one_sign_of_life_a_loop_and_says_goodbye(self):
        ours = Heartbeat.objects.filter(name=work.me())  # tests of killed workers leave theirs behind
        work.beat(["clocks", "ledger"])
        work.beat(["clocks"])
        assert sorted(ours.values_list("kind", flat=True)) == ["clocks", "ledger"]

        work.farewell()
        assert not ours.exists()

    def test_forgets_signs_of_life_of_workers_long_gone(self):
        work.beat(["clocks"])
        Heartbeat.objects.update(beat_at="2020-01-01T00:00Z")
        work.prune(make.NOON)
        assert not Heartbeat.objects.filter(name=work.me()).exists()

    def test_looks_again_within_a_fifth_of_a_second(self):
        _snapshot, seconds = watching.look()
        assert (seconds, watching.until_the_next_look(seconds)) == (None, 0.2)
        make.case()  # all its deadlines lie in the past of the real clock
        _snapshot, seconds = watching.look()
        assert watching.until_the_next_look(seconds) == 0.02

    def test_rests_until_somebody_writes_or_a_deadline_passes(self):
        beaten = []
        watch = watching.Watch(lambda: False, beaten.append)
        watch._tell("1:1:", False)
        seen = watch.writes
        watch.rest(seen, 0.01)  # nothing happened: the whole time
        watch._tell("1:1:", False)
        assert watch.writes == seen
        watch._tell("1:2:1", False)
        watch.rest(seen, 60)
        watch._tell("1:2:1", True)
        watch.until_due(60)
        assert not beaten

    def test_rests_no_longer_than_until_something_falls_due(self, monkeypatch):
        monkeypatch.setattr(work, "database_now", lambda: make.NOON)

        def longest(due_in):
            due = None if due_in is None else make.NOON + timedelta(seconds=due_in)
            return work._longest_rest(work.Loop("any", lambda now: 0, 1, next_due=lambda: due))

        assert [longest(due_in) for due_in in (None, 3600, 2, -1)] == [4, 4, 2, -1]
        assert work._longest_rest(work.Loop("knows of nothing", lambda now: 0, 1)) == 4

    def test_beats_for_loops_that_rest_or_work_and_for_none_that_hangs_or_fails(self):
        beaten = []
        watch = watching.Watch(lambda: False, beaten.append)
        watch.pulses = {
            "resting": None, "working": monotonic(), "hanging": monotonic() - 60, "failing": float("-inf"),
        }  # fmt: skip
        watch._beat()
        watch._beat()
        assert beaten == [["resting", "working"]]

    def test_knows_its_loops(self):
        kinds = [loop.kind for loop in work.loops()]
        assert {"clocks", "ledger", "notices", "post", "pruning"} <= set(kinds)
        assert [loop.kind for loop in work.Worker(["ledger"]).loops] == ["ledger"]

    def test_earns_larger_batches_and_begins_small_after_a_fault(self, monkeypatch):
        asked = []

        def fire(now, limit):
            asked.append(limit)
            if len(asked) == 4:
                raise RuntimeError("a fault")
            return limit

        monkeypatch.setattr(work, "_fire", fire)
        take = work.StepTaker()
        for _ in range(5):
            take(make.NOON)

        assert asked == [20, 40, 80, 160, 20, 40]
