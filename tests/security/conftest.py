from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import translation

from guixin.ledger.clock import set_virtual_clock
from guixin.serve.tests import make
from tests.security.world import World


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    """It takes seconds, so there is one for all tests of a file, in a transaction around theirs."""
    files = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files"))
    with django_db_blocker.unblock(), files, transaction.atomic():
        set_virtual_clock(make.NOON)
        with translation.override("en"):
            world = World()
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(built, db) -> World:
    """Whatever a test does to it is taken back."""
    return built
