"""Reactions get the events of a class as one list, in the caller's transaction, and cannot turn in a circle."""

import pytest
from django.db import transaction

from guixin.ledger import record, recording, when, when_many
from guixin.ledger.models import Entry
from guixin.ledger.recording import MAX_DEPTH, ReactionsInACircle
from guixin.ledger.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_other_reactions(monkeypatch):
    monkeypatch.setattr(recording, "_reactions", {})
    monkeypatch.setattr(recording, "_instead", {})


class TestAReaction:
    def test_gets_all_events_of_its_class_at_once(self):
        heard = []
        when(make.DoorOpened, then=[heard.append])

        record(make.opened(1), make.rang(), make.opened(2))

        assert [[event.door for event in batch] for batch in heard] == [[1, 2]]

    def test_runs_in_the_order_it_was_wired(self):
        order = []
        when(
            make.BellRang, then=[lambda events: order.append("first"), lambda events: order.append("second")]
        )
        record(make.rang())
        assert order == ["first", "second"]

    def test_that_fails_undoes_everything(self):
        def fail(events):
            raise RuntimeError("no paper")

        when(make.DoorOpened, then=[lambda events: record(make.rang()), fail])
        with pytest.raises(RuntimeError, match="no paper"), transaction.atomic():
            record(make.opened())
        assert not Entry.objects.exists()

    def test_may_record_more(self):
        when(make.DoorOpened, then=[lambda events: record(*[make.rang() for _ in events])])
        record(make.opened(1), make.opened(2))
        kinds = list(Entry.objects.order_by("id").values_list("kind", flat=True))
        assert kinds == ["test.door_opened"] * 2 + ["test.bell_rang"] * 2

    def test_that_causes_itself_is_stopped(self):
        turns = []

        def again(events):
            turns.append(1)
            record(make.rang())

        when(make.BellRang, then=[again])
        with pytest.raises(ReactionsInACircle), transaction.atomic():
            record(make.rang())
        assert len(turns) == MAX_DEPTH
        record(make.opened())  # the depth is counted anew afterwards


class TestEntriesWrittenAsRows:
    DOORS = "SELECT 'door', n, jsonb_build_object('door', n) FROM generate_series(1, %s::int) n"

    def written(self, number: int) -> int:
        return recording.record_rows(make.DoorOpened, self.DOORS, [number], happened_at=make.NOON)

    def test_reach_a_reaction_as_events(self):
        heard = []
        when(make.DoorOpened, then=[heard.extend])

        assert self.written(3) == 3
        assert sorted(event.door for event in heard) == [1, 2, 3]

    def test_that_are_many_are_told_once_where_that_says_the_same(self, monkeypatch):
        monkeypatch.setattr(recording, "MANY", 2)
        heard, told = [], []
        listen = heard.extend
        when(make.DoorOpened, then=[listen])
        when_many(listen, instead=told.append)

        self.written(2)
        assert (len(heard), told) == (2, [])
        assert self.written(3) == 3

        assert (len(heard), told) == (2, [make.NOON])
        assert Entry.objects.count() == 5
