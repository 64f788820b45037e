"""Refusals are matched by their English words, whatever language the firm speaks."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield
