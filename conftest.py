"""What holds for every test: a database of its own, and no network."""

import os
import socket

import pytest

LOCAL = ("127.", "::1", "localhost")


def pytest_configure() -> None:
    if not os.environ.get("DATABASE_URL"):
        raise pytest.UsageError("Tests need a database: run bin/test, or set DATABASE_URL to a PostgreSQL.")
    from django.test import override_settings

    # Tests name sentences by their msgid, so they must not depend on whether the .mo files were compiled.
    # Assigning the setting would be too late: django.contrib.auth has asked for a sentence while it was loaded.
    # Files are looked for when one is asked for, not all of them for each test client.
    # A password is hashed a million times over, so that guessing is slow; so would every test with a sign-in be.
    override_settings(
        LANGUAGE_CODE="en",
        WHITENOISE_AUTOREFRESH=True,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ).enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes goes first, so that in the end no core waits for it."""
    items.sort(key=lambda item: item.path.name != "test_public_data.py")


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


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """The brakes and the figures that a process keeps for a while are not those of the test before."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Each process of a run copies one database with every migration, instead of migrating its own."""
    from django.db import connection

    from tests.bare_database import bare_database, server_of

    connection.settings_dict["TEST"]["TEMPLATE"] = bare_database(server_of(connection.settings_dict))


@pytest.fixture
def committed_db(django_db_setup, django_db_blocker):
    """Rows that are really committed and seen from every connection; everything is swept away afterwards.

    For tests marked `two_connections`. The usual flush would be refused by the ledger, which nobody empties.
    """
    from django.db import connection

    # pytest-django makes no test database when no test of the run is marked django_db: this would sweep the real database.
    if not connection.settings_dict["NAME"].startswith("test_"):
        pytest.fail("There is no test database in this run; run another test of the package with this one.")
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            _sweep()


def _sweep() -> None:
    from django.db import connection

    kept = {"django_migrations", "django_content_type", "auth_permission", "organisation_revision"}
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name not in kept]
        cursor.execute("SET session_replication_role = replica")  # silences the guards of the ledger
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
        # … and the triggers that say configuration changed, so that has to be said by hand.
        cursor.execute("UPDATE organisation_revision SET number = nextval('organisation_revision_number')")
        cursor.execute("SET session_replication_role = DEFAULT")
