"""Each path of the API: allowed, without a key, without the scope, and for somebody else's object."""

import pytest
from django.db import transaction

from guixin.channels.api.tests import make
from guixin.channels.api.tests.calls import CALLS
from guixin.channels.api.tests.world import World
from guixin.channels.api.urls import api
from guixin.organisation.models import Scopes

pytestmark = pytest.mark.django_db
BY_KEY = [call for call in CALLS if call[4]]
# How the firm changes its rules, what it answers with and what its forms ask, is no secret inside it.
SEEN_BY_ALL = ("/proposals", "/statements", "/articles", "/forms", "/skills")
OF_A_CASE = [call for call in BY_KEY if "{" in call[1] and not call[1].startswith(SEEN_BY_ALL)]
# What stands for something in an address of the table without being a name in braces.
EXAMPLES = {
    "1", "none", "call", "reply", "quality", "office", "2027", "key", "needs", "resolve", "ring", "shops", "news", "service", "sheet", "sewing", "sorry",
}  # fmt: skip


def shape(path: str) -> str:
    """The path with whatever it names left open: "/cases/*/notes", however the thing is called."""
    return "/".join("*" if part.startswith("{") or part in EXAMPLES else part for part in path.split("/"))


def who(login):
    return make.administrator() if login == "ma" else make.person(login)


def body_for(world, body):
    return {k: world.address(v) if isinstance(v, str) else v for k, v in body.items()} if body else body


def called(world, api_program, call):
    method, path, body, *_rest = call
    headers = {"if_match": f'"{world.case.version}"'} if method == "PATCH" and "cases" in path else {}
    return api_program.call(method, world.address(path), body_for(world, body), **headers)


class Undo(Exception):
    """Ends a call: whatever it did is taken back."""


class Callers:
    """Every call in one world, which each of them leaves as it found it. A world is 200 statements, a call a dozen."""

    def __init__(self):
        self.world = World()
        self.programs = {}

    def wrong(self, calls, as_, is_right) -> list[str]:
        """The calls, made as whoever `as_` says, whose answers are not right."""
        return [
            f"{call[0]} {call[1]}: {answer.status_code} {answer.said}"
            for call in calls
            if not is_right(call, answer := self._answer(call, *as_(call)))
        ]

    def _answer(self, call, login, *scopes):
        if (login, *scopes) not in self.programs:
            self.programs[login, *scopes] = make.program(login and who(login), scopes)
        try:
            with transaction.atomic():
                answer = called(self.world, self.programs[login, *scopes], call)
                raise Undo
        except Undo:
            return answer


@pytest.fixture
def callers(db):
    return Callers()


def is_problem(answer, status):
    return answer.status_code == status and answer["Content-Type"] == make.PROBLEM and answer.said["detail"]


class TestEveryPath:
    def test_answers_whoever_may(self, callers):
        def is_right(call, answer):
            return is_problem(answer, call[3]) if call[3] >= 400 else answer.status_code == call[3]

        assert callers.wrong(CALLS, lambda call: (call[4],), is_right) == []

    def test_asks_for_a_key(self, callers):
        def is_right(_call, answer):
            return is_problem(answer, 401) and answer["WWW-Authenticate"] == "Bearer"

        assert callers.wrong(BY_KEY, lambda _call: (None,), is_right) == []

    def test_asks_for_the_scope(self, callers):
        """A key with one scope only, which none of the paths needs."""

        def is_right(_call, answer):
            return is_problem(answer, 403) and "scope" in answer.said["detail"]

        assert callers.wrong(BY_KEY, lambda call: (call[4], Scopes.IMPORTS), is_right) == []

    def test_hides_what_one_may_not_see(self, callers):
        """Zhao of logistics has no share in this case."""
        assert callers.wrong(OF_A_CASE, lambda _call: ("zhao",), lambda _call, a: a.status_code == 404) == []

    def test_is_in_this_table(self):
        """A path without a line in calls/ fails here, so nobody adds one without saying who may."""
        known = {(method, shape(path.partition("?")[0])) for method, path, *_rest in CALLS}
        described = {
            (method.upper(), shape(path.removeprefix("/api")))
            for path, methods in api.get_openapi_schema()["paths"].items()
            for method in methods
        }
        # Imports have their own tests, beside the importing.
        assert {
            each
            for each in described
            if not each[1].startswith(("/imports", "/purchases")) and "attachments" not in each[1]
        } == known

    def test_has_a_summary(self):
        for path, methods in api.get_openapi_schema()["paths"].items():
            for method, operation in methods.items():
                assert operation["summary"], (method, path)
