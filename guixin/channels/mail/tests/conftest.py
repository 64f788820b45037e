"""Refusals are matched by their English words, whatever language the firm speaks; files go to a folder of their own."""

import pytest
from django.utils import translation

from guixin.channels.mail import sending


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def office(monkeypatch):
    """A post office that keeps what it is handed; `says` is raised instead, if set."""

    class Office:
        says: Exception | None = None
        mails: list = []
        envelopes: list = []

        def __enter__(self):
            return self

        def __exit__(self, *_trouble):
            return None

        def send_message(self, message, from_addr=None, to_addrs=None):
            if self.says:
                raise self.says
            Office.mails.append(message)
            Office.envelopes.append((from_addr, to_addrs))

    Office.mails, Office.envelopes = [], []
    monkeypatch.setattr(sending, "post_office", Office)
    return Office
