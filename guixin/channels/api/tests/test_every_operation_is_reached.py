"""Of two routers with one path Django asks only the first, which then refuses the methods of the second: nothing else says so."""

import re
from collections.abc import Iterator
from inspect import getclosurevars

from django.urls import resolve
from ninja.operation import Operation

from guixin.channels.api.urls import api

A_UUID = "00000000-0000-4000-8000-000000000000"


def _operations() -> Iterator[tuple[str, Operation]]:
    """Every operation of every router, with an address that is its own."""
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            address = "/".join(part.strip("/") for part in ("/api", router.prefix, path) if part.strip("/"))
            example = re.sub(r"{[^}]*}", "7", re.sub(r"{uuid[^}]*}", A_UUID, address))
            yield from ((f"/{example}", operation) for operation in view.operations)


def _asked_at(address: str) -> list[Operation]:
    """What stands at an address: the methods Ninja chooses from."""
    view = getclosurevars(resolve(address).func).nonlocals.get("self")
    return view.operations if view else []


def test_every_operation_is_reached_at_its_address():
    operations = list(_operations())
    assert len(operations) > 400

    assert [
        (operation.methods, address)
        for address, operation in operations
        if operation not in _asked_at(address)
    ] == []
