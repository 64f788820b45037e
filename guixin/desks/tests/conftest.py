import pytest
from django.core.cache import cache

from guixin.desks.tests.desk import noon

__all__ = ["noon"]


@pytest.fixture(autouse=True)
def _no_brake_left_over():
    cache.clear()
