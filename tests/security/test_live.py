"""S21: a page is given a stream for what its reader may see, and for nothing else (channels/tests/test_live_updates.py
has the door: forged tickets, somebody else's, after signing out)."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing

from guixin.channels.live import hub, tickets
from tests.security.world import browser

pytestmark = pytest.mark.django_db
PAGES = ["/", "/queues/department", "/queues/tasks", "/cases/{case}", "/cases/{case}?in=/queues/department", "/tasks/{task}", "/escalations", "/views"]  # fmt: skip


def topics_of(client, where: str) -> set[str]:
    found = re.search(r'data-live="([^"]+)"', client.get(where).content.decode())
    ticket = tickets.read(parse_qs(urlsplit(found[1].replace("&amp;", "&")).query)["ticket"][0])
    return set().union(*ticket.topics.values())


class TestAStream:
    def test_names_no_case_of_others(self, world):
        theirs, client = tickets.case_topic(world["logistics"]["case_pk"]), browser("li")
        heard = [topics_of(client, where.format(**world["quality"])) for where in PAGES]

        assert tickets.case_topic(world["quality"]["case_pk"]) in set().union(*heard)
        assert theirs not in set().union(*heard)

    def test_counts_for_no_other_department_and_not_for_all(self, world):
        department = tickets.count_topic(f"department:{world['logistics']['department_pk']}")
        heard = topics_of(browser("li"), "/queues/department")

        assert heard.isdisjoint({department, tickets.count_topic("all")})

    def test_is_not_given_with_a_case_that_is_not_there(self, world):
        answer = browser("li").get(f"/cases/{world['logistics']['case']}")

        assert answer.status_code == 404
        assert tickets.case_topic(world["logistics"]["case_pk"]) not in answer.content.decode()

    def test_is_signed_for_this_use_alone(self):
        other = signing.dumps({"session": "x", "topics": {"case": ["case:1"]}}, salt="something.else")

        assert tickets.read(other) is None

    def test_ends_within_five_seconds_of_signing_out(self):
        assert hub.LOOKS_EVERY * hub.CHECKS_SESSIONS_EVERY <= 5
