"""One transaction a request, and one effect a key (docs/developers/decisions/0007).

The first request with a key inserts its record, does its work and stores its answer, all in one transaction.
A second one that arrives meanwhile waits at the unique index until the first has committed (and is given its
answer) or has come to nothing (and does the work itself). No lock to expire, no state "in progress".
"""

import hashlib
import json

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guixin.channels.api import problems
from guixin.channels.api.door import SAFE, caller_of
from guixin.channels.models import IdempotencyRecord

PREFIX = "/api/"
LONGEST_KEY = 255
KEPT_HEADERS = ("Content-Type", "Location", "ETag")

_CLAIM = """
    INSERT INTO channels_idempotencyrecord (caller, key, method, path, body_hash, headers)
    VALUES (%s, %s, %s, %s, %s, '{}') ON CONFLICT (caller, key) DO NOTHING RETURNING id
"""
_KEEP = "UPDATE channels_idempotencyrecord SET status = %s, headers = %s::jsonb, body = %s WHERE id = %s"


class ApiTransactions:
    """Middleware for everything under /api/; it stands last, where the caller is known."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        try:
            response = self.get_response(request) if request.method in SAFE else self._change(request)
        except Exception as why:
            response = problems.of_exception(request, why)
        return problems.dressed(request, response)

    def _change(self, request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            kept = Remembered.of(request)
            if kept is None:
                response = self.get_response(request)
            elif isinstance(kept, HttpResponse):
                return kept
            else:
                response = self.get_response(request)
                if response.streaming:  # a file: made again when it is asked for again
                    kept.forget()
                elif response.status_code < 400:
                    kept.keep(response)
            if response.status_code >= 400:
                transaction.set_rollback(True)  # a refusal leaves nothing, not even its key
        return response


class Remembered:
    """The place where the answer to this request will be kept."""

    def __init__(self, pk: int):
        self.pk = pk

    @classmethod
    def of(cls, request: HttpRequest) -> "Remembered | HttpResponse | None":
        """The place claimed for it, the answer already there (or a refusal), or None without a key."""
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return None
        if not key.strip() or len(key) > LONGEST_KEY or not key.isprintable():
            return problems.problem(
                request, 400, _("An Idempotency-Key has 1 to 255 printable characters."),
                name="idempotency-key",
            )  # fmt: skip
        path, body_hash = request.get_full_path(), hashlib.sha256(request.body).digest()
        asked = [_caller(request), key, request.method, path, body_hash]
        while True:
            with connection.cursor() as cursor:
                cursor.execute(_CLAIM, asked)
                if claimed := cursor.fetchone():
                    return cls(claimed[0])
            record = IdempotencyRecord.objects.filter(caller=asked[0], key=key).first()
            if record is not None:  # else it was pruned between the two statements
                break
        if [record.method, record.path, bytes(record.body_hash)] != asked[2:]:
            return problems.problem(
                request, 422, _("This Idempotency-Key was used for another request; use a new one."),
                name="idempotency-key-reused",
            )  # fmt: skip
        assert record.body is not None  # the claim becomes visible together with its answer
        answer = HttpResponse(bytes(record.body), status=record.status, headers=record.headers)
        answer["Idempotency-Replayed"] = "true"
        return answer

    def forget(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM channels_idempotencyrecord WHERE id = %s", [self.pk])

    def keep(self, response: HttpResponse) -> None:
        headers = {name: response[name] for name in KEPT_HEADERS if name in response}
        with connection.cursor() as cursor:
            cursor.execute(
                _KEEP, [response.status_code, json.dumps(headers), bytes(response.content), self.pk]
            )


def _caller(request: HttpRequest) -> str:
    """Keys of one caller never meet another's. A public address (tracking) is its own caller."""
    caller = caller_of(request)
    if caller:
        return caller.name
    return f"public:{hashlib.sha256(request.path.encode('utf-8', 'surrogatepass')).hexdigest()}"
