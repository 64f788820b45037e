import pytest
from django.core.cache import cache
from django.utils import translation

from guixin.ledger.clock import set_virtual_clock
from guixin.serve.tests import make
from tests.security.world import World


@pytest.fixture
def world(db, settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path
    set_virtual_clock(make.NOON)
    with translation.override("en"):
        return World()


@pytest.fixture(autouse=True)
def _no_brake_left_over():
    cache.clear()
