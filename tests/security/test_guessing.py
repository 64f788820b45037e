"""S18: passwords, invitations and lost links cannot be tried without end."""

import pytest

from guixin.organisation.models import SignInLink
from guixin.serve.tests import make
from tests.security.world import browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class TestGuessing:
    def test_a_password_ends_after_ten_tries_also_with_the_right_one(self, world):
        person = make.li()
        person.set_password("the right one 1")
        person.save(update_fields=["password"])
        anybody = browser("nobody")

        tries = [
            anybody.post("/sign-in", {"login": "li", "password": f"wrong {n}"}).status_code for n in range(10)
        ]
        after = anybody.post("/sign-in", {"login": "li", "password": "the right one 1"})

        assert set(tries) == {422}
        assert after.status_code == 429
        assert "_auth_user_id" not in anybody.session

    def test_one_password_for_everybody_ends_too(self, world):
        anybody = browser("nobody")

        answers = [
            anybody.post("/sign-in", {"login": f"somebody{n}", "password": "Summer2026"}).status_code
            for n in range(110)
        ]

        assert answers[0] == 422
        assert answers[-1] == 429

    def test_tells_nobody_who_works_here(self, world):
        anybody = browser("nobody")

        known, unknown = (
            anybody.post("/sign-in", {"login": login, "password": "x"}) for login in ("wang", "nobody-here")
        )

        assert known.status_code == unknown.status_code
        assert "do not fit together" in known.content.decode()
        assert "do not fit together" in unknown.content.decode()

    def test_an_invitation_ends_after_twenty_tries(self, world):
        where = f"/invitation/{world['quality']['invitation']}"
        anybody = browser("nobody")

        answers = [anybody.post(where, {"password": "x", "again": "y"}).status_code for _n in range(21)]

        assert answers[0] == 422
        assert answers[-1] == 429

    def test_a_link_is_long_random_and_kept_as_a_hash(self, world):
        token = world["quality"]["invitation"]

        assert len(token) * 6 >= 256
        assert not SignInLink.objects.filter(token_hash=token).exists()
        assert browser("nobody").get(f"/invitation/{token[:-1]}").status_code == 404

    def test_the_lost_link_ends_after_ten_questions_and_says_the_same_to_all(self, world, settings):
        settings.SMTP_URL = "smtp://localhost"
        anybody = browser("nobody")
        asked = {"number": world["quality"]["case"], "address": "somebody@example.com"}

        first = anybody.post("/track", asked)
        other = anybody.post("/track", asked | {"number": "2026-999999"})
        last = [anybody.post("/track", asked) for _n in range(10)][-1]

        assert first.status_code == other.status_code
        assert "many in a short time" in last.content.decode()
