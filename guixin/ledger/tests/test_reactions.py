"""Reactions get the events of a class as one list, in the caller's transaction, and cannot turn in a circle."""

import pytest
from django.db import transaction

from guixin.ledger import record, recording, when
from guixin.ledger.models import Entry
from guixin.ledger.recording import MAX_DEPTH, ReactionsInACircle
from guixin.ledger.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_other_reactions(monkeypatch):
    monkeypatch.setattr(recording, "_reactions", {})


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
