"""The API against its own description, with input nobody would think of (S23): schemathesis, in process.

`GUIXIN_EXAMPLES=200` asks each operation more often and tries the edge of every field; bin/test asks enough to notice: of
the edges, which are sixty an operation, always the same fifth.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from zlib import crc32

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, settings
from pydantic import BaseModel
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from guixin.channels.api.tests import make
from guixin.wsgi import application

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
API = "guixin.channels.api."
EXAMPLES = int(os.environ.get("GUIXIN_EXAMPLES", "4"))
EVERY = 5 if "GUIXIN_EXAMPLES" not in os.environ else 1

described = schemathesis.openapi.from_wsgi("/api/openapi.json", application, headers={"host": "localhost"})
described.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])


@pytest.fixture(scope="module")
def every_scope(django_db_setup, django_db_blocker):
    """An administrator's key with every scope, in a firm that serves: made once, in a transaction around all tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        make.case(departments=[make.quality().pk])
        yield make.program(make.administrator()).headers
        transaction.set_rollback(True)


@pytest.fixture
def key(every_scope, db):
    cache.clear()  # or one key would soon have asked too often
    # As Django's own test client does: a request must not close the connection the test's transaction lives on.
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield every_scope
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@described.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_whatever_is_sent_is_answered_as_described(case, key):
    if case.meta.phase.name == "coverage" and digest(case) % EVERY:
        return
    answer = case.call(headers={"host": "localhost", "authorization": key["authorization"]})
    case.validate_response(answer, checks=CHECKS)


def digest(case: schemathesis.Case) -> int:
    said = (
        case.method,
        case.path,
        case.path_parameters,
        case.query,
        case.headers,
        case.body,
        case.media_type,
    )
    return crc32(repr([dict(part) if isinstance(part, Mapping) else part for part in said]).encode())


def test_every_shape_has_a_name_of_its_own():
    """The description keeps shapes by their names: of two with one name it would show whichever came last."""
    shapes = Counter(
        shape.__name__ for shape in set(_descendants(BaseModel)) if shape.__module__.startswith(API)
    )
    assert [name for name, number in shapes.items() if number > 1] == []


def _descendants(shape: type) -> Iterator[type]:
    for each in shape.__subclasses__():
        yield each
        yield from _descendants(each)
