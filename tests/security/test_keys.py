"""S1 for programs: every operation of the API with a key of each scope and of each role, on their own and a foreign
thing, against tests/security/addresses/. What is sent is what the tests of the API send, and is taken back."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from guixin.channels.api.tests.test_every_path import CALLS, shape
from guixin.organisation.models import Scopes
from tests.security.addresses import API, MAY_CHANGE_BY_LOOKING
from tests.security.addresses.roles import ROLES
from tests.security.test_who_is_let_in import NOT_A_REFUSAL, Undo, sides_of
from tests.security.world import World, changed, photo, program, written

pytestmark = pytest.mark.django_db
# What the table of the API's own tests calls the things of a world.
ITS_NAMES = {"number": "case", "held_id": "held", "twin": "customer"}
SENT = {(method, shape(path.partition("?")[0])): body for method, path, body, *_rest in CALLS}
ASKED_WITH = {"/needs/records": "?theme=x", "/kept/promises": "?measure=reply"}  # nothing is answered without


def sent_to(method: str, example: str) -> Any:
    """The body that a program which is let in sends there."""
    return SENT.get((method, shape(example)))


def files(example: str) -> dict[str, Any] | None:
    """The fields of those that take files."""
    if example.endswith(("/attachments", "/files")):
        return {"files": SimpleUploadedFile("照片.jpg", photo())}
    if example == "/imports":
        return {"file": SimpleUploadedFile("客户.csv", "姓名,手机\n".encode()), "mapping": "customers"}
    return None


Asking = Callable[..., tuple[HttpResponse, set[str]]]


@pytest.fixture
def ask(world) -> Asking:
    """ask(key, "POST", "/cases/{case}/notes", "quality"): the answer and the tables it wrote to; all is taken back."""

    def asking(key, method: str, example: str, side: str) -> tuple[HttpResponse, set[str]]:
        cache.clear()
        things = world[side]
        where, before = example.format(**things), written()
        headers = dict(key.headers)
        if (form := files(example)) and method == "POST":
            content, kind = encode_multipart(BOUNDARY, form), MULTIPART_CONTENT
        else:
            content, kind = _filled(sent_to(method, example), world, side, example), "application/json"
            where += ASKED_WITH.get(example, "")
        if method == "DELETE":
            where += "?reason=obsolete"
        if method == "PATCH":
            headers["if-match"] = '"1"'
        try:
            with transaction.atomic():
                answer = key.client.generic(
                    method, f"/api{where}", content, content_type=kind, headers=headers
                )
                tables = changed(before, MAY_CHANGE_BY_LOOKING)
                raise Undo
        except Undo:
            return answer, tables

    return asking


def _filled(body: Any, world: World, side: str, example: str) -> bytes:
    if body is None:
        return b""
    if "{" not in example:  # belongs to neither side, so nothing of a side is named
        return json.dumps(body).encode()
    written_out = json.dumps(body).replace("{other}", str(world[side]["case"]))
    for name, thing in world[side].items():
        written_out = written_out.replace(f"{{{name}}}", str(thing))
    for theirs, ours in ITS_NAMES.items():
        written_out = written_out.replace(f"{{{theirs}}}", str(world[side][ours]))
    return written_out.encode()  # test_foreign_keys has those of others


def wrong(answer: HttpResponse, tables: set[str], refused: int) -> str:
    status = answer.status_code
    if status >= 500:
        return "broke"
    if refused:
        said = "" if status == refused else f"should be {refused}"
        return f"{said} wrote {sorted(tables)}" if tables else said
    return "" if status in NOT_A_REFUSAL else "should be let in"


EVERYTHING = [
    (method, example, side, operation)
    for (method, example), operation in API.items()
    for side in sides_of(example)
]
# For what is decided before a thing is looked for, one side is as good as two.
EVERY_OPERATION = [
    (method, example, sides_of(example)[0], operation) for (method, example), operation in API.items()
]


class TestAKey:
    @pytest.mark.parametrize("scope", Scopes.values)
    def test_of_one_scope_opens_what_that_scope_is_for_and_nothing_else(self, world, ask, scope):
        """Of He, who sees everything and may set everything up, so that the scope alone decides."""
        key, faults = program("he", [scope]), []
        for method, example, side, operation in EVERY_OPERATION:
            refused = 403 if operation.scope not in (None, scope) else operation.acts("he", side)
            if why := wrong(*ask(key, method, example, side), refused):
                faults.append(f"{method} {example} of {side}: {why}")
        assert not faults, "\n".join(faults)

    @pytest.mark.parametrize("role", ROLES)
    def test_of_every_scope_does_no_more_than_its_person_may(self, world, ask, role):
        key, faults = program(role), []
        for method, example, side, operation in EVERYTHING:
            answer, tables = ask(key, method, example, side)
            if why := wrong(answer, tables, operation.acts(role, side)):
                faults.append(f"{method} {example} of {side}: {answer.status_code} {why}")
        assert not faults, "\n".join(faults)

    def test_is_what_everything_but_a_private_link_asks_for(self, world, ask):
        nobody, faults = program("nobody"), []
        for method, example, side, operation in EVERY_OPERATION:
            refused = 401 if operation.scope else operation.acts("nobody", side)
            if why := wrong(*ask(nobody, method, example, side), refused):
                faults.append(f"{method} {example} of {side}: {why}")
        assert not faults, "\n".join(faults)

    @pytest.mark.parametrize("end", ["revoked_at", "expires_at"])
    def test_that_ended_opens_nothing(self, world, ask, end):
        from guixin.organisation.models import ApiKey

        key, faults = program("he"), []
        ApiKey.objects.filter(name="test", person__login="he").update(**{end: "2020-01-01T00:00:00Z"})
        for method, example, side, operation in EVERY_OPERATION:
            if operation.scope and (why := wrong(*ask(key, method, example, side), 401)):
                faults.append(f"{method} {example} of {side}: {why}")
        assert not faults, "\n".join(faults)


class TestTheFile:
    def test_knows_every_scope(self):
        assert {operation.scope for operation in API.values()} - {None} == set(Scopes.values)
