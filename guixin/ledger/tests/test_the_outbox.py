"""What leaves the house: in order within a lane, again after a failure, and never in another lane's way."""

from datetime import timedelta

import pytest

from guixin.ledger import outbox
from guixin.ledger.models import Outgoing
from guixin.ledger.outbox import GIVE_UP_AFTER, CannotDeliver, backoff, deliver_next, send_again
from guixin.ledger.tests import make
from guixin.ledger.tests.make import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch):
    """Rows that reached the other side; those in `refused` fail with what stands there."""
    arrived, refused = [], {}

    def send(row):
        if row.pk in refused:
            raise refused[row.pk]
        arrived.append(row.pk)

    monkeypatch.setattr(outbox, "_senders", {"test": send})
    arrived_and_refused = type("Post", (), {"arrived": arrived, "refused": refused})
    return arrived_and_refused


def deliver_all(now=NOON):
    count = 0
    while deliver_next(now):
        count += 1
    return count


class TestARow:
    def test_leaves_once(self, sent):
        row = make.outgoing()
        assert deliver_all() == 1
        row.refresh_from_db()
        assert (row.state, row.sent_at, sent.arrived) == ("sent", NOON, [row.pk])

    def test_waits_for_its_time(self, sent):
        make.outgoing()
        assert not deliver_next(NOON - timedelta(seconds=1))

    def test_of_a_channel_nobody_serves_stays(self, sent):
        make.outgoing(channel="pigeon")
        assert not deliver_next(NOON)

    def test_goes_again_later_under_the_same_key(self, sent):
        row = make.outgoing()
        key = row.key
        sent.refused[row.pk] = OSError("line busy")

        assert deliver_all() == 1

        row.refresh_from_db()
        assert (row.state, row.tries, row.key) == ("waiting", 1, key)
        assert "line busy" in row.last_error
        assert NOON + timedelta(seconds=11) <= row.next_try_at <= NOON + timedelta(seconds=19)
        sent.refused.clear()
        assert deliver_all(row.next_try_at) == 1

    def test_is_given_up_visibly_after_many_tries_and_a_person_sends_it_again(self, sent):
        row = make.outgoing(tries=GIVE_UP_AFTER - 1)
        key = row.key
        sent.refused[row.pk] = OSError("gone")
        deliver_all()
        row.refresh_from_db()
        assert row.state == Outgoing.State.DEAD

        sent.refused.clear()
        send_again(row, NOON)
        assert deliver_all() == 1
        row.refresh_from_db()
        assert (row.state, row.key) == ("sent", key)

    def test_the_receiver_will_never_take_is_given_up_at_once(self, sent):
        row = make.outgoing()
        sent.refused[row.pk] = CannotDeliver("no such address")
        deliver_all()
        row.refresh_from_db()
        assert (row.state, row.tries) == ("dead", 1)


class TestALane:
    def test_keeps_its_order(self, sent):
        rows = [make.outgoing().pk for _ in range(3)]
        Outgoing.objects.filter(pk=rows[0]).update(next_try_at=NOON + timedelta(hours=1))
        assert deliver_all() == 0  # the head is not due, so nobody overtakes it
        assert deliver_all(NOON + timedelta(hours=1)) == 3
        assert sent.arrived == rows

    def test_that_fails_does_not_block_another(self, sent):
        stuck, behind = make.outgoing("case:1"), make.outgoing("case:1")
        other = make.outgoing("case:2")
        sent.refused[stuck.pk] = OSError("line busy")

        deliver_all()

        assert sent.arrived == [other.pk]
        assert Outgoing.objects.get(pk=behind.pk).tries == 0

    def test_goes_on_behind_a_row_that_is_dead(self, sent):
        dead, behind = make.outgoing(), make.outgoing()
        sent.refused[dead.pk] = CannotDeliver("no such address")
        assert deliver_all() == 2
        assert sent.arrived == [behind.pk]


class TestTheDelayBetweenTries:
    def test_doubles_up_to_six_hours_with_a_quarter_of_jitter(self):
        for tries, seconds in [(1, 15), (2, 30), (3, 60), (11, 15360), (12, 21600), (40, 21600)]:
            waits = [backoff(tries).total_seconds() for _ in range(20)]
            assert seconds * 0.75 <= min(waits) <= max(waits) <= seconds * 1.25
