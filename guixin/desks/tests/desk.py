"""Looking at pages as somebody of the cast, at noon of the small firm's Wednesday."""

import pytest
from django.test import Client

from guixin.ledger.clock import set_virtual_clock
from guixin.serve.tests import make


def signed_in(person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def nobody() -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def noon(db):
    """The database lives at noon of the test's Wednesday, so that pages and cases agree on the time."""
    set_virtual_clock(make.NOON)
    return make.NOON
