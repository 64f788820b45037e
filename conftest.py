"""What holds for every test: a database of its own, and no network."""

import os
import socket

import pytest

LOCAL = ("127.", "::1", "localhost")


def pytest_configure() -> None:
    if not os.environ.get("DATABASE_URL"):
        raise pytest.UsageError("Tests need a database: run bin/test, or set DATABASE_URL to a PostgreSQL.")


@pytest.fixture(autouse=True, scope="session")
def no_network():
    """Whatever would leave this machine fails here too, not only where there is no network."""
    connect = socket.socket.connect

    def connect_locally(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(LOCAL):
            raise OSError(f"A test may not use the network, but asked for {address[0]}.")
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_locally)
        yield
