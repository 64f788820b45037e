"""S17: a GET changes nothing, whoever looks and however often; nothing that changes is done without the CSRF token."""

import re

import pytest

from tests.security.addresses import API, MAY_CHANGE_BY_LOOKING, PAGES
from tests.security.addresses.roles import NOBODY
from tests.security.world import browser, digest, program

pytestmark = pytest.mark.django_db
TIMES = 2


class TestLooking:
    @pytest.mark.parametrize("role", [NOBODY, "he"])
    def test_twice_at_everything_leaves_the_database_as_it_was(self, world, role):
        """He, who is shown every page, and who is shown none; test_who_is_let_in asks the same of each single answer to
        each role. Every form that posts has the token in it; htmx sends it as a header that the body names."""
        client, bare = browser(role), []
        before = digest(besides=MAY_CHANGE_BY_LOOKING)
        for _time in range(TIMES):
            for example in PAGES:
                answer = client.get(example.format(**world["quality"]))
                if answer.get("Content-Type", "").startswith("text/html"):
                    shown = b"".join(answer).decode(errors="replace")
                    forms = re.findall(r"<form\b[^>]*method=[\"']?post.*?</form>", shown, re.S | re.I)
                    bare += [
                        f"{example}: {form[:120]}" for form in forms if "csrfmiddlewaretoken" not in form
                    ]

        assert digest(besides=MAY_CHANGE_BY_LOOKING) == before
        assert not bare, "\n".join(bare)

    def test_through_the_api_neither(self, world):
        key = program("he")
        before = digest(besides=MAY_CHANGE_BY_LOOKING)
        for _time in range(TIMES):
            for method, example in API:
                if method == "GET":
                    key.get(example.format(**world["quality"]))

        assert digest(besides=MAY_CHANGE_BY_LOOKING) == before


class TestADigest:
    def test_notices_one_letter(self, world):
        from guixin.serve.models import Case

        before = digest()
        Case.objects.filter(number=world["quality"]["case"]).update(subject="quality onlY")

        assert digest() != before


class TestWithoutTheToken:
    @pytest.mark.parametrize("role", [NOBODY, "he"])
    def test_nothing_is_done(self, world, role):
        client = browser(role, enforce_csrf_checks=True)
        before = digest(besides={"django_session"})
        let_through = []
        for example in PAGES:
            where = example.format(**world["quality"])
            # A mail program presses it by itself (RFC 8058); no cookie is read.
            if where.startswith("/opt-out/") or re.fullmatch(r"/a/[^/]+/no-more", where):
                continue
            for method in ("POST", "DELETE"):  # what asks for the token knows safe methods and all others
                status = client.generic(method, where).status_code
                if status not in (403, 404 if where.startswith("/api/") else 403):
                    let_through.append(f"{method} {example}: {status}")
        for method, example in API:
            if method != "GET":
                status = client.generic(method, f"/api{example.format(**world['quality'])}").status_code
                by_link = example.startswith(
                    "/track/"
                )  # public: the link is all there is, and no cookie is read
                if status not in (401, 403) and not by_link:
                    let_through.append(f"{method} /api{example}: {status}")
        assert not let_through, "\n".join(let_through)
        assert digest(besides={"django_session"}) == before

    def test_a_key_needs_none(self, world):
        key = program("he")
        key.client.handler.enforce_csrf_checks = True

        assert key.post(f"/cases/{world['quality']['case']}/notes", {"body": "好"}).status_code == 201
