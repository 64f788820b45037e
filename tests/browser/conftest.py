"""What browser tests share: Chromium, a house with the demonstration's firm, and its people signed in."""

from collections.abc import Iterator

import pytest
from django.db import connection
from playwright.sync_api import Browser, expect

from tests.bare_database import server_of
from tests.browser.house import House, house
from tests.browser.visiting import CHROMIUM, PATIENCE, Visitor, chromium

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They share one house and one loop, so bin/test gives them a process of their own."""
    for item in items:
        if "tests/browser/" in item.path.as_posix() and CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def the_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One for the session. A test makes the cases it needs and leaves those of others alone."""
    from tests.browser.pages import furnish

    server = server_of(connection.settings_dict)
    name = f"{connection.settings_dict['NAME']}_browser".replace("test_", "")[-60:]
    with house(server, name, tmp_path_factory.mktemp("house"), is_open=False) as made:
        made.world = furnish(made)  # before a worker could take up half of it
        made.open()
        yield made


@pytest.fixture(scope="session")
def world(the_house: House) -> dict:
    """One of each thing in the house; the numbers and secrets that lead to them."""
    return the_house.world


@pytest.fixture
def visit(browser: Browser, the_house: House) -> Iterator[Visitor]:
    """visit("/queues/mine", as_="顾盼", size="phone"): a page in a fresh profile, signed in as one of the cast."""
    visitor = Visitor(browser, the_house.address)
    yield visitor
    visitor.leave()
