"""A program with a key, calling the API as somebody."""

import json

from django.test import Client

from guixin.organisation.models import ApiKey, Person, Position, Post, Scopes
from guixin.organisation.tests.make import SINCE
from guixin.serve.tests.make import *  # noqa: F403  the firm, its standards, rules and cases
from guixin.serve.tests.make import NOON, firm, front

PROBLEM = "application/problem+json"


def administrator() -> Person:
    """Ma keeps the firm's records in order; her post has the duty of an administrator."""
    firm()
    person, fresh = Person.objects.get_or_create(login="ma", defaults={"name": "马丽"})
    if fresh:
        chair = Position.objects.create(
            department=front(), code="front-admin", title="管理员", rank=1, sees="own",
            duties=["administrator"],
        )  # fmt: skip
        Post.objects.create(person=person, position=chair, since=SINCE)
    return person


class Program:
    """Calls with a key. `api.post("/cases", {...})` answers status and JSON."""

    def __init__(self, person: Person | None, scopes=None):
        self.client = Client(raise_request_exception=False)
        self.headers = {"accept-language": "en"}
        if person:
            _key, text = ApiKey.issue(person, "test", list(scopes or Scopes.values), NOON)
            self.headers |= {"authorization": f"Bearer {text}"}

    def call(self, method: str, path: str, body=None, **headers):
        response = self.client.generic(
            method,
            f"/api{path}",
            body if isinstance(body, bytes) else json.dumps(body) if body is not None else b"",
            content_type="application/json",
            headers=self.headers | {name.replace("_", "-"): value for name, value in headers.items()},
        )
        is_file = response.streaming
        response.said = json.loads(response.content) if not is_file and response.content else None
        return response

    def get(self, path, **headers):
        return self.call("GET", path, **headers)

    def post(self, path, body=None, **headers):
        return self.call("POST", path, {} if body is None else body, **headers)

    def patch(self, path, body, **headers):
        return self.call("PATCH", path, body, **headers)

    def put(self, path, body, **headers):
        return self.call("PUT", path, body, **headers)

    def delete(self, path, **headers):
        return self.call("DELETE", path, **headers)


def program(person: Person | None = None, scopes=None) -> Program:
    return Program(person, scopes)
