"""Questionnaires, waves and standing plans go along when their owner's work is handed over for good."""

import pytest

from guixin.ledger.models import Entry
from guixin.listen import building, waves
from guixin.serve import bulk_changes
from guixin.serve.tests import make

pytestmark = pytest.mark.django_db


def test_they_go_along_only_for_good():
    pulse = building.add(
        code="pulse", name="季度满意度", owner=make.li(), begin_from="quarterly", by=None, now=make.NOON
    )
    building.publish(pulse, by=None, now=make.NOON)
    wave = waves.open_wave(pulse, code="march", name="三月", owner=make.li(), by=None, now=make.NOON)
    with pytest.raises(bulk_changes.CannotChangeMany, match="nothing"):
        bulk_changes.hand_over_all(make.li(), [make.qian()], by=make.wu(), now=make.NOON)

    change = bulk_changes.hand_over_all(make.li(), [make.qian()], by=make.wu(), now=make.NOON, for_good=True)

    pulse.refresh_from_db()
    wave.refresh_from_db()
    assert (pulse.owner, wave.owner) == (make.qian(), make.qian())
    assert Entry.objects.filter(kind="listen.wave_changed", actor_id=make.wu().pk).exists()

    bulk_changes.undo(change, by=make.wu(), now=make.NOON)
    wave.refresh_from_db()
    assert wave.owner == make.li()
